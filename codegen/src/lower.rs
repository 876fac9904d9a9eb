mod listed_errors;

use std::collections::BTreeMap;

use listed_errors::listed_errors;

use crate::{
    ir::{Api, Constructor, ErrorCode, Field, Generation, Item, Object, Operation, Setter, Shape},
    names,
    source::SourceFiles,
    spec::{self, Document, FieldType, Representation, Required, Spec, Tolerate, Version},
};

/// The enumeration whose variants `image-limits.yaml` names.
pub(crate) const SERVICE_TYPE: &str = "ServiceType";

const NEW: &str = "new";
const NEW_SUMMARY: &str = "Creates a request with the required parameters.";

/// Chooses names and resolves references; of a checked specification nothing is left out.
pub fn lower<'a>(spec: &'a Spec, files: &'a SourceFiles) -> Api<'a> {
    let versions = spec.versions.iter().rev();
    let mut generations: Vec<Generation<'a>> =
        versions.filter_map(|version| generation(version, spec, files)).collect();
    for generation in generations.iter_mut().skip(1) {
        generation.module = Some(names::module(generation.version));
    }
    Api { spec, service_types: service_types(spec), generations, errors: errors(spec) }
}

/// Merges the tables: the newest generation describes a code, all tell its statuses and messages.
fn errors(spec: &Spec) -> Vec<ErrorCode<'_>> {
    let mut merged: BTreeMap<&str, ErrorCode<'_>> = BTreeMap::new();
    let tables = spec.versions.iter().rev().filter_map(|version| version.errors.as_ref());
    for error in tables.chain(&spec.gateway_errors).flat_map(|table| &table.content.errors) {
        let it = merged.entry(error.code.as_str()).or_insert_with(|| ErrorCode {
            spec: error,
            http: Vec::new(),
            messages: Vec::new(),
        });
        for status in error.http.iter().map(|status| **status) {
            if !it.http.contains(&status) {
                it.http.push(status);
            }
        }
        for message in error.messages.iter().map(String::as_str) {
            if !it.messages.contains(&message) {
                it.messages.push(message);
            }
        }
    }
    merged.into_values().collect()
}

fn service_types(spec: &Spec) -> Vec<(i64, &spec::ServiceTypeSides)> {
    let enums = spec.versions.iter().filter_map(|version| version.types.as_ref());
    let values: BTreeMap<&str, i64> = enums
        .flat_map(|types| &types.content.enums)
        .filter(|it| it.name.as_str() == SERVICE_TYPE)
        .flat_map(|it| &it.values)
        .filter_map(|it| match *it.value {
            spec::Scalar::Integer(number) => Some((it.variant.as_str(), number)),
            _ => None,
        })
        .collect();
    let sides = spec.image_limits.iter().flat_map(|limits| &limits.content.service_types);
    sides.filter_map(|sides| Some((*values.get(sides.kind.as_str())?, sides))).collect()
}

fn generation<'a>(
    version: &'a Version,
    spec: &'a Spec,
    files: &'a SourceFiles,
) -> Option<Generation<'a>> {
    let enums = version.types.iter().flat_map(|types| &types.content.enums).collect();
    let objects = version.types.iter().flat_map(|types| &types.content.objects);
    let documents = version.operations.iter();
    let mut operations: Vec<Operation<'a>> =
        documents.map(|document| operation(document, version, spec, files)).collect();
    operations.sort_by(|left, right| left.spec.name.cmp(&right.spec.name));
    Some(Generation {
        version: &version.name,
        module: None,
        service: &version.service.as_ref()?.content,
        operations,
        objects: objects
            .map(|object| Object { spec: object, fields: fields(&object.fields, version) })
            .collect(),
        enums,
    })
}

fn operation<'a>(
    document: &'a Document<spec::Operation>,
    version: &'a Version,
    spec: &'a Spec,
    files: &'a SourceFiles,
) -> Operation<'a> {
    let operation = &document.content;
    let constructors = constructors(operation);
    Operation {
        spec: operation,
        path: files.path(document.file),
        snake: names::snake(&operation.name),
        constant: names::shouty(&operation.name),
        setters: setters(operation, &constructors),
        fields: fields(&operation.response, version),
        items: operation.paging.as_ref().map(|it| it.items.split('.').map(names::snake).collect()),
        example_constructor: example_constructor(operation, &constructors).unwrap_or_default(),
        errors: listed_errors(operation, version, spec),
        constructors,
    }
}

pub(crate) fn constructors(operation: &spec::Operation) -> Vec<Constructor<'_>> {
    if operation.constructors.is_empty() {
        let required =
            |it: &&spec::Parameter| it.scope.is_none() && *it.required == Required::Always;
        return vec![Constructor {
            name: NEW,
            summary: NEW_SUMMARY,
            arguments: operation.parameters.iter().filter(required).map(argument).collect(),
            set: Vec::new(),
            waives: Vec::new(),
        }];
    }
    let find = |name: &str| operation.parameters.iter().find(|it| it.name.as_str() == name);
    let constructor = |it: &'_ spec::Constructor| {
        let it: &spec::Constructor = it;
        (it.parameters.iter().filter_map(|name| find(name)).map(argument)).collect::<Vec<_>>()
    };
    operation
        .constructors
        .iter()
        .map(|it| Constructor {
            name: &it.name,
            summary: &it.summary,
            arguments: constructor(it),
            set: it.set.iter().map(|(name, value)| (name.as_str(), &**value)).collect(),
            waives: it.waives.iter().map(|name| name.as_str()).collect(),
        })
        .collect()
}

fn argument(parameter: &spec::Parameter) -> Setter<'_> {
    Setter { name: names::snake(&parameter.name), spec: parameter }
}

/// A parameter has a setter unless the usual constructor takes it or a constructor owns it: one that
/// fixes it, or that takes it because it is required that way of calling.
pub(crate) fn setters<'a>(
    operation: &'a spec::Operation,
    constructors: &[Constructor<'a>],
) -> Vec<Setter<'a>> {
    let taken = |it: &spec::Parameter| {
        constructors.iter().enumerate().any(|(index, constructor)| {
            let fixed = constructor.set.iter().any(|(name, _)| *name == it.name.as_str());
            let takes = constructor
                .arguments
                .iter()
                .any(|argument| argument.spec.name.as_str() == it.name.as_str());
            fixed || takes && (index == 0 || *it.required != Required::No)
        })
    };
    let reserved = |name: &str| {
        RESERVED_METHODS.contains(&name) || constructors.iter().any(|it| it.name == name)
    };
    let parameters = operation.parameters.iter().filter(|it| it.scope.is_none() && !taken(it));
    parameters
        .map(|parameter| {
            let Setter { name, spec } = argument(parameter);
            let name = if reserved(&name) { format!("{name}_") } else { name };
            Setter { name, spec }
        })
        .collect()
}

/// Methods of the traits that every request has; a setter of the same name would hide them.
const RESERVED_METHODS: [&str; 6] =
    ["parameters", "into_parameters", "from_parameters", "items", "into_items", "clone"];

/// Finds the constructor that an example goes through: the first whose arguments it has, and whose
/// fixed values it agrees with, that leaves only parameters with setters.
pub(crate) fn example_constructor(
    operation: &spec::Operation,
    constructors: &[Constructor<'_>],
) -> Option<usize> {
    let example = &operation.example.parameters;
    let setters = setters(operation, constructors);
    constructors.iter().position(|constructor| {
        let takes =
            |name: &str| constructor.arguments.iter().any(|it| it.spec.name.as_str() == name);
        let fixes = |name: &str| constructor.set.iter().any(|(fixed, _)| *fixed == name);
        let complete = constructor.arguments.iter().all(|it| example.get(&it.spec.name).is_some());
        let agrees = constructor
            .set
            .iter()
            .all(|(name, value)| example.get(name).is_some_and(|it| it.as_scalar() == Some(value)));
        let sets = |name: &str| setters.iter().any(|it| it.spec.name.as_str() == name);
        complete
            && agrees
            && example.iter().all(|(name, _)| takes(name) || fixes(name) || sets(name))
    })
}

fn fields<'a>(fields: &'a [spec::Field], version: &Version) -> Vec<Field<'a>> {
    fields
        .iter()
        .map(|field| Field {
            name: names::snake(&field.name),
            spec: field,
            shape: shape(field, version),
        })
        .collect()
}

fn shape(field: &spec::Field, version: &Version) -> Shape {
    let (kind, list) = match &*field.kind {
        FieldType::List(item) => (&**item, true),
        kind => (kind, false),
    };
    let (reader, item) = match kind {
        FieldType::String => ("string", Item::Builtin("String")),
        FieldType::Int32 => ("int32", Item::Builtin("i32")),
        FieldType::Int64 => ("int64", Item::Builtin("i64")),
        FieldType::Bool => ("boolean", Item::Builtin("bool")),
        FieldType::Float => ("float", Item::Builtin("f64")),
        FieldType::Double => ("double", Item::Builtin("f64")),
        FieldType::TimestampString | FieldType::TimestampNumber => {
            ("timestamp", Item::Core("Timestamp"))
        }
        FieldType::Category => ("category", Item::Core("CategoryId")),
        FieldType::BoundingBox => ("bounding_box", Item::Core("BoundingBox")),
        FieldType::SortExprValues => ("sort_expr_values", Item::Core("SortExprValues")),
        FieldType::TaskIdString | FieldType::TaskIdNumber => ("task_id", Item::Core("TaskId")),
        FieldType::Named(name) => {
            let enums = version.types.iter().flat_map(|types| &types.content.enums);
            let found = enums.into_iter().find(|it| it.name.as_str() == name);
            let reader = match found.map(|it| it.repr) {
                Some(Representation::String) => "text_enum",
                Some(Representation::Int32) => "number_enum",
                None => match field.tolerate.as_deref() {
                    Some(Tolerate::FirstOfList) => "first_of_list",
                    Some(Tolerate::BareList) => "bare_list",
                    None => "object",
                },
            };
            (reader, Item::Generated(name.clone()))
        }
        // A list of lists is no type of the specification.
        FieldType::List(_) => ("string", Item::Builtin("String")),
    };
    Shape {
        reader: if list { "list" } else { reader },
        item,
        list,
        as_string: matches!(kind, FieldType::TimestampString | FieldType::TaskIdString),
    }
}
