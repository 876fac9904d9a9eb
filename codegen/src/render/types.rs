use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{Rendered, docs::Docs, imports, response::structure};
use crate::{
    ir::Generation,
    names,
    spec::{Enumeration, Representation, Scalar},
};

/// Writes the objects and enumerations of a generation.
pub(super) fn types(generation: &Generation<'_>, folder: &str) -> Rendered {
    let enums = generation.enums.iter().map(|it| enumeration(it));
    let objects = generation.objects.iter().map(|object| {
        let spec = object.spec;
        let docs = Docs::summary(&spec.summary)
            .description(spec.description.as_deref())
            .uncertain(spec.uncertain.as_deref());
        structure(&spec.name, &docs.render(), &object.fields)
    });
    let items = quote! { #(#enums)* #(#objects)* };
    let imports = imports::foreign(&items);
    Rendered {
        path: format!("{folder}/types.rs"),
        origin: format!("{}/types.yaml", generation.version),
        summary: format!("Objects and enumerations of the answers of {}.", generation.version),
        tokens: quote! { #imports #items },
    }
}

fn enumeration(spec: &Enumeration) -> TokenStream {
    let docs = Docs::summary(&spec.summary)
        .description(spec.description.as_deref())
        .uncertain(spec.uncertain.as_deref())
        .render();
    let values = spec.values.iter().map(|value| {
        let wire = match &*value.value {
            Scalar::Integer(number) => Literal::i64_unsuffixed(*number),
            other => Literal::string(&other.to_string()),
        };
        let docs = Docs::summary(&value.summary).uncertain(value.uncertain.as_deref()).render();
        (docs, names::ident(&value.variant), wire)
    });
    open_enum(&spec.name, spec.repr, &docs, values)
}

/// Writes an enumeration that keeps values it does not know.
pub(super) fn open_enum(
    name: &str,
    representation: Representation,
    docs: &TokenStream,
    values: impl Iterator<Item = (TokenStream, proc_macro2::Ident, Literal)>,
) -> TokenStream {
    let name = names::ident(name);
    let (names, variants): (Vec<_>, Vec<_>) = values
        .map(|(docs, variant, wire)| (quote! { (#variant, #wire) }, quote! { #docs #variant, }))
        .unzip();
    let (macro_name, other, copy) = match representation {
        Representation::String => ("string_enum", quote!(String), quote!()),
        Representation::Int32 => ("number_enum", quote!(i32), quote!(Copy,)),
    };
    let macro_name = format_ident!("{macro_name}");
    quote! {
        #docs
        #[derive(Clone, #copy Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #[doc = " A value that this version does not know, unchanged."]
            Other(#other),
        }

        crate::open_enum::#macro_name!(#name, [#(#names),*]);
    }
}
