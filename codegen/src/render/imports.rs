use std::collections::BTreeSet;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::{ir::Generation, names};

/// Every name that generated operations take from hand-written modules, by path.
const NAMES: [(&[&str], &[&str]); 8] = [
    (
        &["crate", "operation"],
        &[
            "Access",
            "Check",
            "Condition",
            "Enforce",
            "Example",
            "ExampleValue",
            "Format",
            "Idempotency",
            "Kind",
            "Limit",
            "Location",
            "Operation",
            "Paging",
            "Parameter",
            "Quota",
            "QuotaGroup",
            "Required",
            "Rule",
            "Style",
        ],
    ),
    (&["crate", "filter"], &["AllowedOperators", "Filter", "Operator"]),
    (&["crate", "parameters"], &["Parameters", "Picture"]),
    (&["crate", "request"], &["PagedRequest", "Request"]),
    (&["crate", "image"], &["Image"]),
    (
        &["crate", "values"],
        &["BoundingBox", "CategoryId", "ScoreThreshold", "SortExprValues", "TaskId", "Timestamp"],
    ),
    (&["http"], &["Method"]),
    (&["serde"], &["Deserialize", "Serialize"]),
];

/// Names that a type of the specification cannot have, since files import or use them.
pub(crate) fn reserved_names() -> impl Iterator<Item = &'static str> {
    /// What the prelude brings and generated code uses.
    const PRELUDE: [&str; 13] = [
        "Option",
        "Some",
        "None",
        "Vec",
        "String",
        "Into",
        "From",
        "Self",
        "Default",
        "Clone",
        "Debug",
        "PartialEq",
        "Region",
    ];
    NAMES.iter().flat_map(|(_, names)| names.iter().copied()).chain(PRELUDE)
}

/// Writes the imports that the items of a file with operations need.
pub(super) fn imports(items: &TokenStream, generation: &Generation<'_>) -> TokenStream {
    let imports = foreign(items);
    let used = identifiers(items);
    let generated = match &generation.module {
        Some(module) => {
            let module = names::ident(module);
            quote! { crate::generated::#module::types }
        }
        None => quote! { crate::generated::types },
    };
    let enums = generation.enums.iter().map(|it| it.name.as_str());
    let objects = generation.objects.iter().map(|it| it.spec.name.as_str());
    let types: BTreeSet<&str> = enums.chain(objects).collect();
    let types = import(&generated, types, &used);
    quote! { #imports #types }
}

/// Writes the imports from hand-written modules and other crates that the items need.
pub(super) fn foreign(items: &TokenStream) -> TokenStream {
    let used = identifiers(items);
    let imports = NAMES.iter().map(|(path, names)| {
        let path = path.iter().map(|part| Ident::new(part, Span::call_site()));
        import(&quote! { #(#path)::* }, names.iter().copied(), &used)
    });
    // The attributes of fields name it in strings.
    let tolerant = used.contains("deserialize_with").then(|| quote! { use crate::tolerant; });
    quote! { #(#imports)* #tolerant }
}

fn import<'a>(
    path: &TokenStream,
    names: impl IntoIterator<Item = &'a str>,
    used: &BTreeSet<String>,
) -> TokenStream {
    let names: Vec<Ident> =
        names.into_iter().filter(|name| used.contains(*name)).map(names::ident).collect();
    match names.as_slice() {
        [] => TokenStream::new(),
        [name] => quote! { use #path::#name; },
        names => quote! { use #path::{#(#names),*}; },
    }
}

fn identifiers(tokens: &TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = vec![tokens.clone()];
    while let Some(tokens) = rest.pop() {
        for token in tokens {
            match token {
                TokenTree::Group(group) => rest.push(group.stream()),
                TokenTree::Ident(ident) => {
                    found.insert(ident.to_string());
                }
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
    found
}
