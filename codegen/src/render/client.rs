use proc_macro2::TokenStream;
use quote::quote;

use super::{Rendered, docs::Docs};
use crate::{
    ir::{Api, Generation, Operation},
    names,
};

/// Writes the methods of a client, one for each operation of the newest generation.
pub(super) fn instance(api: &Api<'_>, source: &str) -> Rendered {
    let operations = || api.generations.first().into_iter().flat_map(|it| &it.operations);
    let requests = operations().map(|it| names::ident(&format!("{}Request", *it.spec.name)));
    let methods = operations().map(|operation| method(operation, &quote!(self)));
    let version = api.generations.first().map(|it| it.version).unwrap_or_default();
    Rendered {
        path: format!("{source}/generated/instance.rs"),
        origin: format!("{version}/operations"),
        summary: "One method for each operation.".to_owned(),
        tokens: quote! {
            use imagesearch_core::requests::{#(#requests),*};

            use crate::{Call, Instance};

            impl Instance { #(#methods)* }
        },
    }
}

/// Writes the handle of an older generation, with one method for each of its operations.
pub(super) fn generation(generation: &Generation<'_>, source: &str) -> Option<Rendered> {
    let (version, module) = (generation.version, generation.module.as_ref()?);
    let (method_name, handle) = (names::ident(module), names::ident(&names::handle(module)));
    let operations = || generation.operations.iter();
    let requests = operations().map(|it| names::ident(&format!("{}Request", *it.spec.name)));
    let methods = operations().map(|operation| method(operation, &quote!(self.0)));
    let docs = Docs::summary(&format!("Calls the operations of version {version}."))
        .description(Some(&format!("[`Instance::{module}`](Instance::{module}) makes it.")))
        .render();
    let maker = Docs::summary(&format!("Gives access to the operations of version {version}."))
        .paragraph("They are for instances and data that the newest version does not reach.")
        .render();
    Some(Rendered {
        path: format!("{source}/generated/{module}.rs"),
        origin: format!("{version}/operations"),
        summary: format!("One method for each operation of {version}."),
        tokens: quote! {
            use imagesearch_core::#method_name::{#(#requests),*};

            use crate::{Call, Instance};

            #docs
            #[derive(Clone, Copy, Debug)]
            pub struct #handle<'a>(&'a Instance);

            impl #handle<'_> { #(#methods)* }

            impl Instance {
                #maker
                pub fn #method_name(&self) -> #handle<'_> {
                    #handle(self)
                }
            }
        },
    })
}

fn method(operation: &Operation<'_>, instance: &TokenStream) -> TokenStream {
    let method = names::ident(&operation.snake);
    let request = names::ident(&format!("{}Request", *operation.spec.name));
    let docs = Docs::summary(&operation.spec.summary).render();
    quote! {
        #docs
        pub fn #method(&self, request: #request) -> Call<#request> {
            #instance.call(request)
        }
    }
}
