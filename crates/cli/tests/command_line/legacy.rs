use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::{
    emulator::Running,
    program::{Ended, command, finish, run},
};

const CAT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../similarity/photos/cat.jpg");
const ROCKET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../similarity/photos/rocket.jpg");

fn vectors() -> Vec<Value> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/legacy_roa_20180120.json");
    let file: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    file["cases"].as_array().unwrap().clone()
}

/// Rewrites the names of the recording as those of the wire.
fn parameters(case: &Value) -> String {
    let mut named = serde_json::Map::new();
    for (name, value) in case["parameters"].as_object().unwrap() {
        let name = match name.as_str() {
            "pictures" if case["operation"] == "DeleteItem" => "pic_list",
            "start" => "s",
            "num" => "n",
            "picture_base64" => "searchPic",
            other => other,
        };
        named.insert(name.to_owned(), value.clone());
    }
    Value::Object(named).to_string()
}

fn run_vector(case: &Value) -> Ended {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let date = text(&case["timestamp"]);
    let words: Vec<&str> = date.split(' ').collect();
    assert_eq!(words[2], "Jan", "all were recorded in January");
    let time = format!("{}-01-{}T{}Z", words[3], words[1], words[4]);
    let mut command = command(&["request", &text(&case["operation"]), "--params", "-"]);
    command.args(["--api-version", "2018-01-20", "--signature", "roa", "--sdk-compat"]);
    command.args(["--no-validate", "--non-ascii", "--region", &text(&case["region"])]);
    command.args(["--endpoint", &text(&case["request"]["headers"]["host"])]);
    command.args(["--timestamp", &time]);
    command.args(["--access-key-id", &text(&case["credentials"]["access_key_id"])]);
    command.args(["--access-key-secret", &text(&case["credentials"]["access_key_secret"])]);
    if let Some(token) = case["credentials"]["security_token"].as_str() {
        command.args(["--security-token", token]);
    }
    finish(command, parameters(case).as_bytes())
}

#[test]
fn equals_what_the_official_sdk_of_2018_sends() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 12);
    for case in vectors {
        let (id, sent) = (&case["id"], &case["request"]);
        let printed = run_vector(&case).json();
        for part in ["method", "path", "body", "body_encoding"] {
            assert_eq!(printed[part], sent[part], "{id}: {part}");
        }
        for (name, value) in printed["headers"].as_object().unwrap() {
            assert_eq!(*value, sent["headers"][name], "{id}: {name}");
        }
        assert_eq!(printed["headers"]["authorization"], case["authorization"], "{id}");
        assert!(printed["headers"]["content-md5"].is_string(), "{id}");
        assert_eq!(printed["string_to_sign"], case["string_to_sign"], "{id}");
        assert_eq!(printed["signature"], case["signature_value"], "{id}");
    }
}

fn request(version: &str, operation: &str, more: &[&str], parameters: &Value) -> Ended {
    let mut arguments = vec!["request", operation, "--api-version", version, "--params", "-"];
    arguments.extend(["--access-key-id", "testid", "--access-key-secret", "testsecret"]);
    arguments.extend(["--region", "cn-shanghai"]);
    arguments.extend(more);
    run(&arguments, parameters.to_string().as_bytes())
}

#[test]
fn signs_checked_requests_of_both_versions() {
    let cat = fs::read(CAT).unwrap();
    let cat = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, cat);
    let search = json!({"InstanceName": "demo", "PicContent": cat, "Num": 3});
    let printed = request("2019-03-25", "SearchImage", &[], &search).json();
    assert_eq!(printed["path"], "/v2/image/search");
    assert_eq!(printed["headers"]["x-acs-version"], "2019-03-25");
    assert!(printed["headers"]["authorization"].as_str().unwrap().starts_with("ACS3"));
    let text = cat.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    assert!(printed["body"].as_str().unwrap().ends_with(&format!("&PicContent={text}")));

    let search = json!({"instanceName": "demo", "searchPic": cat});
    let printed = request("2018-01-20", "search-item", &["--signature", "roa"], &search).json();
    assert!(printed["body"].as_str().unwrap().starts_with("s,0,1#n,1,3#pic_list,3,15#"));
    assert_eq!(printed["headers"].get("x-acs-signature-nonce"), None);
}

#[test]
fn refuses_what_a_version_does_not_have() {
    let item = json!({"instanceName": "demo", "item_id": "1"});
    let name = "AddItem";
    request("2020-12-14", name, &[], &item).refused(2, &["--api-version 2018-01-20"]);
    request("2017-01-01", name, &[], &item).refused(2, &["2018-01-20", "2019-03-25"]);
    let detail = json!({"InstanceName": "demo"});
    request("2020-12-14", "Detail", &["--signature", "roa"], &detail)
        .refused(2, &["Detail of 2020-12-14", "`acs3` or `hmac-sha1`"]);
    let version = "2018-01-20";
    request(version, "AddItem", &[], &item).refused(2, &["pictures"]);
    let form = json!({"instanceName": "demo", "item_id": "1", "form:More": "1"});
    request(version, "DeleteItem", &[], &form).refused(2, &["no form"]);
    let picture = json!({"instanceName": "demo", "searchPic": "?"});
    request(version, "SearchItem", &["--no-validate"], &picture).refused(2, &["not Base64"]);
    let text = json!({"instanceName": "demo", "item_id": "\u{54c1}"});
    request(version, "DeleteItem", &["--no-validate"], &text).refused(2, &["item_id"]);
    let nested = json!({"instanceName": "demo", "item_id": ["1"]});
    request(version, "DeleteItem", &[], &nested).refused(2, &["`item_id` is a list or object"]);
}

#[test]
fn calls_both_versions() {
    let emulator = Running::start(&[]);
    let call = |version: &str, more: &[&str]| {
        let target = ["call", "--instance", "demo", "--emulator", emulator.url()];
        run(&[&target[..], &["--api-version", version], more].concat(), b"")
    };
    let front = format!("front=view.jpg={ROCKET}");
    call("2018-01-20", &["AddItem", "--item-id", "i", "--picture", CAT]).json();
    call("2018-01-20", &["AddItem", "--item-id", "j", "--picture", &front])
        .refused(2, &["pictures", "view.jpg="]);
    let front = format!("front.jpg={ROCKET}");
    call("2018-01-20", &["add-item", "--item-id", "i", "--pictures", &front]).json();
    let search = ["SearchItem", "--search-pic", ROCKET, "--n", "1"];
    let signed = [&search[..], &["--signature", "roa"]].concat();
    assert!(call("2018-01-20", &signed).json().to_string().contains("front.jpg"));
    let delete = ["DeleteItem", "--item-id", "i", "--pic-list", "front.jpg", "--pic-list", "x"];
    call("2018-01-20", &delete).json();
    let found = call("2018-01-20", &search).json().to_string();
    assert!(found.contains("cat.jpg") && !found.contains("front.jpg"), "{found}");

    let add = ["AddImage", "--product-id", "p", "--pic-name", "r.jpg", "--pic-content", ROCKET];
    call("2019-03-25", &add).json();
    let found = call("2019-03-25", &["SearchImage", "--pic-content", ROCKET, "--num", "1"]).json();
    assert_eq!(found["Auctions"][0]["PicName"], "r.jpg");
    call("2019-03-25", &["DeleteImage", "--product-id", "p"]).json();
    call("2018-01-20", &["AddImage"]).refused(2, &["AddImage"]);
    call("2019-03-25", &["AddImage", "--pic-content", "url:http://x/y"]).refused(2, &["no URL"]);
}

#[test]
fn shows_both_versions() {
    for version in ["2018-01-20", "2019-03-25"] {
        let report = run(&["demo", "--json", "--api-version", version], b"").json();
        assert_eq!(report["passed"], true, "{report}");
        assert_eq!(report["api_version"], version);
        assert_eq!(report["found_first"], 48);
    }
}

#[test]
fn shows_an_example_with_its_version_in_the_help() {
    let ended = run(&["call", "--api-version", "2018-01-20", "AddItem", "--help"], b"");
    for words in ["call --api-version 2018-01-20 AddItem", "--pictures shoes1.jpg", "--picture]"] {
        assert!(ended.stdout.contains(words), "{words}: {}", ended.stdout);
    }
}
