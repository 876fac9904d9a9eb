use super::{Checker, constructors, example, paging, parameter, reads, rules, types};
use crate::{
    Mistake, names,
    source::FileId,
    spec::{Document, Operation, ParameterType, Style, Version},
};

/// Every answer has it, errors included.
const REQUEST_ID: &str = "RequestId";

/// Checks the operations of a version.
pub(super) fn check<'a>(checker: &mut Checker<'a>, version: &'a Version) {
    for Document { file, content } in &version.operations {
        check_operation(checker, *file, content, version);
    }
    let mut seen = std::collections::BTreeMap::new();
    for Document { file, content } in &version.operations {
        let method = names::snake(&content.name);
        if let Some(other) = seen.insert(method, content.name.as_str()) {
            let message = format!("`{}` collides with `{other}`", content.name.as_str());
            checker.report(Mistake::at(*file, &content.name, message));
        }
    }
}

fn check_operation<'a>(
    checker: &mut Checker<'a>,
    file: FileId,
    operation: &Operation,
    version: &'a Version,
) {
    name(checker, file, operation);
    checker.summary(file, &operation.summary);
    style(checker, file, operation, version);
    let parameters = || operation.parameters.iter();
    checker.distinct_in_rust(file, parameters().map(|it| &it.name), names::snake);
    setters(checker, file, operation);
    for parameter in parameters() {
        parameter::check(checker, file, parameter);
    }
    rules::check(checker, file, operation);
    quota(checker, file, operation);
    filter(checker, file, operation);
    replacement(checker, file, operation, version);
    constructors::check(checker, file, operation);
    paging::check(checker, file, operation, version);
    types::fields(checker, file, &operation.response, version);
    if !operation.response.iter().any(|field| field.name.as_str() == REQUEST_ID) {
        let message = format!("`response` lacks `{REQUEST_ID}`, which every answer has");
        checker.report(Mistake::at(file, &operation.name, message));
    }
    for code in &operation.errors {
        checker.known_code(file, code);
    }
    checker.distinct(file, "error code", &operation.errors, Clone::clone);
    example::check(checker, file, operation, version);
    reads::check(checker, file, operation, version);
}

/// Checks that no parameter is named like the other setter of another, `set_x`.
fn setters(checker: &mut Checker<'_>, file: FileId, operation: &Operation) {
    for parameter in &operation.parameters {
        let name = names::snake(&parameter.name);
        let other = name
            .strip_prefix("set_")
            .and_then(|rest| operation.parameters.iter().find(|it| names::snake(&it.name) == rest));
        if let Some(other) = other {
            let message = format!("the setters of `{}` include `{name}`", other.name.as_str());
            checker.report(Mistake::at(file, &parameter.name, message));
        }
    }
}

fn name(checker: &mut Checker<'_>, file: FileId, operation: &Operation) {
    if !names::is_type_name(&operation.name) {
        let message = format!("`{}` is not the name of an operation", operation.name.as_str());
        checker.report(Mistake::at(file, &operation.name, message));
        return;
    }
    let expected = format!("/{}.yaml", names::snake(&operation.name));
    let path = checker.files.path(file);
    if !path.ends_with(&expected) {
        let message = format!("`{}` is not in a file of its name", operation.name.as_str());
        let help = format!("call the file {}", expected.trim_start_matches('/'));
        checker.report(Mistake::at(file, &operation.name, message).help(help));
    }
}

/// Checks that a rate is the same for every instance, or goes by plans from the smallest.
fn quota(checker: &mut Checker<'_>, file: FileId, operation: &Operation) {
    let quota = &operation.quota;
    if let (Some(_), Some(first)) = (quota.per_second, quota.by_plan.first()) {
        let message = "`per_second` and `by_plan` exclude each other";
        checker.report(Mistake::at(file, first, message));
    }
    for (smaller, larger) in quota.by_plan.iter().zip(quota.by_plan.iter().skip(1)) {
        if **smaller >= **larger {
            let message = format!("{} calls a second do not come after {}", **larger, **smaller);
            checker.report(Mistake::at(file, larger, message).help("begin with the smallest"));
        }
    }
}

fn style(checker: &mut Checker<'_>, file: FileId, operation: &Operation, version: &Version) {
    let Some(service) = &version.service else {
        return;
    };
    match (service.content.style, &operation.path) {
        (Style::Roa, None) => {
            let message = "an operation of this style needs a `path`";
            checker.report(Mistake::at(file, &operation.name, message));
        }
        (Style::Roa, Some(path)) if !path.starts_with('/') => {
            checker.report(Mistake::at(file, path, "a path starts with a slash"));
        }
        (Style::Rpc, Some(path)) => {
            checker.report(Mistake::at(file, path, "an operation of this style has no path"));
        }
        _ => {}
    }
}

/// Checks that what replaces an operation of an older generation is there.
fn replacement(checker: &mut Checker<'_>, file: FileId, operation: &Operation, version: &Version) {
    let Some(newest) = checker.spec.versions.last() else {
        return;
    };
    for name in &operation.replaced_by {
        if newest.name == version.name {
            let message = format!("nothing replaces an operation of {}, the newest", newest.name);
            checker.report(Mistake::at(file, name, message));
            continue;
        }
        // Where an operation could not be read, that is the mistake, not each mention of it.
        let folder = format!("{}/operations/", newest.name);
        let all = checker.files.paths().filter(|(_, path)| path.starts_with(&folder)).count();
        if all == newest.operations.len() {
            let known = newest.operations.iter().map(|it| it.content.name.as_str());
            checker.known(file, name, "operation", known);
        }
    }
    checker.distinct(file, "operation", &operation.replaced_by, Clone::clone);
}

fn filter(checker: &mut Checker<'_>, file: FileId, operation: &Operation) {
    let parameter = operation.parameters.iter().find(|it| *it.kind == ParameterType::Filter);
    match (parameter, &operation.filter) {
        (Some(parameter), None) => {
            let message = "an operation with a filter says under `filter` what it may use";
            checker.report(Mistake::at(file, &parameter.name, message));
        }
        (None, Some(filter)) => {
            checker.report(Mistake::at(file, filter, "no parameter of the operation is a filter"));
        }
        _ => {}
    }
    if let Some(filter) = &operation.filter {
        for operators in [&filter.integer, &filter.string] {
            checker.distinct(file, "operator", operators, |operator| format!("{operator:?}"));
        }
    }
}
