use super::Checker;
use crate::{
    Mistake, names,
    source::FileId,
    spec::{At, Field, FieldType, Operation, Paging, Scalar, Version},
};

/// Checks how an operation pages.
pub(super) fn check(
    checker: &mut Checker<'_>,
    file: FileId,
    operation: &Operation,
    version: &Version,
) {
    let Some(paging) = &operation.paging else {
        return;
    };
    let mut numbers: Vec<&At<String>> = Vec::new();
    let mut size = None;
    match (&paging.offset, &paging.number) {
        (Some(offset), None) => {
            numbers.extend([&offset.start, &offset.size]);
            size = Some((&offset.size, offset.default_size));
        }
        (None, Some(number)) => {
            numbers.extend([&number.page, &number.size]);
            size = Some((&number.size, number.default_size));
        }
        _ => checker.report(Mistake::at(file, paging, "paging is either `offset` or `number`")),
    }
    let find = |name: &str| operation.parameters.iter().find(|it| it.name.as_str() == name);
    for name in numbers {
        let known = operation.parameters.iter().map(|it| it.name.as_str());
        checker.known(file, name, "parameter", known);
        if find(name).is_some_and(|it| !it.kind.is_integer()) {
            let message = format!("`{}` is no number, so it cannot count rows", name.as_str());
            checker.report(Mistake::at(file, name, message));
        }
    }
    if let Some((name, default_size)) = size
        && let Some(Scalar::Integer(default)) = find(name).and_then(|it| it.default.as_deref())
        && *default != i64::from(default_size)
    {
        let message =
            format!("default_size is {default_size}, the default of `{}` {default}", name.as_str());
        checker.report(Mistake::at(file, name, message));
    }
    items(checker, file, operation, paging, version);
}

/// Follows the path to the list.
fn items(
    checker: &mut Checker<'_>,
    file: FileId,
    operation: &Operation,
    paging: &Paging,
    version: &Version,
) {
    let Some(types) = &version.types else { return };
    let mut fields: &[Field] = &operation.response;
    let mut steps = paging.items.split('.').peekable();
    while let Some(step) = steps.next() {
        let Some(field) = fields.iter().find(|it| it.name.as_str() == step) else {
            let message = format!("the answer has no field `{step}` there");
            let known = fields.iter().map(|it| it.name.as_str());
            checker.report(Mistake::at(file, &paging.items, message).suggest(step, known));
            return;
        };
        let object = match &*field.kind {
            FieldType::Named(name) => types.content.objects.iter().find(|it| *it.name == *name),
            _ => None,
        };
        match (object, &*field.kind, steps.peek()) {
            (_, FieldType::List(_), None) => return,
            (Some(object), _, Some(_)) => fields = &object.fields,
            (_, _, None) => {
                let message = format!("field `{}` is no list", names::snake(step));
                checker.report(Mistake::at(file, &paging.items, message));
                return;
            }
            (None, _, Some(_)) => {
                let message = format!("field `{step}` is no object");
                checker.report(Mistake::at(file, &paging.items, message));
                return;
            }
        }
    }
}
