use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::{
    ir::{Field, Generation, Item, Operation},
    names,
};

/// Writes the implementation of `PagedRequest` for an operation whose answer comes in pages.
pub(super) fn paged(
    request: &Ident,
    operation: &Operation<'_>,
    generation: &Generation<'_>,
) -> Option<TokenStream> {
    let (last, path) = operation.items.as_deref()?.split_last()?;
    let list = names::ident(last);
    let item = item(operation, generation, path, last)?;
    let steps: Vec<Ident> = path.iter().map(|step| names::ident(step)).collect();
    let (items, into_items) = match steps.as_slice() {
        [] => (quote! { &response.#list }, quote! { response.#list }),
        [first, rest @ ..] => (
            quote! {
                response.#first.as_ref()#(.and_then(|it| it.#rest.as_ref()))*
                    .map_or(&[], |it| &it.#list)
            },
            quote! {
                response.#first #(.and_then(|it| it.#rest))*.map_or_else(Vec::new, |it| it.#list)
            },
        ),
    };
    let waives = operation.constructors.iter().any(|it| !it.waives.is_empty());
    let waived = waives.then(|| quote! { , waived: &[] });
    Some(quote! {
        impl PagedRequest for #request {
            type Item = #item;

            fn from_parameters(parameters: Parameters) -> Self {
                Self { parameters #waived }
            }

            fn items(response: &Self::Response) -> &[Self::Item] {
                #items
            }

            fn into_items(response: Self::Response) -> Vec<Self::Item> {
                #into_items
            }
        }
    })
}

/// Finds what the list at the end of a path of fields holds; a path is checked before.
fn item(
    operation: &Operation<'_>,
    generation: &Generation<'_>,
    path: &[String],
    list: &str,
) -> Option<Ident> {
    let find = |fields: &[Field<'_>], name: &str| {
        fields.iter().find(|it| it.name == name).map(|it| it.shape.item.clone())
    };
    let mut fields = operation.fields.as_slice();
    for step in path {
        let Item::Generated(name) = find(fields, step)? else { return None };
        fields = &generation.objects.iter().find(|it| *it.spec.name == name)?.fields;
    }
    Some(match find(fields, list)? {
        Item::Builtin(name) | Item::Core(name) => names::ident(name),
        Item::Generated(name) => names::ident(&name),
    })
}
