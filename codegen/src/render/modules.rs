use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{CORE, Rendered};
use crate::{
    ir::{Api, Generation, Operation},
    names,
};

/// Writes the root of the core crate's generated modules.
pub(super) fn root(api: &Api<'_>) -> Rendered {
    let older = api.generations.iter().filter_map(|it| it.module.as_ref());
    let older = older.map(|it| names::ident(it));
    Rendered {
        path: format!("{CORE}.rs"),
        origin: "*/operations".to_owned(),
        summary: "What the specification says, as data and signatures.".to_owned(),
        tokens: quote! {
            pub(crate) mod answers;
            pub(crate) mod categories;
            pub(crate) mod descriptions;
            pub(crate) mod error_code;
            pub(crate) mod examples;
            pub(crate) mod filter_fields;
            pub(crate) mod image_limits;
            pub(crate) mod operations;
            pub(crate) mod printable;
            pub(crate) mod regions;
            pub(crate) mod requests;
            pub(crate) mod service;
            pub(crate) mod spellings;
            pub(crate) mod types;
            #(pub(crate) mod #older;)*
        },
    }
}

/// Writes the lists that the pages of the core crate consist of: requests, answers, descriptions.
pub(super) fn lists(api: &Api<'_>) -> Vec<Rendered> {
    let newest = api.generations.iter().filter(|it| it.module.is_none());
    let newest: Vec<&Generation<'_>> = newest.collect();
    let requests = newest.iter().map(|it| export(&quote!(super::operations), requests(it)));
    let answers = newest.iter().flat_map(|it| {
        [
            export(&quote!(super::operations), responses(it)),
            export(&quote!(super::types), types(it)),
        ]
    });
    let list = |name: &str, summary: &str, tokens: TokenStream| Rendered {
        path: format!("{CORE}/{name}.rs"),
        origin: "*/operations".to_owned(),
        summary: summary.to_owned(),
        tokens,
    };
    vec![
        list("requests", "The requests of the newest version.", quote! { #(#requests)* }),
        list("answers", "The answers of the newest version.", quote! { #(#answers)* }),
        list("descriptions", "The descriptions of all operations.", descriptions(api)),
        list("examples", "The worked examples of all operations.", examples(api)),
    ]
}

fn descriptions(api: &Api<'_>) -> TokenStream {
    let mut generations: Vec<&Generation<'_>> = api.generations.iter().collect();
    generations.sort_by_key(|it| it.version);
    let operations = generations.iter().flat_map(|generation| {
        let module = generation.module.as_ref().map(|it| names::ident(it));
        let module = module.map(|it| quote!(#it::));
        constants(generation).into_iter().map(move |constant| quote! { &#module #constant })
    });
    let exports = generations.iter().map(|generation| match &generation.module {
        None => export(&quote!(super::operations), constants(generation)),
        Some(module) => {
            let docs = format!(" Describes the operations of version {}.", generation.version);
            let module = names::ident(module);
            let path = quote!(crate::generated::#module::operations);
            let constants = export(&path, constants(generation));
            quote! { #[doc = #docs] pub mod #module { #constants } }
        }
    });
    quote! {
        use crate::operation::Operation;

        #[doc = " Every operation of every version, by version and name."]
        pub static OPERATIONS: &[&Operation] = &[#(#operations),*];

        #(#exports)*
    }
}

/// Writes the examples as a table that a linker drops where nothing shows one.
fn examples(api: &Api<'_>) -> TokenStream {
    let mut generations: Vec<&Generation<'_>> = api.generations.iter().collect();
    generations.sort_by_key(|it| it.version);
    let examples = generations.iter().flat_map(|generation| {
        let module = generation.module.iter().map(|it| names::ident(it));
        let path = quote!(super::#(#module::)*operations);
        generation.operations.iter().map(move |operation| {
            let (constant, example) = (constant(operation), example(operation));
            quote! { (&#path::#constant, &#path::#example) }
        })
    });
    quote! {
        use crate::operation::{Example, Operation};

        #[doc = " The worked example of every operation."]
        pub(crate) static EXAMPLES: &[(&Operation, &Example)] = &[#(#examples),*];
    }
}

/// Writes the module of an older generation.
pub(super) fn generation(generation: &Generation<'_>, folder: &str) -> Rendered {
    let operations = requests(generation).into_iter().chain(responses(generation));
    let operations = export(&quote!(operations), operations);
    let types = export(&quote!(types), types(generation));
    Rendered {
        path: format!("{folder}.rs"),
        origin: generation.version.to_owned(),
        summary: format!("The requests and answers of version {}.", generation.version),
        tokens: quote! {
            pub(crate) mod operations;
            pub(crate) mod types;

            #operations
            #types
        },
    }
}

/// Writes the module that gathers the operations of a generation.
pub(super) fn operations(generation: &Generation<'_>, folder: &str) -> Rendered {
    let modules = generation.operations.iter().map(|it| names::ident(&it.snake));
    let exports = generation.operations.iter().map(|operation| {
        let module = names::ident(&operation.snake);
        let (constant, request, response) =
            (constant(operation), request(operation), response(operation));
        let example = example(operation);
        quote! {
            pub use #module::{#constant, #request, #response};
            pub(crate) use #module::#example;
        }
    });
    Rendered {
        path: format!("{folder}/operations.rs"),
        origin: format!("{}/operations", generation.version),
        summary: format!("The operations of {}.", generation.version),
        tokens: quote! { #(mod #modules;)* #(#exports)* },
    }
}

fn constant(operation: &Operation<'_>) -> Ident {
    names::ident(&operation.constant)
}

fn example(operation: &Operation<'_>) -> Ident {
    names::ident(&operation.example_constant())
}

fn request(operation: &Operation<'_>) -> Ident {
    names::ident(&format!("{}Request", *operation.spec.name))
}

fn response(operation: &Operation<'_>) -> Ident {
    names::ident(&format!("{}Response", *operation.spec.name))
}

fn constants(generation: &Generation<'_>) -> Vec<Ident> {
    generation.operations.iter().map(constant).collect()
}

fn requests(generation: &Generation<'_>) -> Vec<Ident> {
    generation.operations.iter().map(request).collect()
}

fn responses(generation: &Generation<'_>) -> Vec<Ident> {
    generation.operations.iter().map(response).collect()
}

fn types(generation: &Generation<'_>) -> Vec<Ident> {
    let enums = generation.enums.iter().map(|it| names::ident(&it.name));
    let objects = generation.objects.iter().map(|it| names::ident(&it.spec.name));
    enums.chain(objects).collect()
}

/// Exports names of a module; nothing where there are none.
fn export(path: &TokenStream, names: impl IntoIterator<Item = Ident>) -> TokenStream {
    let names: BTreeSet<Ident> = names.into_iter().collect();
    let names = names.iter();
    match names.len() {
        0 => TokenStream::new(),
        1 => quote! { pub use #path::#(#names)*; },
        _ => quote! { pub use #path::{#(#names),*}; },
    }
}

/// Writes the root of a client's generated modules.
pub(super) fn client(api: &Api<'_>, source: &str) -> Rendered {
    let older: Vec<_> = api.generations.iter().filter_map(|it| it.module.as_deref()).collect();
    let modules = older.iter().map(|it| names::ident(it));
    let exports = older.iter().map(|it| {
        let (module, handle) = (names::ident(it), names::ident(&names::handle(it)));
        quote! { pub use #module::#handle; }
    });
    Rendered {
        path: format!("{source}/generated.rs"),
        origin: "*/operations".to_owned(),
        summary: "The methods of the client.".to_owned(),
        tokens: quote! { mod instance; #(mod #modules;)* #(#exports)* },
    }
}
