use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::{
    docs::{Docs, cell, code, one_line},
    limits,
    operation_docs::{self, lower_first},
    paging,
};
use crate::{
    ir::{Api, Constructor, Generation, Operation, Setter},
    names,
    spec::{ParameterType, Required, Scalar},
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
    let docs = operation_docs::request(operation, generation, api).render();
    let waives = operation.constructors.iter().any(|it| !it.waives.is_empty());
    let field = waives.then(|| quote! { waived: &'static [&'static str], });
    let waived = waives.then(|| {
        quote! {
            fn waived(&self) -> &'static [&'static str] {
                self.waived
            }
        }
    });
    let constructors = operation.constructors.iter().map(|it| constructor(it, api, waives));
    let setters = operation.setters.iter().map(|it| setter(it, api));
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
        #[must_use = "a request does nothing until a client sends it"]
        pub struct #name {
            parameters: Parameters,
            #field
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

            #waived
        }

        #paged
    }
}

fn constructor(constructor: &Constructor<'_>, api: &Api<'_>, waives: bool) -> TokenStream {
    let name = names::ident(constructor.name);
    let docs = constructor.arguments.iter().map(|argument| {
        let (name, summary) = (&argument.name, cell(&argument.spec.summary));
        let limits = limits::in_words(argument.spec, api);
        let limits = if limits.is_empty() { limits } else { format!(" Limits: {limits}.") };
        format!("- `{name}`: {}{limits}", lower_first(&summary))
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
    let waived = waives.then(|| {
        let names = &constructor.waives;
        quote! { , waived: &[#(#names),*] }
    });
    quote! {
        #docs
        pub fn #name(#(#arguments),*) -> Self {
            Self { parameters: #parameters #waived }
        }
    }
}

/// Writes the two setters of a parameter, `x(value)` and `set_x(option)`.
///
/// The pair is that of the AWS SDK. The second takes a concrete type, so that `None` needs no
/// annotation.
fn setter(setter: &Setter<'_>, api: &Api<'_>) -> TokenStream {
    let spec = setter.spec;
    let wire = spec.name.as_str();
    let name = names::ident(&setter.name);
    let kind = argument_type(*spec.kind);
    let owned = owned_type(*spec.kind);
    // An argument named like a keyword that cannot be raw would differ from its method.
    let value = argument_value(setter);
    let set = names::ident(&format!("set_{}", names::snake(wire)));
    let set_doc = format!(" Sets `{wire}`, or clears it if `None`; see [`{name}`](Self::{name}).");
    let mut notes = Vec::new();
    notes.extend(match &*spec.required {
        Required::When(when) => Some(format!("required: {}", one_line(when))),
        Required::Always | Required::No => None,
    });
    let limits = limits::in_words(spec, api);
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
        pub fn #name(self, #name: #kind) -> Self {
            self.#set(Some(#value))
        }

        #[doc = #set_doc]
        pub fn #set(mut self, #name: Option<#owned>) -> Self {
            self.parameters.set_option(#wire, #name);
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

/// The type that an argument becomes.
fn owned_type(kind: ParameterType) -> TokenStream {
    match kind {
        ParameterType::String => quote!(String),
        ParameterType::Int32 => quote!(i32),
        ParameterType::Int64 => quote!(i64),
        ParameterType::Bool => quote!(bool),
        ParameterType::Filter => quote!(Filter),
        ParameterType::Image | ParameterType::InlineImage => quote!(Image),
        ParameterType::Pictures => quote!(Vec<Picture>),
        ParameterType::PictureNames => quote!(Vec<String>),
        ParameterType::Category => quote!(CategoryId),
        ParameterType::BoundingBox => quote!(BoundingBox),
        ParameterType::ScoreThreshold => quote!(ScoreThreshold),
        ParameterType::TaskId => quote!(TaskId),
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
