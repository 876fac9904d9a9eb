use super::Checker;
use crate::{
    Mistake,
    source::FileId,
    spec::{At, Field, FieldType, Operation, Version},
};

/// Checks that what the example reads of the answer is there: paths from field to field.
pub(super) fn check(
    checker: &mut Checker<'_>,
    file: FileId,
    operation: &Operation,
    version: &Version,
) {
    let reads = &operation.example.reads;
    if reads.is_empty() {
        let message = "an example reads something of the answer";
        let help = "name fields under `reads`, such as `Auctions.ProductId`";
        checker.report(Mistake::at(file, &operation.example.response, message).help(help));
    }
    // Where the types could not be read, that is the mistake.
    for path in reads.iter().filter(|_| version.types.is_some()) {
        check_path(checker, file, path, &operation.response, version);
    }
    checker.distinct(file, "path", reads, Clone::clone);
}

fn check_path(
    checker: &mut Checker<'_>,
    file: FileId,
    path: &At<String>,
    response: &[Field],
    version: &Version,
) {
    let mut fields = response;
    let mut steps = path.split('.').peekable();
    while let Some(step) = steps.next() {
        let Some(field) = fields.iter().find(|it| it.name.as_str() == step) else {
            let message = format!("no field `{step}` in `{}`", path.as_str());
            let known = fields.iter().map(|it| it.name.as_str());
            checker.report(Mistake::at(file, path, message).suggest(step, known));
            return;
        };
        let kind = match &*field.kind {
            FieldType::List(item) => item,
            kind => kind,
        };
        let objects = version.types.iter().flat_map(|types| &types.content.objects);
        let object = match kind {
            FieldType::Named(name) => objects.into_iter().find(|it| it.name.as_str() == name),
            _ => None,
        };
        match object {
            Some(object) => fields = &object.fields,
            None if steps.peek().is_some() => {
                let message = format!("`{step}` in `{}` has no fields", path.as_str());
                checker.report(Mistake::at(file, path, message));
                return;
            }
            None => {}
        }
    }
}
