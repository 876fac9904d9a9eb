use quote::quote;

use super::{Rendered, docs::Docs};
use crate::{ir::Api, names};

/// Writes the methods of a client, one for each operation of the newest generation.
pub(super) fn instance(api: &Api<'_>, source: &str) -> Rendered {
    let operations = || api.generations.first().into_iter().flat_map(|it| &it.operations);
    let requests = operations().map(|it| names::ident(&format!("{}Request", *it.spec.name)));
    let methods = operations().map(|operation| {
        let method = names::ident(&operation.snake);
        let request = names::ident(&format!("{}Request", *operation.spec.name));
        let docs = Docs::summary(&operation.spec.summary).render();
        quote! {
            #docs
            pub fn #method(&self, request: #request) -> Call<#request> {
                self.call(request)
            }
        }
    });
    let version = api.generations.first().map(|it| it.version).unwrap_or_default();
    Rendered {
        path: format!("{source}/generated/instance.rs"),
        origin: format!("{version}/operations"),
        summary: "One method for each operation.".to_owned(),
        tokens: quote! {
            use imagesearch_core::{#(#requests),*};

            use crate::{Call, Instance};

            impl Instance { #(#methods)* }
        },
    }
}
