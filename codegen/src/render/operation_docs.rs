//! What is said of an operation: on its request, and on the methods of the clients.

use super::{
    docs::{Docs, cell, code, one_line},
    example, limits,
};
use crate::{
    ir::{Api, Generation, Operation},
    spec::{self, Required},
};

/// Most codes of an error table; the enumeration of the codes has all.
const MOST_ERRORS: usize = 12;

/// Writes the documentation of a request.
pub(super) fn request(
    operation: &Operation<'_>,
    generation: &Generation<'_>,
    api: &Api<'_>,
) -> Docs {
    let spec = operation.spec;
    let quota = format!("Rate limit: {}.", one_line(&spec.quota.text).trim_end_matches('.'));
    let since = spec.since.as_ref().map(|since| format!(" Since {since}.")).unwrap_or_default();
    let idempotency = match spec.idempotency.class {
        spec::IdempotencyClass::Idempotent => "A repeated call has no further effect",
        spec::IdempotencyClass::NotIdempotent => "A repeated call may have a second effect",
    };
    let reason = one_line(&spec.idempotency.reason);
    let reason = format!(" {idempotency}: {}.", lower_first(reason.trim_end_matches('.')));
    Docs::summary(&spec.summary)
        .description(spec.description.as_deref())
        .paragraph(&replacement(spec, api))
        .uncertain(spec.uncertain.as_deref())
        .lines(example::of_request(operation, generation))
        .lines(parameter_table(operation, api))
        .lines(error_table(operation))
        .paragraph(&format!("{quota}{reason}{since}"))
        .uncertain(spec.quota.uncertain.as_deref())
        .paragraph(&permission(operation, generation))
        .lines([format!("[The vendor's page]({})", &*spec.documentation)])
}

/// Returns which RAM action a caller needs, and on what.
fn permission(operation: &Operation<'_>, generation: &Generation<'_>) -> String {
    let resource = &generation.service.ram_resource;
    let uncertain = resource.uncertain.as_deref().map(|it| format!(" Uncertain: {it}"));
    format!(
        "RAM action: {} on {}.{}",
        code(&operation.spec.ram_action),
        code(&resource.arn),
        uncertain.unwrap_or_default()
    )
}

/// Returns which operations of the newest generation do the same, where there are some.
fn replacement(spec: &spec::Operation, api: &Api<'_>) -> String {
    let Some(newest) = api.generations.first().filter(|_| !spec.replaced_by.is_empty()) else {
        return String::new();
    };
    let operations: Vec<String> = spec
        .replaced_by
        .iter()
        .map(|name| format!("[`{0}`](crate::requests::{0}Request)", name.as_str()))
        .collect();
    format!("In {}: {}.", newest.version, operations.join(" and "))
}

fn parameter_table(operation: &Operation<'_>, api: &Api<'_>) -> Vec<String> {
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
            Required::When(when) => format!("when {}", cell(when)),
        };
        let default = it.default.as_ref().map(|value| code(&value.to_string())).unwrap_or_default();
        let since = it.since.as_deref().map(cell).unwrap_or_default();
        let limits = limits::in_words(it, api).replace('|', "\\|");
        format!("| `{}` | {required} | {limits} | {default} | {since} |", it.name.as_str())
    }));
    rows
}

fn error_table(operation: &Operation<'_>) -> Vec<String> {
    if operation.errors.is_empty() {
        return Vec::new();
    }
    let mut rows =
        vec!["| error code | meaning | what to do |".to_owned(), "|---|---|---|".to_owned()];
    rows.extend(operation.errors.iter().take(MOST_ERRORS).map(|error| {
        let (meaning, advice) = (cell(&error.meaning), cell(&error.advice));
        format!("| `{}` | {meaning} | {advice} |", error.code.as_str())
    }));
    match operation.errors.len().saturating_sub(MOST_ERRORS) {
        0 => {}
        more => {
            rows.push(String::new());
            rows.push(format!(
                "The documentation lists {more} more; [`ErrorCode`](crate::errors::ErrorCode) describes all."
            ));
        }
    }
    rows
}

/// Lets a sentence go on, unless its first word is a name.
pub(super) fn lower_first(text: &str) -> String {
    let word = text.split(' ').next().unwrap_or_default();
    let name =
        word.chars().skip(1).any(char::is_uppercase) || word.chars().count() < 2 && word != "A";
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if !name => first.to_lowercase().chain(characters).collect(),
        _ => text.to_owned(),
    }
}
