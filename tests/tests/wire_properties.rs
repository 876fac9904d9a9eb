//! What holds for every request and every answer, in both clients.

use std::collections::BTreeMap;

use imagesearch_core::{
    Error, ErrorKind, Image,
    client::SignatureMethod,
    errors::Hop,
    exchange::RawResponse,
    operation::Operation,
    parameters::{Parameters, Value},
    requests::RawRequest,
    wire::{self, FormValue, WireBody},
};
use imagesearch_tests::{
    any_request::{any_request, operations},
    arrived::{Arrived, as_pairs, decoded, encoded},
    fake::{answer, hop_of},
    scenario::authorization,
    verifier::{verify_acs3, verify_rpc},
    wire::{Async, Blocking, Caller, KEY, SECRET, Wire, raw_call, settings},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{Config, TestCaseError, TestRunner},
};
use serde_json::{Map, Value as Json, json};

const INSTANCE: &str = "shop";

/// Runs a property; failures are not kept in files, since cases are small and seeds are printed.
fn check<S: Strategy>(
    cases: u32,
    strategy: S,
    property: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&strategy, property).unwrap();
}

#[test]
fn both_clients_send_every_request_alike_and_signed() {
    let wire = Wire::start();
    let authority = wire.uri().strip_prefix("http://").unwrap().to_owned();
    wire.answer_with(move |request| match hop_of(request) {
        Hop::Authorize => answer(200, &authorization(&authority)),
        Hop::Upload => answer(201, ""),
        _ => answer(200, r#"{"Success":true}"#),
    });
    let (blocking, asynchronous) = (wire.blocking(), wire.asynchronous());
    check(256, any_request(), |(operation, parameters)| {
        let call = || raw_call(operation.name, &parameters);
        let failed = |error: Error| TestCaseError::fail(error.to_string());
        blocking.call(INSTANCE, call()).map_err(failed)?;
        let first = wire.take();
        asynchronous.call(INSTANCE, call()).map_err(failed)?;
        let second = wire.take();

        prop_assert_eq!(Arrived::sorted(&first), Arrived::sorted(&second));
        for request in first.iter().chain(&second).filter(|it| hop_of(it) != Hop::Upload) {
            verify_acs3(request, KEY, SECRET).map_err(TestCaseError::fail)?;
        }
        let invoked = first.iter().find(|request| hop_of(request) == Hop::Invoke).unwrap();
        let (arrived, unknown) = decoded(operation, invoked).unwrap();
        prop_assert_eq!(unknown, Vec::<String>::new());
        prop_assert_eq!(
            sorted(&arrived),
            sorted(&as_uploaded(operation, &parameters, &wire.uri()))
        );
        Ok(())
    });
}

#[test]
fn both_clients_sign_every_request_with_hmac_sha1_too() {
    let wire = Wire::start();
    wire.answer_with(|_| answer(200, r#"{"Success":true}"#));
    let method = SignatureMethod::HmacSha1;
    let blocking = Blocking(settings(&wire.uri()).with_signature(method).build().unwrap());
    let asynchronous = settings(&wire.uri()).with_signature(method).build().unwrap();
    let asynchronous = Async(asynchronous, wire.runtime());
    check(64, any_request(), |(operation, parameters)| {
        if operation.images().next().is_some() {
            return Ok(());
        }
        let failed = |error: Error| TestCaseError::fail(error.to_string());
        let call = || raw_call(operation.name, &parameters);
        blocking.call(INSTANCE, call()).map_err(failed)?;
        asynchronous.call(INSTANCE, call()).map_err(failed)?;
        let requests = wire.take();
        prop_assert_eq!(Arrived::new(&requests[0]), Arrived::new(&requests[1]));
        for request in &requests {
            verify_rpc(request, KEY, SECRET).map_err(TestCaseError::fail)?;
        }
        Ok(())
    });
}

/// Puts the instance in, and the place of uploaded pictures in theirs.
fn as_uploaded(operation: &Operation, parameters: &Parameters, url: &str) -> Parameters {
    let mut sent = parameters.clone();
    for picture in operation.images() {
        if parameters.get(picture.name).is_some_and(|it| it.to_wire().is_none()) {
            sent.set(picture.name, Image::from_url(format!("{url}/42/7/2026/picture")));
        }
    }
    sent.set("InstanceName", INSTANCE);
    sent
}

fn sorted(parameters: &Parameters) -> BTreeMap<String, Value> {
    parameters.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect()
}

#[test]
fn encoding_and_decoding_are_inverse_for_texts_that_hold_anything() {
    check(512, any_request(), |(operation, parameters)| {
        let request =
            encoded(operation, &parameters).map_err(|it| TestCaseError::fail(it.to_string()))?;
        let mut form = match &request.body {
            WireBody::Form(form) => form.clone(),
            _ => Vec::new(),
        };
        // Pictures are Base64, which is not told from a URL here.
        form.retain(|(_, value)| matches!(value, FormValue::Text(_)));
        let form: Vec<_> = form.iter().map(|(name, value)| (name, value.to_text())).collect();
        let (decoded, unknown) = wire::decode(operation, request.query_pairs(), as_pairs(&form));
        prop_assert_eq!(unknown, Vec::<String>::new());
        let mut on_the_wire = sorted(&parameters);
        on_the_wire.retain(|_, value| value.to_wire().is_some());
        prop_assert_eq!(sorted(&decoded), on_the_wire);
        Ok(())
    });
}

#[test]
fn every_answer_survives_what_a_newer_service_may_add() {
    let wire = Wire::start();
    let (blocking, asynchronous) = (wire.blocking(), wire.asynchronous());
    let case = (select(operations()), any::<u64>());
    check(256, case, |(operation, seed)| {
        let worked = operation.example().unwrap();
        let example: Json = serde_json::from_str(worked.response).unwrap();
        let body = mutate(example, &mut Dice(seed), true).to_string();
        let shown = body.clone();
        wire.answer_with(move |_| answer(200, &body));
        let example = worked.parameters.iter();
        let parameters: Parameters =
            example.map(|(name, value)| (*name, Value::from(*value))).collect();
        let call = || raw_call(operation.name, &parameters);
        let first = decode(operation, blocking.call(INSTANCE, call()));
        let second = decode(operation, asynchronous.call(INSTANCE, call()));
        wire.take();
        match (&first, &second) {
            (Ok(first), Ok(second)) => prop_assert_eq!(first, second),
            (Err(first), Err(second)) => {
                prop_assert_eq!(first.kind(), ErrorKind::Service, "{}: {}", first, shown);
                prop_assert_eq!(first.to_string(), second.to_string());
            }
            _ => return Err(TestCaseError::fail(format!("{first:?} and {second:?}: {shown}"))),
        }
        Ok(())
    });
}

#[test]
fn no_answer_whatever_its_bytes_makes_a_client_panic() {
    let wire = Wire::start();
    let (blocking, asynchronous) = (wire.blocking(), wire.asynchronous());
    let status = select(vec![200_u16, 201, 204, 301, 400, 403, 404, 500, 503, 599]);
    let pieces = select(vec![
        "{",
        "}",
        "[",
        "]",
        "\"Code\":",
        "\"Success\":false",
        "\"a\"",
        ",",
        "null",
        "<Error>",
        "<Code>X</Code>",
        "</Error>",
        "\u{feff}",
        "\\ud800",
        "1e999",
        "é",
        "\0",
    ]);
    let body = prop_oneof![
        vec(pieces, 0..8).prop_map(|pieces| pieces.concat().into_bytes()),
        vec(any::<u8>(), 0..64),
    ];
    check(128, (status, body), |(status, body)| {
        wire.answer_with(move |_| {
            let mut answer = answer(status, "");
            *answer.body_mut() = body.clone().into();
            answer
        });
        // Not idempotent, so that it is sent once.
        let first = blocking.call(INSTANCE, RawRequest::new("DumpMeta"));
        let second = asynchronous.call(INSTANCE, RawRequest::new("DumpMeta"));
        wire.take();
        prop_assert_eq!(outcome(&first), outcome(&second));
        Ok(())
    });
}

fn outcome(result: &Result<RawResponse, Error>) -> String {
    match result {
        Ok(reply) => format!("{:?}", reply.meta().body()),
        Err(error) => error.to_string(),
    }
}

/// Decodes an answer as its operation's type, and writes it down again.
fn decode(operation: &Operation, reply: Result<RawResponse, Error>) -> Result<Json, Error> {
    let reply = reply?;
    macro_rules! by_name {
        ($($name:literal => $response:ident),* $(,)?) => {
            match operation.name {
                $($name => {
                    let response = reply.decode::<imagesearch_core::answers::$response>()?;
                    Ok(serde_json::to_value(response.into_inner()).unwrap())
                })*
                other => panic!("{other} is missing here"),
            }
        };
    }
    by_name! {
        "AddImage" => AddImageResponse,
        "CheckImageExists" => CheckImageExistsResponse,
        "CompareSimilarByImage" => CompareSimilarByImageResponse,
        "DeleteImage" => DeleteImageResponse,
        "Detail" => DetailResponse,
        "DumpMeta" => DumpMetaResponse,
        "DumpMetaList" => DumpMetaListResponse,
        "IncreaseInstance" => IncreaseInstanceResponse,
        "IncreaseList" => IncreaseListResponse,
        "SearchImageByFilter" => SearchImageByFilterResponse,
        "SearchImageByName" => SearchImageByNameResponse,
        "SearchImageByPic" => SearchImageByPicResponse,
        "SearchImageByText" => SearchImageByTextResponse,
        "UpdateImage" => UpdateImageResponse,
    }
}

/// Numbers drawn from a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Adds unknown keys at every level and changes the types and values of some fields.
fn mutate(value: Json, dice: &mut Dice, top: bool) -> Json {
    match value {
        Json::Object(object) => {
            let mut mutated = Map::new();
            for (name, value) in object {
                // Whether the answer is a success at all is not to change.
                let decides = top && matches!(name.as_str(), "Success" | "Code");
                let value = if decides { value } else { mutate(value, dice, false) };
                mutated.insert(name, value);
            }
            mutated.insert(format!("New{}", dice.roll(9)), json!({"Deep": [1, {"er": null}]}));
            Json::Object(mutated)
        }
        Json::Array(elements) => match dice.roll(8) {
            0 => Json::Null,
            1 => json!("not a list"),
            2 => elements.into_iter().next().unwrap_or_default(),
            _ => elements.into_iter().map(|element| mutate(element, dice, false)).collect(),
        },
        Json::Number(number) => match dice.roll(8) {
            0 => Json::Null,
            1 => json!(number.to_string()),
            2 => json!(987_654_321_987_654_321_i64),
            3 => json!(-1.5),
            4 => json!([number]),
            _ => Json::Number(number),
        },
        Json::String(text) => match dice.roll(8) {
            0 => Json::Null,
            1 => text.parse::<i64>().map_or(json!(17), |number| json!(number)),
            2 => json!("A_STATUS_OF_NEXT_YEAR"),
            3 => json!({"text": text}),
            4 => json!(true),
            _ => Json::String(text),
        },
        Json::Bool(flag) => match dice.roll(6) {
            0 => Json::Null,
            1 => json!(flag.to_string()),
            2 => json!(i32::from(flag)),
            _ => Json::Bool(flag),
        },
        Json::Null => Json::Null,
    }
}
