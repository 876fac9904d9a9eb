use super::{Checker, value};
use crate::{
    Mistake,
    source::FileId,
    spec::{At, Limit, Parameter, ParameterType, Place},
};

/// Checks one parameter of an operation.
pub(super) fn check(checker: &mut Checker<'_>, file: FileId, parameter: &Parameter) {
    if parameter.name.is_empty() {
        checker.report(Mistake::at(file, &parameter.name, "a parameter has a name"));
    }
    checker.summary(file, &parameter.summary);
    let codes = parameter.missing_error.iter().chain(&parameter.invalid_error);
    for code in codes.chain(&parameter.not_found_error) {
        checker.known_code(file, code);
    }
    for limit in &parameter.limits {
        check_limit(checker, file, *parameter.kind, limit);
        if let Some(code) = &limit.error {
            checker.known_code(file, code);
        }
    }
    bounds(checker, file, parameter);
    if let Some(given) = &parameter.default
        && let Some(problem) = value::problem_of_default(parameter, given)
    {
        checker.report(Mistake::at(file, given, problem));
    }
    if let Some(given) = &parameter.example
        && let Some(problem) = value::problem_of_example(parameter, given)
    {
        checker.report(Mistake::at(file, given, problem));
    }
    place(checker, file, parameter);
}

/// Checks what only the `^` body can carry, and what it needs.
fn place(checker: &mut Checker<'_>, file: FileId, parameter: &Parameter) {
    let in_caret = *parameter.location == Place::Caret;
    if parameter.kind.is_list() && !in_caret {
        let message = "only the `^` body carries pictures with their names";
        checker.report(Mistake::at(file, &parameter.kind, message).help("write `in: caret`"));
    }
    if *parameter.kind == ParameterType::Image && in_caret {
        let message = "the `^` body carries pictures themselves, not their addresses";
        let help = "write `type: inline_image`";
        checker.report(Mistake::at(file, &parameter.kind, message).help(help));
    }
    let Some(always_sent) = parameter.always_sent.as_ref().filter(|sent| ***sent) else {
        return;
    };
    if !in_caret {
        let message = "`always_sent` is for the `^` body";
        checker.report(Mistake::at(file, always_sent, message));
    }
    if parameter.default.is_none() {
        let message = "`always_sent` needs a `default`, which is what is sent";
        checker.report(Mistake::at(file, always_sent, message));
    }
}

fn check_limit(checker: &mut Checker<'_>, file: FileId, kind: ParameterType, limit: &At<Limit>) {
    let number = limit.min.is_some() || limit.max.is_some();
    let text = limit.min_length.is_some()
        || limit.max_length.is_some()
        || limit.format.is_some()
        || limit.forbidden_characters.is_some();
    let checks = [
        limit.min.is_some(),
        limit.max.is_some(),
        limit.min_length.is_some(),
        limit.max_length.is_some(),
        limit.min_items.is_some(),
        limit.one_of.is_some(),
        limit.format.is_some(),
        limit.forbidden_characters.is_some(),
    ];
    let count = checks.into_iter().filter(|there| *there).count();
    if count != 1 {
        let message = format!("a limit has exactly one check, this one has {count}");
        let help = "min, max, min_length, max_length, min_items, one_of, format or \
                    forbidden_characters";
        checker.report(Mistake::at(file, limit, message).help(help));
    }
    for (key, missing) in [("enforce", limit.enforce.is_none()), ("source", limit.source.is_none())]
    {
        if missing {
            checker.report(Mistake::at(file, limit, format!("key `{key}` is missing")));
        }
    }
    let list = limit.min_items.is_some();
    if number && !kind.is_integer() || text && !kind.is_text() || list && !kind.is_list() {
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
