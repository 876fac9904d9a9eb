use proc_macro2::TokenStream;
use quote::quote;

use super::docs::Docs;
use crate::{
    ir::{Field, Item, Operation},
    names,
};

/// Writes the answer of an operation.
pub(super) fn response(operation: &Operation<'_>) -> TokenStream {
    let wire = &*operation.spec.name;
    let docs = Docs::summary(&format!("The answer of `{wire}`.")).render();
    structure(&format!("{wire}Response"), &docs, &operation.fields)
}

/// Writes a struct whose fields the decoder tolerates in any shape.
///
/// Names and absence are settled once for the whole struct, so that a field says only how it is read.
pub(super) fn structure(name: &str, docs: &TokenStream, fields: &[Field<'_>]) -> TokenStream {
    let name = names::ident(name);
    let fields = fields.iter().map(field);
    quote! {
        #docs
        #[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
        #[serde(rename_all = "PascalCase", default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }
    }
}

fn field(field: &Field<'_>) -> TokenStream {
    let spec = field.spec;
    let mut docs = Docs::summary(&spec.summary).description(spec.description.as_deref());
    if let Some(deprecated) = &spec.deprecated {
        docs = docs.paragraph(&format!("Deprecated: {deprecated}"));
    }
    if let Some(since) = &spec.since {
        docs = docs.paragraph(&format!("Since {since}."));
    }
    let docs = docs.uncertain(spec.uncertain.as_deref()).render();
    let wire = spec.name.as_str();
    let rename = (names::pascal(&field.name) != wire).then(|| quote! { rename = #wire, });
    let aliases = spec.wire_aliases.iter().map(|alias| {
        let alias = alias.as_str();
        quote! { alias = #alias, }
    });
    let reader = format!("tolerant::{}", field.shape.reader);
    let writer = field.shape.as_string.then(|| quote! { serialize_with = "tolerant::as_string", });
    let item = match &field.shape.item {
        Item::Builtin(name) | Item::Core(name) => names::ident(name),
        Item::Generated(name) => names::ident(name),
    };
    let (kind, absent) = match field.shape.list {
        true => (quote!(Vec<#item>), "Vec::is_empty"),
        false => (quote!(Option<#item>), "Option::is_none"),
    };
    let name = names::ident(&field.name);
    quote! {
        #docs
        #[serde(
            #rename #(#aliases)* deserialize_with = #reader, #writer skip_serializing_if = #absent
        )]
        pub #name: #kind,
    }
}
