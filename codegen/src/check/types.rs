use std::collections::{BTreeMap, BTreeSet};

use super::Checker;
use crate::{
    Mistake, names, render,
    source::FileId,
    spec::{
        At, Document, Enumeration, Field, FieldType, Object, Representation, Scalar, Tolerate,
        Types, Version,
    },
};

/// Checks the objects and enumerations of a version.
pub(super) fn check(checker: &mut Checker<'_>, version: &Version) {
    let Some(Document { file, content }) = &version.types else {
        return;
    };
    let enums = content.enums.iter().map(|it| &it.name);
    let names: Vec<&At<String>> = enums.chain(content.objects.iter().map(|it| &it.name)).collect();
    for name in &names {
        type_name(checker, *file, name);
    }
    checker.distinct(*file, "type", names, Clone::clone);
    for enumeration in &content.enums {
        values(checker, *file, enumeration);
        checker.summary(*file, &enumeration.summary);
    }
    for object in &content.objects {
        fields(checker, *file, &object.fields, version);
        checker.summary(*file, &object.summary);
    }
    refuse_recursion(checker, *file, content);
}

/// Reports a name that generated code could not give to a type.
pub(super) fn type_name(checker: &mut Checker<'_>, file: FileId, name: &At<String>) {
    if !names::is_type_name(name) {
        let message = format!("`{}` is not the name of a type", name.as_str());
        let help = "start with a capital and go on with letters and digits, such as PicInfo";
        checker.report(Mistake::at(file, name, message).help(help));
    } else if render::reserved_names().any(|reserved| reserved == name.as_str()) {
        let message = format!("`{}` is a name that generated code needs", name.as_str());
        let help = "choose another; the names of types do not travel on the wire";
        checker.report(Mistake::at(file, name, message).help(help));
    } else if name.ends_with("Request") || name.ends_with("Response") {
        let message = format!("`{}` could collide with the types of an operation", name.as_str());
        checker.report(Mistake::at(file, name, message));
    }
}

/// Checks the fields of an answer or an object.
pub(super) fn fields(checker: &mut Checker<'_>, file: FileId, fields: &[Field], version: &Version) {
    checker.distinct_in_rust(file, fields.iter().map(|it| &it.name), names::snake);
    let wire = fields.iter().flat_map(Field::wire_names);
    checker.distinct(file, "wire name", wire, Clone::clone);
    spellings(checker, file, fields);
    for field in fields {
        if field.name.is_empty() {
            checker.report(Mistake::at(file, &field.name, "a field has a name"));
        }
        checker.summary(file, &field.summary);
        kind(checker, file, field, version);
    }
}

/// Reports two fields whose names are elsewhere those of one field.
///
/// Decoders know the names of a field in general, and would take one of the two.
fn spellings(checker: &mut Checker<'_>, file: FileId, fields: &[Field]) {
    let versions = &checker.spec.versions;
    let objects = versions.iter().flat_map(|it| &it.types).flat_map(|it| &it.content.objects);
    let answers = versions.iter().flat_map(|it| &it.operations).map(|it| &it.content.response);
    let everywhere = objects.map(|it| &it.fields).chain(answers).flatten();
    let shared = |one: &Field, other: &Field| {
        one.wire_names().any(|it| other.wire_names().any(|name| **it == **name))
    };
    let clash = everywhere.filter(|it| !it.wire_aliases.is_empty()).find_map(|one| {
        let mut same = fields.iter().filter(|it| shared(one, it));
        Some((&one.name, &same.next()?.name, &same.next()?.name))
    });
    if let Some((one, first, second)) = clash {
        let [one, first, other] = [one, first, second].map(|it| it.as_str());
        let message = format!("`{first}` and `{other}` are elsewhere names of one field, `{one}`");
        checker.report(Mistake::at(file, second, message));
    }
}

fn kind(checker: &mut Checker<'_>, file: FileId, field: &Field, version: &Version) {
    let (item, list) = match &*field.kind {
        FieldType::List(item) => (&**item, true),
        kind => (kind, false),
    };
    let mut is_object = false;
    if let (FieldType::Named(name), Some(types)) = (item, &version.types) {
        let objects = types.content.objects.iter().map(|it| it.name.as_str());
        let enums = types.content.enums.iter().map(|it| it.name.as_str());
        let known: Vec<&str> = objects.chain(enums).collect();
        is_object = types.content.objects.iter().any(|it| it.name.as_str() == name);
        if !known.contains(&name.as_str()) {
            let message = format!("unknown type `{name}`");
            checker.report(Mistake::at(file, &field.kind, message).suggest(name, known));
            return;
        }
    }
    let in_list = [FieldType::String, FieldType::Int32, FieldType::Int64, FieldType::Bool];
    if list && !matches!(item, FieldType::Named(_)) && !in_list.contains(item) {
        let help = "an item is string, int32, int64, bool or a name of types.yaml";
        checker.report(Mistake::at(file, &field.kind, "no list can hold that").help(help));
    }
    if let (Some(tolerate), Some(_)) = (&field.tolerate, &version.types)
        && (list || !is_object)
    {
        let what = match **tolerate {
            Tolerate::FirstOfList => "first_of_list",
            Tolerate::BareList => "bare_list",
        };
        let message = format!("`{what}` is for fields that are one object");
        checker.report(Mistake::at(file, tolerate, message));
    }
}

fn values(checker: &mut Checker<'_>, file: FileId, enumeration: &Enumeration) {
    for value in &enumeration.values {
        let fits = match (enumeration.repr, &*value.value) {
            (Representation::String, Scalar::Text(_)) => true,
            (Representation::Int32, Scalar::Integer(number)) => i32::try_from(*number).is_ok(),
            _ => false,
        };
        if !fits {
            let message =
                format!("value `{}` does not fit the repr of its enumeration", *value.value);
            let help = "quote a string that reads as a number or a truth value";
            checker.report(Mistake::at(file, &value.value, message).help(help));
        }
        if !names::is_type_name(&value.variant)
            || matches!(value.variant.as_str(), "Other" | "Self")
        {
            let message = format!("`{}` is not the name of a variant", value.variant.as_str());
            let help = "`Other` stands for what is not known; `Self` is a keyword";
            checker.report(Mistake::at(file, &value.variant, message).help(help));
        }
        checker.summary(file, &value.summary);
    }
    let all = || enumeration.values.iter();
    checker.distinct(file, "value", all().map(|it| &it.value), ToString::to_string);
    checker.distinct(file, "variant", all().map(|it| &it.variant), Clone::clone);
}

/// An object that holds itself, other than in a list, would have no size.
fn refuse_recursion(checker: &mut Checker<'_>, file: FileId, types: &Types) {
    let held = |object: &Object| -> Vec<String> {
        let named = object.fields.iter().filter_map(|field| match &*field.kind {
            FieldType::Named(name) => Some(name.clone()),
            _ => None,
        });
        named.collect()
    };
    let graph: BTreeMap<&str, Vec<String>> =
        types.objects.iter().map(|object| (object.name.as_str(), held(object))).collect();
    for object in &types.objects {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut rest: Vec<&str> = vec![object.name.as_str()];
        while let Some(name) = rest.pop() {
            for next in graph.get(name).into_iter().flatten() {
                if seen.insert(next) {
                    rest.push(next);
                }
            }
        }
        if seen.contains(object.name.as_str()) {
            let message = format!("object `{}` holds itself", object.name.as_str());
            let help = "only a list may lead back to the object it is in";
            checker.report(Mistake::at(file, &object.name, message).help(help));
        }
    }
}
