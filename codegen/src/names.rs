//! Rust names of wire names.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, Span};

/// Returns the name of a field, method or argument, not yet safe from keywords.
pub(crate) fn snake(wire: &str) -> String {
    let snake = wire.to_snake_case();
    if snake.is_empty() || snake.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("n{snake}");
    }
    snake
}

/// Returns what serde makes of the name of a field by `rename_all = "PascalCase"`.
pub(crate) fn pascal(field: &str) -> String {
    let capitalised = |word: &str| {
        let mut characters = word.chars();
        let first = characters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(characters).collect::<String>()
    };
    ident(field).to_string().trim_start_matches("r#").split('_').map(capitalised).collect()
}

/// Returns the name of a constant.
pub(crate) fn shouty(wire: &str) -> String {
    wire.to_shouty_snake_case()
}

/// Returns the name of a variant for a wire value such as `Console.BadRequest`.
pub(crate) fn variant(wire: &str) -> String {
    let name = wire.to_upper_camel_case();
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("N{name}") } else { name }
}

/// Returns the module of a generation: its year, such as `v2018` of `2018-01-20`.
pub(crate) fn module(version: &str) -> String {
    let year = version.split('-').next().unwrap_or(version);
    format!("v{}", snake(year).trim_start_matches('n'))
}

/// Returns the type that calls the operations of a module, such as `V2018` of `v2018`.
pub(crate) fn handle(module: &str) -> String {
    module.to_upper_camel_case()
}

/// Creates an identifier, raw or with an underscore where the name is a keyword.
pub(crate) fn ident(name: &str) -> Ident {
    match name {
        // These cannot be raw.
        "self" | "Self" | "super" | "crate" | "_" => {
            Ident::new(&format!("{name}_"), Span::call_site())
        }
        name if syn::parse_str::<Ident>(name).is_ok() => Ident::new(name, Span::call_site()),
        name if is_identifier(name) => Ident::new_raw(name, Span::call_site()),
        // The checks refuse such names; what reaches this line only has to be an identifier.
        name => {
            let safe: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            Ident::new(&format!("_{safe}"), Span::call_site())
        }
    }
}

/// Names the variant of core that is called like one of the specification.
pub(crate) fn of_variant(variant: impl std::fmt::Debug) -> Ident {
    ident(&format!("{variant:?}"))
}

/// Returns whether a name is an identifier, be it a keyword.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    let first = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    first && name != "_" && characters.all(|next| next.is_ascii_alphanumeric() || next == '_')
}

/// Returns whether a name is written like a type, such as `PicInfo`.
pub(crate) fn is_type_name(name: &str) -> bool {
    let capital = name.starts_with(|first: char| first.is_ascii_uppercase());
    capital && name.chars().all(|next| next.is_ascii_alphanumeric())
}

/// Returns whether a name is written like a constant, such as `CN_HANGZHOU`.
pub(crate) fn is_constant_name(name: &str) -> bool {
    let capital = name.starts_with(|first: char| first.is_ascii_uppercase());
    capital && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_where_a_reader_would() {
        for (wire, expected) in [
            ("InstanceName", "instance_name"),
            ("IntAttr2", "int_attr2"),
            ("OSSUrl", "oss_url"),
            ("UtcCreate", "utc_create"),
            ("URL", "url"),
            ("3D", "n3d"),
            ("", "n"),
        ] {
            assert_eq!(snake(wire), expected, "{wire}");
        }
        for (wire, expected) in
            [("Console.BadRequest", "ConsoleBadRequest"), ("403", "N403"), ("a-b", "AB")]
        {
            assert_eq!(variant(wire), expected, "{wire}");
        }
    }

    #[test]
    fn fields_are_renamed_as_serde_does() {
        for (field, expected) in [
            ("request_id", "RequestId"),
            ("int_attr2", "IntAttr2"),
            ("type", "Type"),
            ("self", "Self"),
            ("n3d", "N3d"),
            ("a__b_", "AB"),
        ] {
            assert_eq!(pascal(field), expected, "{field}");
        }
    }

    #[test]
    fn keywords_become_identifiers() {
        for (name, expected) in [
            ("type", "r#type"),
            ("async", "r#async"),
            ("self", "self_"),
            ("Self", "Self_"),
            ("crate", "crate_"),
            ("num", "num"),
            ("not a name", "_notaname"),
        ] {
            assert_eq!(ident(name).to_string(), expected, "{name}");
        }
    }
}
