//! The worked example of every operation, through validation, encoding and decoding.

use std::collections::BTreeSet;

use imagesearch_core::{
    image::ImageLimits,
    operation::{Example, Operation},
    operations::OPERATIONS,
    parameters::Parameters,
    requests::{
        AddImageRequest, CheckImageExistsRequest, CompareSimilarByImageRequest, DeleteImageRequest,
        DetailRequest, DumpMetaListRequest, DumpMetaRequest, IncreaseInstanceRequest,
        IncreaseListRequest, Request, SearchImageByFilterRequest, SearchImageByNameRequest,
        SearchImageByPicRequest, SearchImageByTextRequest, UpdateImageRequest,
    },
    v2018, v2019,
    validate::validate,
    wire::{WireBody, decode, decode_caret},
};
use imagesearch_tests::{
    answers::comparable,
    arrived::{as_pairs, encoded},
};
use serde_json::Value;

/// Decodes an answer and writes it again.
type Rewrite = fn(&str) -> serde_json::Result<Value>;

/// Every request type, by its operation.
const TYPES: &[(&Operation, Rewrite)] = &[
    entry::<AddImageRequest>(),
    entry::<CheckImageExistsRequest>(),
    entry::<CompareSimilarByImageRequest>(),
    entry::<DeleteImageRequest>(),
    entry::<DetailRequest>(),
    entry::<DumpMetaRequest>(),
    entry::<DumpMetaListRequest>(),
    entry::<IncreaseInstanceRequest>(),
    entry::<IncreaseListRequest>(),
    entry::<SearchImageByFilterRequest>(),
    entry::<SearchImageByNameRequest>(),
    entry::<SearchImageByPicRequest>(),
    entry::<SearchImageByTextRequest>(),
    entry::<UpdateImageRequest>(),
    entry::<v2018::AddItemRequest>(),
    entry::<v2018::DeleteItemRequest>(),
    entry::<v2018::SearchItemRequest>(),
    entry::<v2019::AddImageRequest>(),
    entry::<v2019::DeleteImageRequest>(),
    entry::<v2019::SearchImageRequest>(),
];

const fn entry<R: Request>() -> (&'static Operation, Rewrite) {
    (R::OPERATION, rewrite::<R>)
}

fn rewrite<R: Request>(answer: &str) -> serde_json::Result<Value> {
    serde_json::to_value(serde_json::from_str::<R::Response>(answer)?).map(comparable)
}

#[test]
fn every_operation_has_a_request_type() {
    let key = |operation: &Operation| (operation.version, operation.name);
    let table: BTreeSet<_> = OPERATIONS.iter().map(|operation| key(operation)).collect();
    let typed: BTreeSet<_> = TYPES.iter().map(|(operation, _)| key(operation)).collect();
    assert_eq!(table, typed);
    assert_eq!(TYPES.len(), OPERATIONS.len());
    assert_eq!(OPERATIONS.len(), 20);
}

#[test]
fn example_parameters_are_valid() {
    for operation in OPERATIONS {
        let violations = validate(operation, &example(operation), &ImageLimits::DEFAULT, &[]);
        assert!(violations.is_empty(), "{}: {violations:?}", operation.name);
    }
}

#[test]
fn example_parameters_go_where_the_example_says() {
    for operation in OPERATIONS {
        let (name, example_request) = (operation.name, example_of(operation));
        let request = encoded(operation, &example(operation)).unwrap();
        let texts = request.body.form_pairs();
        let form = texts.map(|(it, text)| (it.to_owned(), text.into_owned())).collect::<Vec<_>>();
        let sorted = |mut pairs: Vec<(String, String)>| {
            pairs.sort();
            pairs
        };
        assert!(request.query_pairs().eq(example_request.query.iter().copied()), "{name}: query");
        assert_eq!(sorted(form.clone()), sorted(owned(example_request.form)), "{name}: form");
        let body = match &request.body {
            WireBody::Caret(body) => Some(body.to_bytes()),
            _ => None,
        };
        assert_eq!(body.as_deref(), example_request.caret.map(str::as_bytes), "{name}: body");

        // The way back is what the emulator reads, which has pictures as texts.
        let (mut decoded, mut unknown) = decode(operation, request.query_pairs(), as_pairs(&form));
        if let Some(body) = &body {
            let (parameters, others) = decode_caret(operation, body).unwrap();
            decoded.extend(parameters);
            unknown.extend(others);
        }
        assert_eq!(unknown, [""; 0], "{name}");
        for (it, value) in example(operation).iter() {
            let found = decoded.get(it).unwrap_or_else(|| panic!("{name}: {it} is lost"));
            let texts = (found.to_wire(), value.to_wire());
            assert!(found == value || (texts.0.is_some() && texts.0 == texts.1), "{name}: {it}");
        }
        assert_eq!(encoded(operation, &decoded).unwrap(), request, "{name}: there and back");
        let violations = validate(operation, &decoded, &ImageLimits::DEFAULT, &[]);
        assert!(violations.is_empty(), "{name}: {violations:?}");
    }
}

#[test]
fn example_answers_survive_their_types() {
    for (operation, rewrite) in TYPES {
        let name = operation.name;
        let response = example_of(operation).response;
        let example: Value =
            serde_json::from_str(response).unwrap_or_else(|error| panic!("{name}: {error}"));
        let rewritten = rewrite(response).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(rewritten, comparable(example), "{name}");
        let fields = rewritten.as_object().map_or(0, serde_json::Map::len);
        assert!(fields >= 2, "{name}: {rewritten}");
    }
}

fn example_of(operation: &Operation) -> &'static Example {
    operation.example().unwrap_or_else(|| panic!("{} has no example", operation.name))
}

/// Returns the example's parameters behind the name of the instance, which a handle supplies.
fn example(operation: &Operation) -> Parameters {
    let example = example_of(operation);
    let scope = operation.parameters.iter().find(|parameter| parameter.scope);
    let mut parameters = Parameters::new();
    for (name, value) in example.query.iter().chain(example.form) {
        if scope.is_some_and(|scope| scope.name == *name) {
            parameters.set(*name, *value);
        }
    }
    for (name, value) in example.parameters {
        parameters.set(*name, *value);
    }
    parameters
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
