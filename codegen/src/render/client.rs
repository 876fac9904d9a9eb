use proc_macro2::TokenStream;
use quote::quote;

use super::{
    Rendered,
    call_example::{self, Client},
    docs::{Docs, code},
};
use crate::{
    ir::{Api, Generation, Operation},
    names,
};

/// Writes the methods of a client, one for each operation of the newest generation.
pub(super) fn instance(api: &Api<'_>, client: &Client) -> Rendered {
    let newest = || api.generations.first().into_iter();
    let operations = newest().flat_map(|it| &it.operations);
    let requests = operations.map(|it| names::ident(&format!("{}Request", *it.spec.name)));
    let methods = newest().flat_map(|generation| {
        let operations = generation.operations.iter();
        operations.map(|it| method(it, generation, client, &quote!(self)))
    });
    let version = api.generations.first().map(|it| it.version).unwrap_or_default();
    Rendered {
        path: format!("{}/generated/instance.rs", client.source),
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
pub(super) fn generation(generation: &Generation<'_>, client: &Client) -> Option<Rendered> {
    let (version, module) = (generation.version, generation.module.as_ref()?);
    let (method_name, handle) = (names::ident(module), names::ident(&names::handle(module)));
    let operations = || generation.operations.iter();
    let requests = operations().map(|it| names::ident(&format!("{}Request", *it.spec.name)));
    let methods = operations().map(|it| method(it, generation, client, &quote!(self.0)));
    let docs = Docs::summary(&format!("Calls the operations of version {version}."))
        .description(Some(&format!("[`Instance::{module}`](Instance::{module}) makes it.")))
        .render();
    let maker = Docs::summary(&format!("Gives access to the operations of version {version}."))
        .paragraph("They are for instances and data that the newest version does not reach.")
        .render();
    Some(Rendered {
        path: format!("{}/generated/{module}.rs", client.source),
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

fn method(
    operation: &Operation<'_>,
    generation: &Generation<'_>,
    client: &Client,
    instance: &TokenStream,
) -> TokenStream {
    let method = names::ident(&operation.snake);
    let request = names::ident(&format!("{}Request", *operation.spec.name));
    let docs = Docs::summary(&operation.spec.summary)
        .lines(call_example::of_method(operation, generation, client))
        .paragraph(&format!("Needs the RAM action {}.", code(&operation.spec.ram_action)))
        .render();
    quote! {
        #docs
        pub fn #method(&self, request: #request) -> Call<#request> {
            #instance.call(request)
        }
    }
}
