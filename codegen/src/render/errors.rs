use proc_macro2::Literal;
use quote::quote;

use super::{CORE, Rendered, docs::Docs, types::open_enum};
use crate::{ir::Api, names, spec::Representation};

/// Writes the error codes: an enumeration, and a table with the description of each.
pub(super) fn error_code(api: &Api<'_>) -> Rendered {
    let docs = Docs::summary("The error codes of the service and its gateway.")
        .paragraph(
            "[`description`](Self::description) returns what a code means and what to do about it.",
        )
        .lines(
            [
                "```",
                "# use imagesearch_core::errors::ErrorCode;",
                "let code = ErrorCode::from(\"NotSeenYet\");",
                "assert_eq!(code, ErrorCode::Other(\"NotSeenYet\".to_owned()));",
                "assert!(code.description().is_none());",
                "```",
            ]
            .map(str::to_owned),
        )
        .render();
    let values = api.errors.iter().map(|error| error.spec).map(|error| {
        let docs = Docs::summary(&error.meaning).render();
        let code = error.code.as_str();
        (docs, names::ident(&names::variant(code)), Literal::string(code))
    });
    let enumeration = open_enum("ErrorCode", Representation::String, &docs, values);
    let descriptions = api.errors.iter().map(|error| {
        let spec = error.spec;
        let (code, meaning, advice) = (spec.code.as_str(), &*spec.meaning, &*spec.advice);
        let http = error.http.iter().map(|status| Literal::u16_unsuffixed(*status));
        let messages = &error.messages;
        let retry = names::of_variant(spec.retry);
        quote! {
            ErrorDescription {
                code: #code,
                http: &[#(#http),*],
                messages: &[#(#messages),*],
                meaning: #meaning,
                advice: #advice,
                retry: RetryClass::#retry,
            }
        }
    });
    Rendered {
        path: format!("{CORE}/error_code.rs"),
        origin: "gateway-errors.yaml and */errors.yaml".to_owned(),
        summary: "Error codes with their descriptions.".to_owned(),
        tokens: quote! {
            use crate::error_table::{ErrorDescription, RetryClass};

            #enumeration

            #[doc = " The description of each code, sorted by code."]
            pub static ERRORS: &[ErrorDescription] = &[#(#descriptions),*];
        },
    }
}
