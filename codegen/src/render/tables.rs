use std::collections::BTreeSet;

use heck::ToUpperCamelCase;
use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::{CORE, Rendered, docs::Docs};
use crate::{
    ir::Api,
    names,
    spec::{At, FilterKind},
};

/// Writes the hosts and the product of the newest generation.
pub(super) fn service(api: &Api<'_>) -> Rendered {
    let generation = api.generations.first();
    let constants = generation.map(|generation| {
        let service = generation.service;
        let (product, prefix) = (service.product.as_str(), service.host_prefix.as_str());
        let open_platform = service.open_platform_host.as_ref().map(|host| {
            quote! {
                #[doc = " The host that authorises uploads."]
                pub(crate) const OPEN_PLATFORM_HOST: &str = #host;
            }
        });
        quote! {
            #[doc = " The product, as the service that authorises uploads knows it."]
            pub(crate) const PRODUCT: &str = #product;

            #[doc = " The first label of the hosts of the regions."]
            pub(crate) const HOST_PREFIX: &str = #prefix;

            #open_platform
        }
    });
    Rendered {
        path: format!("{CORE}/service.rs"),
        origin: format!("{}/service.yaml", generation.map(|it| it.version).unwrap_or_default()),
        summary: "The product and its hosts.".to_owned(),
        tokens: quote! { #constants },
    }
}

/// Writes the names of fields that have several.
pub(super) fn spellings(api: &Api<'_>) -> Rendered {
    let objects = api.generations.iter().flat_map(|it| &it.objects).map(|it| &it.fields);
    let answers = api.generations.iter().flat_map(|it| &it.operations).map(|it| &it.fields);
    let fields = objects.chain(answers).flatten().map(|it| it.spec);
    let spellings: BTreeSet<BTreeSet<&str>> = fields
        .filter(|field| !field.wire_aliases.is_empty())
        .map(|field| field.wire_names().map(|name| name.as_str()).collect())
        .collect();
    let rows = spellings.iter().map(|names| {
        let names = names.iter();
        quote! { &[#(#names),*] }
    });
    Rendered {
        path: format!("{CORE}/spellings.rs"),
        origin: "*/types.yaml and */operations".to_owned(),
        summary: "The names of fields that have several.".to_owned(),
        tokens: quote! {
            #[doc = " The names of each field that answers spell in several ways."]
            pub(crate) const SPELLINGS: &[&[&str]] = &[#(#rows),*];
        },
    }
}

/// Writes the parameters whose values may be printed: no operation calls them sensitive.
pub(super) fn printable(api: &Api<'_>) -> Rendered {
    let operations = || api.generations.iter().flat_map(|it| &it.operations);
    let parameters = || operations().flat_map(|it| &it.spec.parameters);
    let named = |sensitive: bool| -> BTreeSet<&str> {
        let parameters = parameters().filter(|it| it.sensitive == sensitive);
        parameters.map(|it| it.name.as_str()).collect()
    };
    let (sensitive, others) = (named(true), named(false));
    let names = others.difference(&sensitive);
    Rendered {
        path: format!("{CORE}/printable.rs"),
        origin: "*/operations".to_owned(),
        summary: "The parameters whose values may be printed.".to_owned(),
        tokens: quote! {
            #[doc = " The parameters that no operation calls sensitive."]
            pub(crate) const PRINTABLE: &[&str] = &[#(#names),*];
        },
    }
}

/// Writes the regions: a constant for each, and a table with their hosts.
pub(super) fn regions(api: &Api<'_>) -> Rendered {
    let regions = || api.spec.regions.iter().flat_map(|document| &document.content.regions);
    let constants = regions().map(|region| {
        let (constant, id) = (names::ident(&region.constant), region.id.as_str());
        let docs = Docs::summary(&format!("Is `{id}`, {}.", region.name));
        let docs = docs.uncertain(region.uncertain.as_deref()).render();
        quote! { #docs pub const #constant: Self = Self::from_static(#id); }
    });
    let rows = regions().map(|region| {
        let (id, name) = (region.id.as_str(), &region.name);
        let (public, vpc) = (region.public_host.as_str(), region.vpc_host.as_str());
        let (bucket, host) = (optional(&region.upload_bucket), optional(&region.upload_host));
        quote! {
            RegionDescription {
                id: #id, name: #name, public_host: #public, vpc_host: #vpc,
                upload_bucket: #bucket, upload_host: #host,
            }
        }
    });
    Rendered {
        path: format!("{CORE}/regions.rs"),
        origin: "regions.yaml".to_owned(),
        summary: "The regions of the service.".to_owned(),
        tokens: quote! {
            use crate::region_table::RegionDescription;
            use crate::values::Region;

            impl Region { #(#constants)* }

            #[doc = " The regions with their hosts, in the order of the documentation."]
            pub static REGIONS: &[RegionDescription] = &[#(#rows),*];
        },
    }
}

/// Writes the categories: a constant for each, and a table with their names.
pub(super) fn categories(api: &Api<'_>) -> Rendered {
    let categories =
        || api.spec.categories.iter().flat_map(|document| &document.content.categories);
    let constants = categories().map(|category| {
        let constant = names::ident(&category.constant);
        let id = Literal::i32_unsuffixed(*category.id);
        let docs = Docs::summary(&format!("Is {id}, {}.", category.name));
        let docs = docs.uncertain(category.uncertain.as_deref()).render();
        quote! { #docs pub const #constant: Self = Self::new(#id); }
    });
    let rows = categories().map(|category| {
        let (id, name) = (Literal::i32_unsuffixed(*category.id), &category.name);
        quote! { (#id, #name) }
    });
    Rendered {
        path: format!("{CORE}/categories.rs"),
        origin: "categories.yaml".to_owned(),
        summary: "The categories of the product service.".to_owned(),
        tokens: quote! {
            use crate::values::CategoryId;

            impl CategoryId { #(#constants)* }

            #[doc = " The categories with their names."]
            pub static CATEGORIES: &[(i32, &str)] = &[#(#rows),*];
        },
    }
}

/// Writes what a picture may be, by service type.
pub(super) fn image_limits(api: &Api<'_>) -> Rendered {
    let limits = api.spec.image_limits.as_ref().map(|document| {
        let limits = &document.content;
        let max_bytes = Literal::u32_unsuffixed(*limits.max_bytes.value);
        let formats =
            limits.formats.values.iter().map(|format| names::ident(&format.to_upper_camel_case()));
        let sides = |min: &At<u32>, max: &At<u32>| {
            let (min, max) = (Literal::u32_unsuffixed(**min), Literal::u32_unsuffixed(**max));
            quote! { min_side: #min, max_side: #max }
        };
        let default = sides(&limits.default.min_side, &limits.default.max_side);
        let rows = api.service_types.iter().map(|(number, row)| {
            let number = Literal::i64_unsuffixed(*number);
            let sides = sides(&row.min_side, &row.max_side);
            quote! { (#number, ImageLimits { #sides, ..DEFAULT }) }
        });
        quote! {
            #[doc = " What a picture may be as long as the service type is not known."]
            pub(crate) const DEFAULT: ImageLimits = ImageLimits {
                max_bytes: #max_bytes,
                #default,
                formats: &[#(ImageFormat::#formats),*],
            };

            #[doc = " What a picture may be, by the number of the service type."]
            pub(crate) static BY_SERVICE_TYPE: &[(i32, ImageLimits)] = &[#(#rows),*];
        }
    });
    Rendered {
        path: format!("{CORE}/image_limits.rs"),
        origin: "image-limits.yaml".to_owned(),
        summary: "What a picture may be.".to_owned(),
        tokens: quote! {
            use crate::image::{ImageFormat, ImageLimits};

            #limits
        },
    }
}

/// Writes the fields of the filter language: a function for each, and the table behind them.
pub(super) fn filter_fields(api: &Api<'_>) -> Rendered {
    let filters = api.spec.versions.iter().rev().find_map(|version| version.filter.as_ref());
    let fields: Vec<_> = filters.iter().flat_map(|document| &document.content.fields).collect();
    let descriptions: Vec<TokenStream> = fields
        .iter()
        .map(|field| {
            let constant = names::ident(&names::shouty(&field.name));
            let (name, camel, parameter) =
                (field.name.as_str(), field.camel_name.as_str(), field.parameter.as_str());
            let kind = names::of_variant(field.kind);
            quote! {
                const #constant: FieldDescription = FieldDescription {
                    name: #name, camel_name: #camel, parameter: #parameter, kind: FieldKind::#kind,
                };
            }
        })
        .collect();
    let constants = fields.iter().map(|field| names::ident(&names::shouty(&field.name)));
    let functions = fields.iter().map(|field| {
        let function = names::ident(&names::snake(&field.name));
        let constant = names::ident(&names::shouty(&field.name));
        let kind = match field.kind {
            FilterKind::Integer => format_ident!("IntegerField"),
            FilterKind::String => format_ident!("StringField"),
        };
        let docs = Docs::summary(&format!(
            "Names `{}`, the parameter `{}`.",
            *field.name, *field.parameter
        ))
        .uncertain(field.uncertain.as_deref())
        .render();
        quote! { #docs pub const fn #function() -> #kind { #kind::new(&#constant) } }
    });
    let kinds: Vec<_> =
        [(FilterKind::Integer, "IntegerField"), (FilterKind::String, "StringField")]
            .into_iter()
            .filter(|(kind, _)| fields.iter().any(|field| field.kind == *kind))
            .map(|(_, name)| names::ident(name))
            .collect();
    Rendered {
        path: format!("{CORE}/filter_fields.rs"),
        origin: "*/filter.yaml".to_owned(),
        summary: "The fields of the filter language.".to_owned(),
        tokens: quote! {
            use crate::filter::{FieldDescription, FieldKind, #(#kinds),*};

            #[doc = " The fields that a filter may name."]
            pub static FIELDS: &[FieldDescription] = &[#(#constants),*];

            #(#descriptions)*
            #(#functions)*
        },
    }
}

fn optional(text: &Option<At<String>>) -> TokenStream {
    match text.as_deref() {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
