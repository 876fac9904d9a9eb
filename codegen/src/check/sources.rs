use super::Checker;
use crate::{
    source::FileId,
    spec::{At, Errors, Field, Operation},
};

/// Checks that every fact names a source of `sources.yaml`.
pub(super) fn check(checker: &mut Checker<'_>) {
    let spec = checker.spec;
    let Some(sources) = &spec.sources else { return };
    let mut named: Vec<(FileId, &At<String>)> = Vec::new();
    if let Some(document) = &spec.regions {
        named.extend(document.content.regions.iter().map(|it| (document.file, &it.source)));
    }
    if let Some(document) = &spec.categories {
        named.extend(document.content.categories.iter().map(|it| (document.file, &it.source)));
    }
    if let Some(document) = &spec.image_limits {
        let it = &document.content;
        let fixed = [&it.max_bytes.source, &it.formats.source, &it.orientation.source];
        let rows = it.service_types.iter().map(|row| &row.source);
        let optional = it.source.iter().chain(&it.default.source);
        let all = fixed.into_iter().chain(rows).chain(optional);
        named.extend(all.map(|source| (document.file, source)));
    }
    let errors = spec.versions.iter().filter_map(|version| version.errors.as_ref());
    for document in errors.chain(&spec.gateway_errors) {
        let Errors { errors } = &document.content;
        named.extend(errors.iter().map(|error| (document.file, &error.source)));
    }
    if let Some(document) = &spec.emulator {
        let uploads = document.content.uploads.iter();
        named.extend(uploads.map(|error| (document.file, &error.source)));
    }
    for version in &spec.versions {
        if let Some(document) = &version.service {
            let service = &document.content;
            let sources = service.source.iter().chain([&service.ram_resource.source]);
            named.extend(sources.map(|it| (document.file, it)));
        }
        if let Some(document) = &version.filter {
            named.extend(document.content.fields.iter().map(|it| (document.file, &it.source)));
        }
        if let Some(document) = &version.types {
            let types = &document.content;
            let enums = types.enums.iter().flat_map(|it| {
                it.source.iter().chain(it.values.iter().filter_map(|value| value.source.as_ref()))
            });
            let objects = types
                .objects
                .iter()
                .flat_map(|it| it.source.iter().chain(it.fields.iter().filter_map(field)));
            named.extend(enums.chain(objects).map(|it| (document.file, it)));
        }
        for document in &version.operations {
            named.extend(operation(&document.content).map(|it| (document.file, it)));
        }
    }
    for (file, source) in named {
        let known = sources.content.sources.iter().map(|(id, _)| id.as_str());
        checker.known(file, source, "source", known);
    }
}

fn operation(spec: &Operation) -> impl Iterator<Item = &At<String>> {
    let parameters = spec.parameters.iter().flat_map(|it| {
        let limits = it.limits.iter().filter_map(|limit| limit.source.as_ref());
        std::iter::once(&it.source).chain(limits)
    });
    [&spec.idempotency.source, &spec.quota.source]
        .into_iter()
        .chain(parameters)
        .chain(spec.rules.iter().map(|rule| &rule.source))
        .chain(spec.filter.iter().map(|filter| &filter.source))
        .chain(spec.response.iter().filter_map(field))
}

fn field(spec: &Field) -> Option<&At<String>> {
    spec.source.as_ref()
}
