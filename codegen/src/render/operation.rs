use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};

use crate::{
    ir::{Generation, Operation},
    names,
    spec::{self, Enforce, Entries, ExampleValue, ParameterType, Required, Scalar},
};

/// Writes the description of an operation.
pub(super) fn constant(operation: &Operation<'_>, generation: &Generation<'_>) -> TokenStream {
    let spec = operation.spec;
    let name = names::ident(&operation.constant);
    let (wire, version) = (&*spec.name, generation.version);
    let (summary, documentation) = (&*spec.summary, &*spec.documentation);
    let doc = format!(" Describes `{wire}` of version {version}.");
    let style = style(spec, generation.service.style);
    let method = match spec.method {
        spec::Method::Get => quote!(GET),
        spec::Method::Post => quote!(POST),
    };
    let parameters = spec.parameters.iter().map(parameter);
    let rules = spec.rules.iter().filter_map(|it| rule(it));
    let filter = filter(spec);
    let access = names::of_variant(spec.access);
    let idempotency = match spec.idempotency.class {
        spec::IdempotencyClass::Idempotent => quote!(Idempotent),
        spec::IdempotencyClass::NotIdempotent => quote!(NotIdempotent),
    };
    let group = names::of_variant(spec.quota.group);
    let (per_second, text) = (number(spec.quota.per_second), &*spec.quota.text);
    let by_plan = spec.quota.by_plan.iter().map(|calls| Literal::u32_unsuffixed(**calls));
    let errors = operation.errors.iter().map(|error| error.code.as_str());
    let (ram_action, ram_resource) = (&*spec.ram_action, &*generation.service.ram_resource.arn);
    let paging = paging(spec);
    let example_doc = format!(" The worked example of [`{}`].", operation.constant);
    let (example_name, example) = (names::ident(&operation.example_constant()), example(spec));
    quote! {
        #[doc = #doc]
        pub static #name: Operation = Operation {
            name: #wire,
            version: #version,
            style: #style,
            method: Method::#method,
            summary: #summary,
            documentation: #documentation,
            parameters: &[#(#parameters),*],
            rules: &[#(#rules),*],
            filter: #filter,
            access: Access::#access,
            ram_action: #ram_action,
            ram_resource: #ram_resource,
            idempotency: Idempotency::#idempotency,
            quota: Quota::new(QuotaGroup::#group, #per_second, &[#(#by_plan),*], #text),
            errors: &[#(#errors),*],
            paging: #paging,
        };

        #[doc = #example_doc]
        pub(crate) static #example_name: Example = #example;
    }
}

fn style(spec: &spec::Operation, style: spec::Style) -> TokenStream {
    match (style, &spec.path) {
        (spec::Style::Roa, Some(path)) => {
            let path = path.as_str();
            quote! { Style::Roa { path: #path } }
        }
        _ => quote!(Style::Rpc),
    }
}

fn parameter(spec: &spec::Parameter) -> TokenStream {
    let (name, summary) = (&*spec.name, &*spec.summary);
    let location = names::of_variant(*spec.location);
    let kind = kind(*spec.kind);
    let mut fields = TokenStream::new();
    match &*spec.required {
        Required::No => {}
        Required::Always => fields.extend(quote! { required: Required::Always, }),
        Required::When(when) => {
            fields.extend(quote! { required: Required::Sometimes { when: #when }, });
        }
    }
    let limits: Vec<TokenStream> = spec.limits.iter().filter_map(|it| limit(it)).collect();
    if !limits.is_empty() {
        fields.extend(quote! { limits: &[#(#limits),*], });
    }
    let texts = [
        ("missing_code", spec.missing_error.as_ref().map(|code| code.to_string())),
        ("invalid_code", spec.invalid_error.as_ref().map(|code| code.to_string())),
        ("default", spec.default.as_ref().map(|value| value.to_string())),
        ("since", spec.since.clone()),
    ];
    for (field, text) in texts {
        let field = format_ident!("{field}");
        fields.extend(text.map(|text| quote! { #field: Some(#text), }));
    }
    if spec.always_sent.as_deref() == Some(&true) {
        fields.extend(quote! { always_sent: true, });
    }
    if spec.sensitive {
        fields.extend(quote! { sensitive: true, });
    }
    if spec.scope.is_some() {
        fields.extend(quote! { scope: true, });
    }
    let new = quote! { Parameter::new(#name, Location::#location, Kind::#kind, #summary) };
    if fields.is_empty() {
        new
    } else {
        quote! { Parameter { #fields ..#new } }
    }
}

fn kind(kind: ParameterType) -> proc_macro2::Ident {
    match kind {
        ParameterType::Int32 => format_ident!("Integer32"),
        ParameterType::Int64 => format_ident!("Integer64"),
        ParameterType::Bool => format_ident!("Boolean"),
        other => names::of_variant(other),
    }
}

fn limit(spec: &spec::Limit) -> Option<TokenStream> {
    let check = if let Some(min) = spec.min.as_deref() {
        let min = Literal::i64_unsuffixed(*min);
        quote!(Min(#min))
    } else if let Some(max) = spec.max.as_deref() {
        let max = Literal::i64_unsuffixed(*max);
        quote!(Max(#max))
    } else if let Some(min) = spec.min_length.as_deref() {
        let min = Literal::u32_unsuffixed(*min);
        quote!(MinLength(#min))
    } else if let Some(max) = spec.max_length.as_deref() {
        let max = Literal::u32_unsuffixed(*max);
        quote!(MaxLength(#max))
    } else if let Some(min) = spec.min_items.as_deref() {
        let min = Literal::u32_unsuffixed(*min);
        quote!(MinItems(#min))
    } else if let Some(format) = spec.format.as_deref() {
        let format = names::of_variant(*format);
        quote!(Format(Format::#format))
    } else if let Some(values) = &spec.one_of {
        one_of(values)
    } else if let Some(characters) = &spec.forbidden_characters {
        let characters = text(characters);
        quote!(ForbiddenCharacters(#characters))
    } else {
        return None;
    };
    let enforce = match spec.enforce {
        Some(Enforce::Document) => format_ident!("document"),
        _ => format_ident!("reject"),
    };
    let code = code(spec.error.as_deref());
    Some(quote! { Limit::#enforce(Check::#check, #code) })
}

fn one_of(values: &[spec::At<Scalar>]) -> TokenStream {
    let numbers: Option<Vec<Literal>> = values
        .iter()
        .map(|value| match **value {
            Scalar::Integer(number) => Some(Literal::i64_unsuffixed(number)),
            _ => None,
        })
        .collect();
    match numbers {
        Some(numbers) => quote!(OneOfIntegers(&[#(#numbers),*])),
        None => {
            let texts = values.iter().map(|value| value.to_string());
            quote!(OneOfStrings(&[#(#texts),*]))
        }
    }
}

fn rule(spec: &spec::Rule) -> Option<TokenStream> {
    let enforce = names::of_variant(spec.enforce);
    let code = code(spec.error.as_deref());
    if let Some(sum) = &spec.sum_at_most {
        let limit = Literal::i64_unsuffixed(sum.limit);
        let parameters = sum.parameters.iter().map(|(name, value)| {
            let (name, value) = (name.as_str(), Literal::i64_unsuffixed(**value));
            quote! { (#name, #value) }
        });
        return Some(quote! {
            Rule::SumAtMost {
                parameters: &[#(#parameters),*], limit: #limit, enforce: Enforce::#enforce, code: #code,
            }
        });
    }
    let required = spec.required_if.as_ref()?;
    let condition = |entries: &Entries<Scalar>, constructor: &str| {
        let constructor = format_ident!("{constructor}");
        let (name, value) = entries.iter().next()?;
        let (name, value) = (name.as_str(), value.to_string());
        Some(quote! { Condition::#constructor(#name, #value) })
    };
    let condition = match (&required.when, &required.unless) {
        (Some(when), _) => condition(when, "equals")?,
        (None, Some(unless)) => condition(unless, "differs")?,
        (None, None) => return None,
    };
    let parameter = required.parameter.as_str();
    Some(quote! {
        Rule::RequiredIf {
            parameter: #parameter, condition: #condition, enforce: Enforce::#enforce, code: #code,
        }
    })
}

fn filter(spec: &spec::Operation) -> TokenStream {
    let Some(filter) = &spec.filter else {
        return quote!(None);
    };
    let list = |operators: &[spec::At<spec::Operator>]| {
        let operators = operators.iter().map(|operator| names::of_variant(**operator));
        quote! { &[#(Operator::#operators),*] }
    };
    let (integer, string) = (list(&filter.integer), list(&filter.string));
    quote! { Some(AllowedOperators { integer: #integer, string: #string }) }
}

fn paging(spec: &spec::Operation) -> TokenStream {
    let Some(paging) = &spec.paging else {
        return quote!(None);
    };
    if let Some(offset) = &paging.offset {
        let (start, size) = (offset.start.as_str(), offset.size.as_str());
        let default_size = Literal::u32_unsuffixed(offset.default_size);
        let window = Literal::u32_unsuffixed(offset.window);
        return quote! {
            Some(Paging::Offset {
                start: #start, size: #size, default_size: #default_size, window: #window,
            })
        };
    }
    let Some(by_number) = &paging.number else {
        return quote!(None);
    };
    let (page, size) = (by_number.page.as_str(), by_number.size.as_str());
    let default_size = Literal::u32_unsuffixed(by_number.default_size);
    let last_page = number(by_number.last_page);
    quote! {
        Some(Paging::Number {
            page: #page, size: #size, default_size: #default_size, last_page: #last_page,
        })
    }
}

fn example(operation: &spec::Operation) -> TokenStream {
    let spec = &operation.example;
    let parameters = spec.parameters.iter().map(|(name, value)| {
        let parameter = operation.parameters.iter().find(|it| *it.name == **name);
        let value = example_value(value, parameter.map(|it| *it.kind));
        let name = name.as_str();
        quote! { (#name, ExampleValue::#value) }
    });
    let (query, form, response) =
        (pairs(&spec.query), pairs(&spec.form), text(spec.response.trim_end()));
    let caret = spec.caret.as_ref().map(|body| {
        let body = long_text(body.trim_end());
        quote! { .with_caret(#body) }
    });
    quote! { Example::new(&[#(#parameters),*], #query, #form, #response) #caret }
}

fn example_value(value: &ExampleValue, kind: Option<ParameterType>) -> TokenStream {
    match value {
        ExampleValue::Scalar(Scalar::Text(value)) => {
            let value = long_text(value);
            match kind {
                Some(ParameterType::InlineImage) => quote!(InlineImage(#value)),
                _ => quote!(Text(#value)),
            }
        }
        ExampleValue::Scalar(Scalar::Integer(number)) => {
            let number = Literal::i64_unsuffixed(*number);
            quote!(Integer(#number))
        }
        ExampleValue::Scalar(Scalar::Boolean(truth)) => quote!(Boolean(#truth)),
        ExampleValue::Pictures(pictures) => {
            let pictures = pairs(pictures);
            quote!(Pictures(#pictures))
        }
        ExampleValue::Names(names) => {
            let names = names.iter().map(|name| long_text(name));
            quote!(Names(&[#(#names),*]))
        }
    }
}

fn pairs(entries: &Entries<String>) -> TokenStream {
    let pairs = entries.iter().map(|(name, value)| {
        let (name, value) = (name.as_str(), long_text(value));
        quote! { (#name, #value) }
    });
    quote! { &[#(#pairs),*] }
}

fn code(code: Option<&String>) -> TokenStream {
    match code {
        Some(code) => quote!(Some(#code)),
        None => quote!(None),
    }
}

fn number(number: Option<u32>) -> TokenStream {
    match number.map(Literal::u32_unsuffixed) {
        Some(number) => quote!(Some(#number)),
        None => quote!(None),
    }
}

/// Writes a string raw where escapes would make it hard to read.
pub(super) fn text(text: &str) -> Literal {
    let plain = text.chars().all(|c| c == '\n' || !c.is_control());
    if plain && text.contains(['"', '\\', '\n']) {
        let longest = text.split('"').map(|part| part.len() - part.trim_start_matches('#').len());
        let hashes =
            "#".repeat(if text.contains('"') { longest.max().unwrap_or(0) + 1 } else { 0 });
        if let Ok(literal) = format!("r{hashes}\"{text}\"{hashes}").parse() {
            return literal;
        }
    }
    Literal::string(text)
}

/// Writes a string, in pieces where rustfmt would give up on a line that it cannot break.
fn long_text(value: &str) -> TokenStream {
    const LONGEST: usize = 64;

    let characters: Vec<char> = value.chars().collect();
    if characters.len() <= LONGEST || value.contains('\n') {
        return text(value).into_token_stream();
    }
    let pieces = characters.chunks(LONGEST).map(|piece| text(&piece.iter().collect::<String>()));
    quote! { concat!(#(#pieces),*) }
}
