use regex_lite::Regex;

use super::{Checker, value};
use crate::{
    Mistake,
    source::FileId,
    spec::{At, Limit, Parameter, ParameterType, Version},
};

/// Checks one parameter of an operation.
pub(super) fn check<'a>(
    checker: &mut Checker<'a>,
    file: FileId,
    parameter: &Parameter,
    version: &'a Version,
) {
    if parameter.name.is_empty() {
        checker.report(Mistake::at(file, &parameter.name, "a parameter has a name"));
    }
    checker.summary(file, &parameter.summary);
    for code in parameter.missing_error.iter().chain(&parameter.invalid_error) {
        checker.known_code(file, version, code);
    }
    for limit in &parameter.limits {
        check_limit(checker, file, *parameter.kind, limit);
        if let Some(code) = &limit.error {
            checker.known_code(file, version, code);
        }
    }
    bounds(checker, file, parameter);
    for given in parameter.default.iter().chain(&parameter.example) {
        if let Some(problem) = value::problem(parameter, given) {
            checker.report(Mistake::at(file, given, problem));
        }
    }
}

fn check_limit(checker: &mut Checker<'_>, file: FileId, kind: ParameterType, limit: &At<Limit>) {
    let number = limit.min.is_some() || limit.max.is_some();
    let text = limit.min_length.is_some()
        || limit.max_length.is_some()
        || limit.pattern.is_some()
        || limit.forbidden_characters.is_some();
    let checks = [
        limit.min.is_some(),
        limit.max.is_some(),
        limit.min_length.is_some(),
        limit.max_length.is_some(),
        limit.one_of.is_some(),
        limit.pattern.is_some(),
        limit.forbidden_characters.is_some(),
    ];
    let count = checks.into_iter().filter(|there| *there).count();
    if count != 1 {
        let message = format!("a limit has exactly one check, this one has {count}");
        let help = "min, max, min_length, max_length, one_of, pattern or forbidden_characters";
        checker.report(Mistake::at(file, limit, message).help(help));
    }
    for (key, missing) in [("enforce", limit.enforce.is_none()), ("source", limit.source.is_none())]
    {
        if missing {
            checker.report(Mistake::at(file, limit, format!("key `{key}` is missing")));
        }
    }
    if number && !kind.is_integer() || text && !kind.is_text() {
        checker.report(Mistake::at(
            file,
            limit,
            "the check does not fit the type of the parameter",
        ));
    }
    for value in limit.one_of.iter().flat_map(|values| values.iter()) {
        if let Some(expected) = value::mismatch(kind, value) {
            let message = format!("`{}` is not {expected}", **value);
            checker.report(Mistake::at(file, value, message));
        }
    }
    if let Some(pattern) = &limit.pattern
        && let Err(error) = Regex::new(&format!("^(?:{})$", &*pattern.regex))
    {
        let message = format!("the pattern is no regular expression: {error}");
        checker.report(Mistake::at(file, &pattern.regex, message));
    }
}

fn bounds(checker: &mut Checker<'_>, file: FileId, parameter: &Parameter) {
    let limits = || parameter.limits.iter();
    let min = limits().find_map(|limit| limit.min.as_ref());
    let max = limits().find_map(|limit| limit.max.as_ref());
    if let (Some(min), Some(max)) = (min, max)
        && **min > **max
    {
        let message = format!("min {} is above max {}", **min, **max);
        checker.report(Mistake::at(file, min, message));
    }
    let fewest = limits().find_map(|limit| limit.min_length.as_ref());
    let most = limits().find_map(|limit| limit.max_length.as_ref());
    if let (Some(fewest), Some(most)) = (fewest, most)
        && **fewest > **most
    {
        let message = format!("min_length {} is above max_length {}", **fewest, **most);
        checker.report(Mistake::at(file, fewest, message));
    }
}
