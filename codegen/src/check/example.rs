use serde_json::Value;

use super::{Checker, value};
use crate::{
    Mistake, lower,
    source::FileId,
    spec::{At, Entries, Field, FieldType, Operation, Parameter, Place, Required, Version},
};

/// Checks the worked example of an operation against everything else that its file says.
pub(super) fn check(
    checker: &mut Checker<'_>,
    file: FileId,
    operation: &Operation,
    version: &Version,
) {
    let example = &operation.example;
    let settable = || operation.parameters.iter().filter(|it| it.scope.is_none());
    let mut known = true;
    for (name, given) in example.parameters.iter() {
        known &= checker.known(file, name, "parameter", settable().map(|it| it.name.as_str()));
        let parameter = settable().find(|it| *it.name == **name);
        if let Some(problem) = parameter.and_then(|it| value::problem_of_example(it, given)) {
            checker.report(Mistake::at(file, given, problem));
        }
    }
    let constructors = lower::constructors(operation);
    if known && lower::example_constructor(operation, &constructors).is_none() {
        let message = "no constructor leads to the parameters of the example";
        let help = "give what a constructor takes and sets, and only what it or a setter can set";
        checker.report(Mistake::at(file, &example.response, message).help(help));
    }
    place(checker, file, operation, Place::Query, &example.query);
    place(checker, file, operation, Place::Form, &example.form);
    caret(checker, file, operation);
    response(checker, file, operation, version);
}

/// Checks that there is an expected `^` body exactly where there is such a body.
///
/// Whether it is the right one is for the tests of the core crate, which encodes it.
fn caret(checker: &mut Checker<'_>, file: FileId, operation: &Operation) {
    let parameters = &operation.parameters;
    let carries = parameters.iter().find(|it| *it.location == Place::Caret);
    match (carries, &operation.example.caret) {
        (Some(parameter), None) => {
            let message = "the example lacks `caret`, the body that its parameters become";
            checker.report(Mistake::at(file, &parameter.name, message));
        }
        (None, Some(body)) => {
            checker.report(Mistake::at(file, body, "no parameter of the operation is `in: caret`"));
        }
        (Some(_), Some(body)) if !body.contains('^') => {
            checker.report(Mistake::at(file, body, "the body has no `^`"));
        }
        _ => {}
    }
    let form = parameters.iter().find(|it| *it.location == Place::Form);
    if let (Some(parameter), Some(_)) = (form, carries) {
        let message = "an operation has either a form or a `^` body";
        checker.report(Mistake::at(file, &parameter.location, message));
    }
}

/// Checks that parameters travel where they are said to, and nothing else does.
fn place(
    checker: &mut Checker<'_>,
    file: FileId,
    operation: &Operation,
    place: Place,
    placed: &Entries<String>,
) {
    let word = match place {
        Place::Query => "query",
        Place::Form => "form",
        Place::Caret => "`^` body",
    };
    let here = || operation.parameters.iter().filter(|it| *it.location == place);
    for (name, text) in placed.iter() {
        let Some(parameter) = here().find(|it| *it.name == **name) else {
            let message = format!("`{}` does not travel in the {word}", name.as_str());
            let known = here().map(|it| it.name.as_str());
            checker.report(Mistake::at(file, name, message).suggest(name, known));
            continue;
        };
        let given = given(operation, parameter);
        match given {
            None => {
                let message =
                    format!("`{}` is not among the parameters of the example", name.as_str());
                checker.report(Mistake::at(file, name, message));
            }
            Some(given) if given != text.as_str() => {
                let message = format!("`{}` is `{given}`, not `{}`", name.as_str(), text.as_str());
                checker.report(Mistake::at(file, text, message));
            }
            Some(_) => {}
        }
    }
    for parameter in here().filter(|it| placed.get(&it.name).is_none()) {
        let expected = match parameter.scope {
            Some(_) => *parameter.required == Required::Always,
            None => operation.example.parameters.get(&parameter.name).is_some(),
        };
        if expected {
            let message =
                format!("`{}` is missing from the {word} of the example", parameter.name.as_str());
            checker.report(Mistake::at(file, &parameter.name, message));
        }
    }
}

/// Returns what a parameter of the example is on the wire.
fn given(operation: &Operation, parameter: &Parameter) -> Option<String> {
    let value = match parameter.scope {
        Some(_) => parameter.example.as_ref(),
        None => operation.example.parameters.get(&parameter.name),
    };
    value.and_then(|value| value.as_scalar()).map(ToString::to_string)
}

fn response(checker: &mut Checker<'_>, file: FileId, operation: &Operation, version: &Version) {
    let text: &At<String> = &operation.example.response;
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => {
            for unknown in unknown_keys(&object, &operation.response, version) {
                let message = format!("the answer has `{unknown}`, which `response` does not list");
                checker.report(Mistake::at(file, text, message));
            }
        }
        Ok(_) => checker.report(Mistake::at(file, text, "an answer is a JSON object")),
        Err(error) => {
            let message = format!("the answer is no JSON: {error}");
            checker.report(Mistake::at(file, text, message));
        }
    }
}

/// Lists the paths of keys that no field describes.
fn unknown_keys(
    object: &serde_json::Map<String, Value>,
    fields: &[Field],
    version: &Version,
) -> Vec<String> {
    let mut unknown = Vec::new();
    let mut rest = vec![(String::new(), object, fields)];
    while let Some((path, object, fields)) = rest.pop() {
        for (key, value) in object {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let names = |field: &&Field| field.wire_names().any(|name| **name == *key);
            let Some(field) = fields.iter().find(names) else {
                unknown.push(path);
                continue;
            };
            let kind = match &*field.kind {
                FieldType::List(item) => item,
                kind => kind,
            };
            let FieldType::Named(name) = kind else {
                continue;
            };
            let objects = version.types.iter().flat_map(|types| &types.content.objects);
            let Some(described) = objects.into_iter().find(|it| *it.name == *name) else {
                continue;
            };
            let values = match value {
                Value::Array(values) => values.as_slice(),
                value => std::slice::from_ref(value),
            };
            let inner = values.iter().filter_map(Value::as_object);
            rest.extend(inner.map(|inner| (path.clone(), inner, described.fields.as_slice())));
        }
    }
    unknown
}
