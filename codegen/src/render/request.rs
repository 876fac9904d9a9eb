use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{
    docs::{Docs, cell, code, one_line},
    example, paging,
};
use crate::{
    ir::{Api, Constructor, Generation, Operation, Setter},
    names,
    spec::{self, Enforce, ParameterType, Required, Scalar},
};

/// Writes the request: its parameters, with a function for each way to start and each option.
pub(super) fn request(
    operation: &Operation<'_>,
    generation: &Generation<'_>,
    api: &Api<'_>,
) -> TokenStream {
    let name = names::ident(&format!("{}Request", *operation.spec.name));
    let response = names::ident(&format!("{}Response", *operation.spec.name));
    let constant = names::ident(&operation.constant);
    let docs = documentation(operation, generation, api).render();
    let constructors = operation.constructors.iter().map(constructor);
    let setters = operation.setters.iter().map(setter);
    let bare = |it: &Constructor<'_>| it.name == "new" && it.arguments.is_empty();
    let default = operation.constructors.iter().any(bare).then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let paged = paging::paged(&name, operation, generation);
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name {
            parameters: Parameters,
        }

        impl #name {
            #(#constructors)*
            #(#setters)*
        }

        #default

        impl Request for #name {
            type Response = #response;

            const OPERATION: &'static Operation = &#constant;

            fn parameters(&self) -> &Parameters {
                &self.parameters
            }

            fn into_parameters(self) -> Parameters {
                self.parameters
            }
        }

        #paged
    }
}

fn constructor(constructor: &Constructor<'_>) -> TokenStream {
    let name = names::ident(constructor.name);
    let docs = constructor.arguments.iter().map(|argument| {
        let (name, summary) = (&argument.name, cell(&argument.spec.summary));
        let limits = limits(argument.spec);
        let limits = if limits.is_empty() { limits } else { format!(" Limits: {limits}.") };
        format!("- `{name}`: {summary}{limits}")
    });
    let docs = Docs::summary(constructor.summary).lines(docs).render();
    let arguments = constructor.arguments.iter().map(|argument| {
        let (name, kind) = (names::ident(&argument.name), argument_type(*argument.spec.kind));
        quote! { #name: #kind }
    });
    let mut parameters = quote! { Parameters::new() };
    for argument in &constructor.arguments {
        let (wire, value) = (argument.spec.name.as_str(), argument_value(argument));
        parameters.extend(quote! { .with(#wire, #value) });
    }
    for (wire, value) in &constructor.set {
        let value = match value {
            Scalar::Text(text) => text.to_token_stream(),
            Scalar::Integer(number) => {
                proc_macro2::Literal::i64_unsuffixed(*number).to_token_stream()
            }
            Scalar::Boolean(truth) => truth.to_token_stream(),
        };
        parameters.extend(quote! { .with(#wire, #value) });
    }
    for wire in &constructor.waives {
        parameters.extend(quote! { .waive(#wire) });
    }
    quote! {
        #docs
        pub fn #name(#(#arguments),*) -> Self {
            Self { parameters: #parameters }
        }
    }
}

fn setter(setter: &Setter<'_>) -> TokenStream {
    let spec = setter.spec;
    let wire = spec.name.as_str();
    let name = names::ident(&setter.name);
    let kind = argument_type(*spec.kind);
    // An argument named like a keyword that cannot be raw would differ from its method.
    let value = argument_value(setter);
    let mut notes = Vec::new();
    notes.extend(match &*spec.required {
        Required::When(when) => Some(format!("required: {}", one_line(when))),
        Required::Always | Required::No => None,
    });
    let limits = limits(spec);
    notes.extend((!limits.is_empty()).then(|| format!("limits: {limits}")));
    notes.extend(
        spec.default.as_ref().map(|value| format!("default: {}", code(&value.to_string()))),
    );
    notes.extend(spec.since.as_ref().map(|since| format!("since: {since}")));
    let notes = match notes.join("; ") {
        notes if notes.is_empty() => notes,
        mut notes => {
            notes.replace_range(..1, &notes[..1].to_uppercase());
            format!("{notes}.")
        }
    };
    let docs = Docs::summary(&format!("Sets `{wire}`: {}", lower_first(&one_line(&spec.summary))))
        .description(spec.description.as_deref())
        .paragraph(&notes)
        .uncertain(spec.uncertain.as_deref())
        .render();
    quote! {
        #docs
        #[must_use]
        pub fn #name(mut self, #name: #kind) -> Self {
            self.parameters.set(#wire, #value);
            self
        }
    }
}

fn argument_type(kind: ParameterType) -> TokenStream {
    match kind {
        ParameterType::String => quote!(impl Into<String>),
        ParameterType::Int32 => quote!(i32),
        ParameterType::Int64 => quote!(i64),
        ParameterType::Bool => quote!(bool),
        ParameterType::Filter => quote!(impl Into<Filter>),
        ParameterType::Image | ParameterType::InlineImage => quote!(impl Into<Image>),
        ParameterType::Pictures => quote!(impl IntoIterator<Item = impl Into<Picture>>),
        ParameterType::PictureNames => quote!(impl IntoIterator<Item = impl Into<String>>),
        ParameterType::Category => quote!(impl Into<CategoryId>),
        ParameterType::BoundingBox => quote!(BoundingBox),
        ParameterType::ScoreThreshold => quote!(ScoreThreshold),
        ParameterType::TaskId => quote!(impl Into<TaskId>),
    }
}

fn argument_value(argument: &Setter<'_>) -> TokenStream {
    let name = names::ident(&argument.name);
    match *argument.spec.kind {
        ParameterType::String
        | ParameterType::Filter
        | ParameterType::Image
        | ParameterType::InlineImage
        | ParameterType::Category
        | ParameterType::TaskId => quote!(#name.into()),
        ParameterType::Pictures => {
            quote!(#name.into_iter().map(Into::into).collect::<Vec<Picture>>())
        }
        ParameterType::PictureNames => {
            quote!(#name.into_iter().map(Into::into).collect::<Vec<String>>())
        }
        ParameterType::Int32
        | ParameterType::Int64
        | ParameterType::Bool
        | ParameterType::BoundingBox
        | ParameterType::ScoreThreshold => quote!(#name),
    }
}

fn documentation(operation: &Operation<'_>, generation: &Generation<'_>, api: &Api<'_>) -> Docs {
    let spec = operation.spec;
    let mut docs = Docs::summary(&spec.summary)
        .description(spec.description.as_deref())
        .paragraph(&replacement(spec, api))
        .uncertain(spec.uncertain.as_deref())
        .lines(example::example(operation, generation));
    docs = docs.lines(parameter_table(operation));
    docs = docs.lines(error_table(operation));
    let quota = format!("Rate limit: {}.", one_line(&spec.quota.text).trim_end_matches('.'));
    let since = spec.since.as_ref().map(|since| format!(" Since {since}.")).unwrap_or_default();
    let idempotency = match spec.idempotency.class {
        spec::IdempotencyClass::Idempotent => "A repeated call has no further effect",
        spec::IdempotencyClass::NotIdempotent => "A repeated call may have a second effect",
    };
    let reason = one_line(&spec.idempotency.reason);
    let reason = format!(" {idempotency}: {}.", lower_first(reason.trim_end_matches('.')));
    docs.paragraph(&format!("{quota}{reason}{since}"))
        .uncertain(spec.quota.uncertain.as_deref())
        .lines([format!("[Documentation]({})", &*spec.documentation)])
}

/// Says which operations of the newest generation do the same, where there are some.
fn replacement(spec: &spec::Operation, api: &Api<'_>) -> String {
    let Some(newest) = api.generations.first().filter(|_| !spec.replaced_by.is_empty()) else {
        return String::new();
    };
    let operations: Vec<String> = spec
        .replaced_by
        .iter()
        .map(|name| format!("[`{0}`](crate::{0}Request)", name.as_str()))
        .collect();
    format!("In {}: {}.", newest.version, operations.join(" and "))
}

fn parameter_table(operation: &Operation<'_>) -> Vec<String> {
    let parameters: Vec<&spec::Parameter> =
        operation.spec.parameters.iter().filter(|it| it.scope.is_none()).collect();
    if parameters.is_empty() {
        return Vec::new();
    }
    let mut rows = vec![
        "| parameter | required | limits | default | since |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    rows.extend(parameters.into_iter().map(|it| {
        let required = match &*it.required {
            Required::Always => "yes".to_owned(),
            Required::No => "no".to_owned(),
            Required::When(when) => cell(when),
        };
        let default = it.default.as_ref().map(|value| code(&value.to_string())).unwrap_or_default();
        let since = it.since.as_deref().map(cell).unwrap_or_default();
        let limits = limits(it).replace('|', "\\|");
        format!("| `{}` | {required} | {limits} | {default} | {since} |", it.name.as_str())
    }));
    rows
}

fn error_table(operation: &Operation<'_>) -> Vec<String> {
    const MORE: &str = "[`ErrorCode`](crate::ErrorCode)";
    if operation.errors.is_empty() {
        return Vec::new();
    }
    let mut rows = vec!["| error code | advice |".to_owned(), "|---|---|".to_owned()];
    rows.extend(
        operation
            .errors
            .iter()
            .map(|error| format!("| `{}` | {} |", error.code.as_str(), cell(&error.advice))),
    );
    let all = operation.spec.errors.len();
    if all > operation.errors.len() {
        rows.push(String::new());
        rows.push(format!("These are the most particular of {all} codes; {MORE} describes all."));
    }
    rows
}

/// Writes the limits of a parameter in words, empty if there are none.
fn limits(spec: &spec::Parameter) -> String {
    let limits = spec.limits.iter();
    let mut words = Vec::new();
    let range = |limit: &spec::Limit| limit.enforce == Some(Enforce::Document);
    let bound = |find: fn(&spec::Limit) -> Option<i64>| {
        spec.limits.iter().find_map(|limit| find(limit).map(|value| (value, range(limit))))
    };
    let min = bound(|limit| limit.min.as_deref().copied());
    let max = bound(|limit| limit.max.as_deref().copied());
    let fewest = bound(|limit| limit.min_length.as_deref().map(|it| i64::from(*it)));
    let most = bound(|limit| limit.max_length.as_deref().map(|it| i64::from(*it)));
    for (low, high, unit) in [(min, max, ""), (fewest, most, " characters")] {
        let text = match (low, high) {
            (None, None) => continue,
            (Some((low, _)), None) => format!("at least {low}{unit}"),
            (None, Some((high, _))) => format!("at most {high}{unit}"),
            (Some((low, _)), Some((high, _))) => format!("{low} to {high}{unit}"),
        };
        let advisory = [low, high].into_iter().flatten().all(|(_, advisory)| advisory);
        words.push(if advisory { format!("{text} (not checked)") } else { text });
    }
    for limit in limits {
        let text = if let Some(min) = limit.min_items.as_deref() {
            format!("at least {min} of them")
        } else if let Some(values) = &limit.one_of {
            let values: Vec<String> = values.iter().map(|value| code(&value.to_string())).collect();
            format!("one of {}", values.join(", "))
        } else if let Some(pattern) = &limit.pattern {
            cell(&pattern.text)
        } else if let Some(characters) = &limit.forbidden_characters {
            format!("none of {}", code(characters))
        } else {
            continue;
        };
        words.push(if range(limit) { format!("{text} (not checked)") } else { text });
    }
    words.join("; ")
}

/// Lets a sentence go on, unless its first word is a name.
fn lower_first(text: &str) -> String {
    let word = text.split(' ').next().unwrap_or_default();
    let name =
        word.chars().skip(1).any(char::is_uppercase) || word.chars().count() < 2 && word != "A";
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if !name => first.to_lowercase().chain(characters).collect(),
        _ => text.to_owned(),
    }
}
