use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::Value;

use super::*;

fn cases() -> Vec<Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/legacy_roa_20180120.json");
    let text = std::fs::read_to_string(path).expect("the vectors are there");
    let vectors: Value = serde_json::from_str(&text).expect("the vectors can be read");
    let cases = vectors["cases"].as_array().expect("is a list").clone();
    assert_eq!(cases.len(), 12);
    cases
}

fn content(base64: &Value) -> Vec<u8> {
    BASE64_STANDARD.decode(base64.as_str().expect("is text")).expect("is Base64")
}

/// Returns the pictures of a vector with their contents; those to delete have none.
fn pictures(parameters: &Value) -> Vec<(String, Option<Vec<u8>>)> {
    if let Some(base64) = parameters.get("picture_base64") {
        return vec![(SEARCH_PICTURE.to_owned(), Some(content(base64)))];
    }
    let pictures = parameters["pictures"].as_array().expect("is a list").iter();
    pictures
        .map(|picture| match picture.as_str() {
            Some(name) => (name.to_owned(), None),
            None => {
                let name = picture["name"].as_str().expect("is text");
                (name.to_owned(), Some(content(&picture["content_base64"])))
            }
        })
        .collect()
}

/// Writes the parameters of a vector in the order of the official SDK.
fn encoded(operation: &str, parameters: &Value) -> CaretBody {
    let field = |body: CaretBody, wire: &str, name: &str| match &parameters[name] {
        Value::Null => body,
        Value::String(text) => body.field(wire, text.as_str()),
        number => body.field(wire, number.to_string()),
    };
    let mut body = CaretBody::new();
    let fields: &[(&str, &str)] = match operation {
        "SearchItem" => &[("s", "start"), ("n", "num"), ("cat_id", "cat_id")],
        "AddItem" => {
            &[("item_id", "item_id"), ("cat_id", "cat_id"), ("cust_content", "cust_content")]
        }
        _ => &[("item_id", "item_id")],
    };
    for (wire, name) in fields {
        body = field(body, wire, name);
    }
    if operation == "SearchItem" {
        body = body.pic_list();
    }
    for (name, content) in pictures(parameters) {
        body = match content {
            Some(content) => body.picture(name, content),
            None => body.picture_name(name),
        };
    }
    if operation == "SearchItem" { body } else { body.pic_list() }
}

#[test]
fn every_body_is_that_of_the_official_sdk() {
    for case in cases() {
        let (id, operation) = (&case["id"], case["operation"].as_str().unwrap());
        let expected = case["request"]["body"].as_str().unwrap();
        let body = encoded(operation, &case["parameters"]);
        let ascii = expected.is_ascii();
        match body.clone().build() {
            Ok(body) => assert_eq!(written(&body), expected, "{id}"),
            Err(error) => {
                assert!(!ascii, "{id}: {error}");
                assert_eq!(error.kind(), CaretErrorKind::Text, "{id}: {error}");
            }
        }
        let body = body.with_text(CaretText::Utf8).build().unwrap();
        assert_eq!(written(&body), expected, "{id}");
        assert_eq!(body.len(), case["request"]["body_length"].as_u64().unwrap(), "{id}");
    }
}

#[test]
fn every_body_is_read_back() {
    for case in cases() {
        let (id, parameters) = (&case["id"], &case["parameters"]);
        let body = Bytes::from(case["request"]["body"].as_str().unwrap().to_owned());
        let parts = decode(&body).unwrap();
        let content = &body[body.iter().position(|byte| *byte == b'^').unwrap() + 1..];
        let meta = case["body_meta"].as_array().unwrap();
        assert_eq!(parts.entries().len(), meta.len(), "{id}");
        for (entry, meta) in parts.entries().iter().zip(meta) {
            let offset = |name: &str| usize::try_from(meta[name].as_u64().unwrap()).unwrap();
            assert_eq!(entry.name, meta["key"], "{id}");
            assert_eq!(entry.value, content[offset("start")..offset("end")], "{id}");
        }

        for (wire, name) in [
            ("item_id", "item_id"),
            ("cat_id", "cat_id"),
            ("cust_content", "cust_content"),
            ("s", "start"),
            ("n", "num"),
        ] {
            let expected = match &parameters[name] {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                number => Some(number.to_string()),
            };
            assert_eq!(parts.text(wire).unwrap(), expected.as_deref(), "{id}: {wire}");
        }
        let expected = pictures(parameters);
        let names: Vec<String> = expected.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(parts.picture_names().unwrap(), Some(names), "{id}");
        match case["operation"].as_str().unwrap() {
            "AddItem" => {
                let read = parts.added_pictures().unwrap().into_iter();
                let read: Vec<_> =
                    read.map(|picture| (picture.name, Some(picture.content.to_vec()))).collect();
                assert_eq!(read, expected, "{id}");
            }
            "SearchItem" => {
                let read = parts.search_picture().unwrap();
                assert_eq!(Some(&*read.content), expected[0].1.as_deref(), "{id}");
            }
            _ => assert!(expected.iter().all(|(_, content)| content.is_none()), "{id}"),
        }
    }
}
