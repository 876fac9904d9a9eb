//! The journal of the admin API: what it tells of requests, and what it does not.

use imagesearch_emulator::{Auth, Emulator, FaultEffect, FaultRule, Hop, Reset};
use serde_json::{Value, json};

use crate::admin::{add, admin, asking, detail};
use crate::wire::{NOW, Unsigned, start, until};

fn requests(emulator: &Emulator, query: &str) -> (Vec<Value>, u64) {
    let answer = admin(emulator, "GET", &format!("/requests{query}"), "").json();
    (answer["requests"].as_array().unwrap().clone(), answer["next"].as_u64().unwrap())
}

#[test]
fn a_request_is_told_without_its_values() {
    let emulator = start(Emulator::builder());
    let answer = add(&emulator, 7, "1");
    let (all, next) = requests(&emulator, "");
    let mut told = all[0].clone();
    assert!(told["ms"].is_u64() && told["picture_bytes"].as_u64().unwrap() > 100, "{told}");
    told.as_object_mut().unwrap().retain(|name, _| name != "ms" && name != "picture_bytes");
    assert_eq!(
        told,
        json!({
            "seq": 1, "time": NOW, "hop": "api", "action": "AddImage", "instance": "demo",
            "account": Emulator::ACCESS_KEY_ID,
            "keys": ["InstanceName", "ProductId", "PicName", "PicContent"],
            "status": 200, "code": null, "request_id": answer.headers["x-acs-request-id"],
            "fault": null, "signature": null,
        })
    );
    assert_eq!((all.len(), next), (1, 1));
    assert_eq!(emulator.requests().len(), 1);
}

#[test]
fn a_reader_goes_on_where_it_was() {
    let emulator = start(Emulator::builder());
    assert_eq!(add(&emulator, 1, "1").status, 200);
    for nonce in ["2", "3"] {
        assert_eq!(detail(&emulator, "demo", nonce).status, 200);
    }
    // The admin API itself is not in it.
    for (query, expected, next) in [
        ("", vec![1, 2, 3], 3),
        ("?since=1", vec![2, 3], 3),
        ("?since=1&limit=1", vec![2], 2),
        ("?action=Detail", vec![2, 3], 3),
        ("?action=Detail&since=2", vec![3], 3),
        ("?since=3", vec![], 3),
    ] {
        let (told, then) = requests(&emulator, query);
        let numbers: Vec<u64> = told.iter().map(|it| it["seq"].as_u64().unwrap()).collect();
        assert_eq!((numbers, then), (expected, next), "{query}");
    }
    assert_eq!(admin(&emulator, "DELETE", "/requests", "").json(), json!({ "removed": 3 }));
    assert_eq!(requests(&emulator, ""), (vec![], 3));
}

#[test]
fn a_wrong_signature_is_explained() {
    for (mode, status) in [(Auth::Strict, 400), (Auth::Lax, 200)] {
        let emulator = start(Emulator::builder().auth(mode));
        let query = [("InstanceName", Emulator::INSTANCE)];
        let call = Unsigned { query: &query, ..Unsigned::new("Detail", &[], "1") };
        let mut request = call.acs3(&emulator);
        // Signed with the host as it is, sent to another spelling of it.
        let port = emulator.local_addr().port();
        *request.header("host") = format!("localhost:{port}");
        assert_eq!(request.send(&emulator).status, status);
        let (told, _) = requests(&emulator, "");
        let signature = &told[0]["signature"];
        assert_eq!(signature["code"], "SignatureDoesNotMatch", "{signature}");
        assert_eq!(signature["passed"], mode == Auth::Lax);
        let text = signature["server_string_to_sign"].as_str().unwrap();
        assert!(text.starts_with("ACS3-HMAC-SHA256\n"), "{text}");
        let signed = signature["server_signed"].as_str().unwrap();
        assert!(signed.contains(&format!("host:localhost:{port}\n")), "{signed}");
        assert_eq!(signature["client_signed"], Value::Null);
        assert_eq!(signature["first_difference"], Value::Null);
    }
}

#[test]
fn a_usual_mistake_is_shown_side_by_side() {
    let emulator = start(Emulator::builder());
    // Signs a blank as `+`, where the canonical form has %20.
    let query = [("InstanceName", "a b")];
    let call = Unsigned { query: &query, ..Unsigned::new("Detail", &[], "1") };
    let mut request = call.acs3(&emulator);
    let secret = format!("{}&", Emulator::ACCESS_KEY_SECRET);
    let key = (Emulator::ACCESS_KEY_ID, &*secret);
    let wrong = Unsigned { key, ..call.clone() }.acs3(&emulator);
    *request.header("authorization") = wrong.headers.last().unwrap().1.clone();
    assert_eq!(request.send(&emulator).error(), (400, "SignatureDoesNotMatch".to_owned()));
    let (told, _) = requests(&emulator, "");
    let signature = &told[0]["signature"];
    let reason = signature["reason"].as_str().unwrap();
    assert_eq!(reason, "the secret was used with a trailing ampersand");
    assert_eq!(signature["client_signed"], signature["server_signed"]);
    assert!(!told[0].to_string().contains(Emulator::ACCESS_KEY_SECRET), "{}", told[0]);
}

#[test]
fn other_findings_say_why() {
    let emulator = start(Emulator::builder());
    let query = [("InstanceName", Emulator::INSTANCE)];
    let old = Unsigned {
        date: "2026-01-02T02:04:05Z",
        query: &query,
        ..Unsigned::new("Detail", &[], "1")
    };
    assert_eq!(old.acs3(&emulator).send(&emulator).status, 400);
    let (told, _) = requests(&emulator, "");
    assert_eq!(told[0]["code"], "InvalidTimeStamp.Expired");
    let signature = &told[0]["signature"];
    assert!(signature["reason"].as_str().unwrap().contains("2026-01-02T02:04:05Z"), "{signature}");
    assert_eq!(signature["server_signed"], Value::Null);
}

#[test]
fn faults_are_named_also_where_nothing_was_answered() {
    let emulator = start(Emulator::builder());
    for (effect, status, code) in [
        (FaultEffect::Reset(Reset::BeforeHeaders), Value::Null, Value::Null),
        (FaultEffect::Html502, json!(502), Value::Null),
        (FaultEffect::RejectAfterUpload, json!(500), json!("PictureError")),
    ] {
        emulator.set_faults([FaultRule::new("rule", effect.clone())]).unwrap();
        detail(&emulator, "demo", effect.name());
        let (told, _) = requests(&emulator, "");
        let told = told.last().unwrap();
        assert_eq!(told["fault"], "rule", "{told}");
        assert_eq!((&told["status"], &told["code"]), (&status, &code), "{told}");
    }
}

#[test]
fn a_client_that_gives_up_is_written_down() {
    let rule = FaultRule::new("hang", FaultEffect::Hang).hop(Hop::Api);
    let emulator = start(Emulator::builder().faults([rule]));
    let mut stream = std::net::TcpStream::connect(emulator.local_addr()).unwrap();
    let request = "GET /?Action=Detail HTTP/1.1\r\nhost: x\r\n\r\n";
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    until(|| emulator.fault_hits()["hang"] > 0);
    assert_eq!(emulator.requests(), []);
    drop(stream);
    until(|| !emulator.requests().is_empty());
    let told = &emulator.requests()[0];
    assert_eq!((told.action.as_deref(), told.status), (Some("Detail"), None));
    assert_eq!(told.fault.as_deref(), Some("hang"));
}

#[test]
fn uploads_tell_their_size_and_no_secrets() {
    let emulator = start(Emulator::builder());
    let call = Unsigned {
        method: "GET",
        version: "2019-12-19",
        query: &[("Product", "ImageSearch"), ("RegionId", "cn-shanghai")],
        ..Unsigned::new("AuthorizeFileUpload", &[], "1")
    };
    let authorization = call.acs3(&emulator).send(&emulator).json();
    let text = |field: &str| authorization[field].as_str().unwrap().to_owned();
    let mut body = String::new();
    for (name, value) in [
        ("OSSAccessKeyId", text("AccessKeyId")),
        ("policy", text("EncodedPolicy")),
        ("Signature", text("Signature")),
        ("key", text("ObjectKey")),
        ("success_action_status", "201".to_owned()),
        ("file", "12345".to_owned()),
    ] {
        body.push_str(&format!(
            "--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        ));
    }
    body.push_str("--b--\r\n");
    let mut upload = asking(&emulator, "POST", "", &body);
    upload.path = "/".to_owned();
    let multipart = "multipart/form-data; boundary=b".to_owned();
    upload.headers.push(("content-type".to_owned(), multipart));
    let answer = upload.send(&emulator);
    assert_eq!(answer.status, 201, "{answer:?}");
    let (told, _) = requests(&emulator, "?since=1");
    assert_eq!((&told[0]["hop"], &told[0]["action"]), (&json!("oss"), &json!("PostObject")));
    assert_eq!(told[0]["picture_bytes"], 5);
    assert!(!told[0].to_string().contains(&text("Signature")), "{}", told[0]);
    let metrics = admin(&emulator, "GET", "/metrics", "").body;
    assert!(metrics.contains("imagesearch_emulator_uploaded_bytes_total 5\n"), "{metrics}");
    let reset = admin(&emulator, "POST", "/reset", "").json();
    assert_eq!(reset["removed"]["uploads"], 1);
}
