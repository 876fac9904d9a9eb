use quote::quote;

use super::{CORE, Rendered};
use crate::{
    ir::{Api, Generation},
    names,
};

/// Writes the root of the core crate's generated modules.
pub(super) fn root(api: &Api<'_>) -> Rendered {
    let older = api.generations.iter().filter_map(|it| it.module.as_ref());
    let older = older.map(|it| names::ident(it));
    let mut generations: Vec<&Generation<'_>> = api.generations.iter().collect();
    generations.sort_by_key(|it| it.version);
    let operations = generations.iter().flat_map(|generation| {
        let module = generation.module.as_ref().map(|it| names::ident(it));
        let module = module.map(|it| quote!(#it::));
        generation.operations.iter().map(move |operation| {
            let constant = names::ident(&operation.constant);
            quote! { &#module operations::#constant }
        })
    });
    Rendered {
        path: format!("{CORE}.rs"),
        origin: "*/operations".to_owned(),
        summary: "What the specification says, as data and signatures.".to_owned(),
        tokens: quote! {
            pub(crate) mod categories;
            pub(crate) mod error_code;
            pub(crate) mod filter_fields;
            pub(crate) mod image_limits;
            pub(crate) mod operations;
            pub(crate) mod regions;
            pub(crate) mod service;
            pub(crate) mod spellings;
            pub(crate) mod types;
            #(pub mod #older;)*

            pub use categories::CATEGORIES;
            pub use error_code::{ERRORS, ErrorCode};
            pub use operations::*;
            pub use regions::REGIONS;
            pub use types::*;

            use crate::operation::Operation;

            #[doc = " Every operation of every version, by version and name."]
            pub static OPERATIONS: &[&Operation] = &[#(#operations),*];
        },
    }
}

/// Writes the module of an older generation.
pub(super) fn generation(generation: &Generation<'_>, folder: &str) -> Rendered {
    Rendered {
        path: format!("{folder}.rs"),
        origin: generation.version.to_owned(),
        summary: format!("The version {} of the API.", generation.version),
        tokens: quote! {
            pub(crate) mod operations;
            pub(crate) mod types;

            pub use operations::*;
            pub use types::*;
        },
    }
}

/// Writes the module that gathers the operations of a generation.
pub(super) fn operations(generation: &Generation<'_>, folder: &str) -> Rendered {
    let modules = generation.operations.iter().map(|it| names::ident(&it.snake));
    let exports = generation.operations.iter().map(|operation| {
        let module = names::ident(&operation.snake);
        let request = names::ident(&format!("{}Request", *operation.spec.name));
        let response = names::ident(&format!("{}Response", *operation.spec.name));
        let constant = names::ident(&operation.constant);
        quote! { pub use #module::{#constant, #request, #response}; }
    });
    Rendered {
        path: format!("{folder}/operations.rs"),
        origin: format!("{}/operations", generation.version),
        summary: format!("The operations of {}.", generation.version),
        tokens: quote! { #(mod #modules;)* #(#exports)* },
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
