use std::{collections::BTreeMap, fs, path::Path};

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::program::{Ended, command, finish, run};

const KEY: [&str; 4] = ["--access-key-id", "testid", "--access-key-secret", "testsecret"];

fn request(operation: &str, more: &[&str], parameters: &str) -> Ended {
    let mut arguments = vec!["request", operation, "--params", "-", "--region", "cn-shanghai"];
    arguments.extend(KEY);
    arguments.extend(more);
    run(&arguments, parameters.as_bytes())
}

/// Reads every request that the official Node SDK was seen to send.
fn vectors() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("node_") && !name.contains("flows") && !name.contains("errors") {
            let file: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
            cases.extend(file["cases"].as_array().unwrap().clone());
        }
    }
    assert!(cases.len() >= 190, "{} cases", cases.len());
    cases
}

fn run_vector(case: &Value) -> Ended {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (region, host) = (text(&case["region"]), text(&case["request"]["headers"]["host"]));
    let signature = match &*text(&case["signature"]) {
        "HMAC-SHA1" => "hmac-sha1",
        _ => "acs3",
    };
    let mut command = command(&["request", &text(&case["operation"]), "--params", "-"]);
    command.args(["--no-validate", "--signature", signature, "--region", &region]);
    command.args(["--timestamp", &text(&case["timestamp"])]);
    command.args(["--nonce", &text(&case["nonce"])]);
    command.args(["--access-key-id", &text(&case["credentials"]["access_key_id"])]);
    command.args(["--access-key-secret", &text(&case["credentials"]["access_key_secret"])]);
    if let Some(token) = case["credentials"]["security_token"].as_str() {
        command.args(["--security-token", token]);
    }
    if host != format!("imagesearch.{region}.aliyuncs.com") {
        command.args(["--endpoint", &host]);
    }
    finish(command, case["parameters"].to_string().as_bytes())
}

fn decoded(pairs: &str) -> Value {
    let mut map = BTreeMap::<String, Vec<String>>::new();
    for pair in pairs.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap();
        let decode = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
        map.entry(decode(name)).or_default().push(decode(value));
    }
    json!(map)
}

#[test]
fn equals_what_the_official_sdk_sends() {
    for case in vectors() {
        let tags = case["tags"].as_array().unwrap();
        if tags.contains(&json!("float")) {
            // Each language prints decimals in its own way.
            continue;
        }
        let (id, sent) = (&case["id"], &case["request"]);
        let printed = run_vector(&case).json();
        assert_eq!(printed["method"], sent["method"], "{id}");
        assert_eq!(printed["path"], sent["path"], "{id}");
        assert_eq!(printed["host"], sent["headers"]["host"], "{id}");
        assert_eq!(printed["body_encoding"], "utf8", "{id}");
        let (query, form) = (printed["raw_query"].as_str(), printed["body"].as_str());
        assert_eq!(decoded(query.unwrap()), sent["query"], "{id}");
        let sent_form = sent.get("form").cloned().unwrap_or_else(|| json!({}));
        assert_eq!(decoded(form.unwrap()), sent_form, "{id}");
        for header in ["x-acs-action", "x-acs-version", "content-type"] {
            assert_eq!(
                printed["headers"].get(header),
                sent["headers"].get(header),
                "{id} {header}"
            );
        }
        if case["signature"] == "HMAC-SHA1" {
            for stage in ["canonical_request", "string_to_sign"] {
                assert_eq!(printed[stage], case[stage], "{id}");
            }
            assert_eq!(printed["signature"], case["signature_value"], "{id}");
        } else {
            let authorization = printed["headers"]["authorization"].as_str().unwrap();
            let signature = printed["signature"].as_str().unwrap();
            assert!(authorization.ends_with(signature), "{id}");
            assert_eq!(printed["headers"]["x-acs-date"], case["timestamp"], "{id}");
        }
    }
}

#[test]
fn places_unknown_parameters_where_they_say() {
    let parameters = r#"{"InstanceName": "demo", "query:New": true, "form:Newer": 0.5}"#;
    let printed = request("Detail", &[], parameters).json();
    assert_eq!(printed["raw_query"], "InstanceName=demo&New=true");
    assert_eq!(printed["body"], "Newer=0.5");
    assert_eq!(printed["headers"].get("x-acs-signature-nonce"), None);
}

#[test]
fn signs_a_checked_request_with_base64_and_with_a_url() {
    let photo = imagesearch_similarity::photos::CLOCK;
    let photo = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, photo);
    for picture in [&*photo, "http://bucket.oss-cn-shanghai.aliyuncs.com/key"] {
        let parameters = json!({"InstanceName": "demo", "PicContent": picture}).to_string();
        let printed = request("SearchImageByPic", &[], &parameters).json();
        let form = decoded(printed["body"].as_str().unwrap());
        assert_eq!(form["PicContent"][0], picture);
    }
}

#[test]
fn names_every_violation_and_signs_nothing() {
    let parameters = r#"{"InstanceName": "demo", "Num": 500, "ScoreThreshold": "2", "Nmu": 1}"#;
    request("SearchImageByName", &[], parameters).refused(
        2,
        &[
            "ProductId",
            "PicName",
            "Num must be at most 100",
            "ScoreThreshold",
            "did you mean `Num`",
        ],
    );
    let unknown = r#"{"Nmu": 1}"#;
    request("SearchImageByName", &["--no-validate"], unknown).refused(2, &["did you mean `Num`"]);
}

#[test]
fn says_in_one_line_what_is_wrong_with_the_parameters() {
    for (parameters, words) in [
        ("{", "EOF"),
        (r#"{"Num": 1, "Num": 1}"#, "`Num` is given twice"),
        (r#"{"Num": {"a": 1}}"#, "`Num` is a list or object"),
        (r#"{"Num": 1, "form:Num": 1}"#, "`Num` would be sent twice"),
        ("7", "JSON object"),
    ] {
        let ended = request("SearchImageByName", &["--no-validate"], parameters);
        ended.refused(2, &[words]);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

#[test]
fn refuses_wrong_usage_with_status_2() {
    request("AddImag", &[], "{}").refused(2, &["'AddImage'"]);
    request("AddImage", &["--timestamp", "yesterday"], "{}").refused(2, &["2026-01-02T03:04:05Z"]);
    request("AddImage", &["--signature", "md5"], "{}").refused(2, &["acs3", "hmac-sha1"]);
    let missing = ["request", "Detail", "--params", "/does/not/exist", "--region", "cn-shanghai"];
    run(&[&missing[..], &KEY].concat(), b"").refused(2, &["/does/not/exist"]);
    run(&missing, b"").refused(2, &["--access-key-id"]);
}

#[test]
fn takes_credentials_from_the_environment() {
    let mut command = command(&["request", "Detail", "--params", "-", "--region", "cn-shanghai"]);
    command.env("ALIBABA_CLOUD_ACCESS_KEY_ID", "testid");
    command.env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testsecret");
    command.env("ALIBABA_CLOUD_SECURITY_TOKEN", "token");
    let printed = finish(command, br#"{"InstanceName": "demo"}"#).json();
    assert_eq!(printed["headers"]["x-acs-security-token"], "token");
    assert_eq!(printed["headers"]["x-acs-accesskey-id"], "testid");
}
