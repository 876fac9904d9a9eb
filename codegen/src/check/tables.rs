use std::collections::BTreeMap;

use super::Checker;
use crate::{
    Mistake,
    lower::SERVICE_TYPE,
    names,
    source::FileId,
    spec::{At, Document, Errors, Filter, ImageLimits, Retry, Version},
};

/// Checks the files that are tables.
pub(super) fn check(checker: &mut Checker<'_>) {
    let spec = checker.spec;
    if let Some(Document { file, content }) = &spec.regions {
        checker.distinct(*file, "region", content.regions.iter().map(|it| &it.id), Clone::clone);
        constants(checker, *file, content.regions.iter().map(|it| &it.constant));
    }
    if let Some(Document { file, content }) = &spec.categories {
        let ids = content.categories.iter().map(|it| &it.id);
        checker.distinct(*file, "category", ids, |id| *id);
        constants(checker, *file, content.categories.iter().map(|it| &it.constant));
    }
    if let Some(document) = &spec.gateway_errors {
        errors(checker, document);
    }
    if let Some(document) = &spec.image_limits {
        image_limits(checker, document);
    }
    one_retry_class(checker);
    modules(checker);
    for version in &spec.versions {
        service(checker, version);
        if let Some(document) = &version.errors {
            errors(checker, document);
        }
        if let Some(document) = &version.filter {
            filter(checker, document, version);
        }
    }
}

fn constants<'n>(
    checker: &mut Checker<'_>,
    file: FileId,
    constants: impl Iterator<Item = &'n At<String>> + Clone,
) {
    for constant in constants.clone() {
        if !names::is_constant_name(constant) {
            let message = format!("`{}` is not the name of a constant", constant.as_str());
            let help = "write capitals, digits and underscores, such as CN_HANGZHOU";
            checker.report(Mistake::at(file, constant, message).help(help));
        }
    }
    checker.distinct(file, "constant", constants, Clone::clone);
}

fn errors(checker: &mut Checker<'_>, document: &Document<Errors>) {
    let Document { file, content } = document;
    for error in &content.errors {
        let code = &error.code;
        let well_formed = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        if code.is_empty() || !code.chars().all(well_formed) {
            let message = format!("`{}` is not an error code", code.as_str());
            checker.report(Mistake::at(*file, code, message));
        }
        if names::variant(code) == "Other" {
            checker.report(Mistake::at(*file, code, "`Other` stands for codes that are not known"));
        }
        for status in &error.http {
            if !(100..600).contains(&**status) {
                let message = format!("{} is not an HTTP status", **status);
                checker.report(Mistake::at(*file, status, message));
            }
        }
        checker.summary(*file, &error.meaning);
        checker.summary(*file, &error.advice);
    }
    let codes = content.errors.iter().map(|error| &error.code);
    checker.distinct_in_rust(*file, codes, names::variant);
}

/// Reports codes that two tables would have tried again differently: they become one.
fn one_retry_class(checker: &mut Checker<'_>) {
    let spec = checker.spec;
    let tables = spec.versions.iter().rev().filter_map(|version| version.errors.as_ref());
    let mut seen: BTreeMap<&str, Retry> = BTreeMap::new();
    for Document { file, content } in tables.chain(&spec.gateway_errors) {
        for error in &content.errors {
            let first = *seen.entry(error.code.as_str()).or_insert(error.retry);
            if first != error.retry {
                let message =
                    format!("`{}` has another `retry` in another table", error.code.as_str());
                let help = "tables of all generations are merged; let them agree, or keep one";
                checker.report(Mistake::at(*file, &error.code, message).help(help));
            }
        }
    }
}

/// Reports older generations of the same year: their modules would have the same name.
fn modules(checker: &mut Checker<'_>) {
    let Some((_, older)) = checker.spec.versions.split_last() else {
        return;
    };
    let services = older.iter().filter_map(|version| version.service.as_ref());
    let mut seen = BTreeMap::new();
    for Document { file, content } in services {
        let version = &content.version;
        let module = names::module(version);
        if let Some(other) = seen.insert(module.clone(), version.as_str()) {
            let message = format!("`{}` and `{other}` are both `{module}` in Rust", &**version);
            checker.report(Mistake::at(*file, version, message));
        }
    }
}

fn image_limits(checker: &mut Checker<'_>, document: &Document<ImageLimits>) {
    let spec = checker.spec;
    let Document { file, content } = document;
    let codes = [&content.max_bytes.error, &content.formats.error, &content.orientation.error];
    for code in codes.into_iter().chain([&content.error]) {
        checker.known_code(*file, code);
    }
    let rows = content.service_types.iter().map(|row| (&row.min_side, &row.max_side));
    for (min, max) in rows.chain([(&content.default.min_side, &content.default.max_side)]) {
        if **min > **max {
            let message = format!("min_side {} is above max_side {}", **min, **max);
            checker.report(Mistake::at(*file, min, message));
        }
    }
    let types = spec.versions.iter().filter_map(|version| version.types.as_ref());
    let enums = types.flat_map(|types| &types.content.enums);
    let values: Vec<&str> = enums
        .filter(|it| it.name.as_str() == SERVICE_TYPE)
        .flat_map(|it| it.values.iter().map(|value| value.variant.as_str()))
        .collect();
    // Where types could not be read, that is the mistake, not each name of one.
    let readable = spec.versions.iter().all(|version| version.types.is_some());
    for row in content.service_types.iter().filter(|_| readable) {
        checker.known(*file, &row.kind, "service type", values.iter().copied());
    }
    let kinds = content.service_types.iter().map(|row| &row.kind);
    checker.distinct(*file, "service type", kinds, Clone::clone);
}

fn service(checker: &mut Checker<'_>, version: &Version) {
    let Some(Document { file, content }) = &version.service else {
        return;
    };
    if *content.version != version.name {
        let message = format!("version `{}` is in folder `{}`", &*content.version, version.name);
        checker.report(Mistake::at(*file, &content.version, message));
    }
    checker.summary(*file, &content.summary);
}

fn filter(checker: &mut Checker<'_>, document: &Document<Filter>, version: &Version) {
    let Document { file, content } = document;
    let operations = version.operations.iter().flat_map(|it| &it.content.parameters);
    let parameters: Vec<&str> = operations.map(|it| it.name.as_str()).collect();
    // Where an operation could not be read, that is the mistake, not each parameter of it.
    let folder = format!("{}/operations/", version.name);
    let all = checker.files.paths().filter(|(_, path)| path.starts_with(&folder)).count();
    let readable = all == version.operations.len();
    for field in &content.fields {
        for name in [&field.name, &field.camel_name] {
            if !names::is_identifier(name) {
                let message = format!("`{}` is not the name of a field", name.as_str());
                checker.report(Mistake::at(*file, name, message));
            }
        }
        if readable {
            checker.known(*file, &field.parameter, "parameter", parameters.iter().copied());
        }
    }
    checker.distinct_in_rust(*file, content.fields.iter().map(|it| &it.name), names::snake);
}
