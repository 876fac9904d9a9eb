//! The way of a picture: authorization, form upload, use.

use std::fmt::Write as _;
use std::time::Duration;

use imagesearch_emulator::Emulator;
use serde_json::Value;

use crate::pictures::png;
use crate::wire::{Answer, Request, Unsigned, clock, exchange, start};

pub(crate) fn authorize(emulator: &Emulator, nonce: &str) -> Value {
    let call = Unsigned {
        method: "GET",
        version: "2019-12-19",
        query: &[("Product", "ImageSearch"), ("RegionId", "cn-shanghai")],
        ..Unsigned::new("AuthorizeFileUpload", &[], nonce)
    };
    let answer = call.acs3(emulator).send(emulator);
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// Lists the fields of a form that is right, the file being sent apart.
pub(crate) fn fields(authorization: &Value) -> Vec<(&'static str, String)> {
    let text = |name: &str| authorization[name].as_str().unwrap().to_owned();
    vec![
        ("OSSAccessKeyId", text("AccessKeyId")),
        ("policy", text("EncodedPolicy")),
        ("Signature", text("Signature")),
        ("key", text("ObjectKey")),
        ("success_action_status", "201".to_owned()),
    ]
}

pub(crate) fn post(emulator: &Emulator, fields: &[(&str, String)], file: Option<&[u8]>) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(
            format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .as_bytes(),
        );
    }
    if let Some(file) = file {
        body.extend_from_slice(
            b"--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\nContent-Type: \r\n\r\n",
        );
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--B--\r\n");
    form(body).send(emulator)
}

pub(crate) fn form(body: Vec<u8>) -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: Vec::new(),
        headers: vec![
            ("host".to_owned(), "upload.example".to_owned()),
            ("content-type".to_owned(), "multipart/form-data; boundary=B".to_owned()),
        ],
        body,
    }
}

fn url(authorization: &Value) -> String {
    let text = |name: &str| authorization[name].as_str().unwrap();
    format!("http://{}.{}/{}", text("Bucket"), text("Endpoint"), text("ObjectKey"))
}

fn add(emulator: &Emulator, picture: &str, nonce: &str) -> Answer {
    let form = [
        ("InstanceName", "demo"),
        ("ProductId", "1"),
        ("PicName", "1"),
        ("PicContent", picture),
        ("Crop", "True"),
    ];
    Unsigned::new("AddImage", &form, nonce).acs3(emulator).send(emulator)
}

#[test]
fn an_uploaded_picture_can_be_used() {
    let emulator = start(Emulator::builder());
    let authorization = authorize(&emulator, "1");
    assert_eq!(authorization["UseAccelerate"], false);
    assert_eq!(authorization["Bucket"], "127");
    assert!(url(&authorization).starts_with(&format!("{}/", emulator.url())));
    let answer = post(&emulator, &fields(&authorization), Some(&png(1)));
    assert_eq!(answer.status, 201);
    let etag = answer.headers.get("etag").unwrap();
    assert!(etag.len() == 34 && etag.starts_with('"') && etag.ends_with('"'), "{etag}");
    for part in [
        "<PostResponse>",
        "<Bucket>127</Bucket>",
        "<Key>ImageSearch/",
        &format!("<Location>{}</Location>", url(&authorization)),
        &format!("<ETag>{}</ETag>", etag.replace('"', "&quot;")),
    ] {
        assert!(answer.body.contains(part), "{answer:?}");
    }
    let added = add(&emulator, &url(&authorization), "2");
    assert_eq!(added.status, 200, "{added:?}");
    assert_eq!(added.json()["Message"], "success");
}

#[test]
fn the_public_host_is_split_and_its_urls_are_read_from_memory() {
    // No name server knows this host, and none is asked.
    let emulator = start(Emulator::builder().public_host("OSS.emulator:18443"));
    let authorization = authorize(&emulator, "1");
    assert_eq!(authorization["Bucket"], "oss");
    assert_eq!(authorization["Endpoint"], "emulator:18443");
    assert_eq!(post(&emulator, &fields(&authorization), Some(&png(1))).status, 201);
    let url = url(&authorization);
    assert!(url.starts_with("http://oss.emulator:18443/"), "{url}");
    for (nonce, url) in (2..).zip([
        url.clone(),
        url.replace("http:", "https:"),
        url.replace("oss.", "OSS."),
        format!("{url}?x=1#y"),
        url.replace("oss.emulator:18443", &emulator.local_addr().to_string()),
    ]) {
        assert_eq!(add(&emulator, &url, &nonce.to_string()).status, 200, "{url}");
    }
    for (nonce, url) in (20..).zip([
        url.replace(":18443", ""),
        url.replace("oss.", "a.oss."),
        url.replace("http:", "ftp:"),
        format!("{url}x"),
    ]) {
        assert_ne!(add(&emulator, &url, &nonce.to_string()).status, 200, "{url}");
    }
}

#[test]
fn the_status_of_success_is_as_asked() {
    let emulator = start(Emulator::builder());
    let authorization = authorize(&emulator, "1");
    for (asked, status) in
        [(Some("201"), 201), (Some("200"), 200), (Some("204"), 204), (Some("x"), 204), (None, 204)]
    {
        let mut fields = fields(&authorization);
        fields.retain(|(name, _)| *name != "success_action_status");
        fields.extend(asked.map(|asked| ("success_action_status", asked.to_owned())));
        let answer = post(&emulator, &fields, Some(b"x"));
        assert_eq!(answer.status, status, "{asked:?}");
        // The MD5 of an x.
        assert_eq!(answer.headers["etag"], "\"9DD4E461268C8034F5C8564E155C67A6\"", "{asked:?}");
        assert_eq!(answer.body.is_empty(), status != 201, "{asked:?}");
    }
}

#[test]
fn forms_that_the_policy_does_not_allow_are_refused() {
    let emulator = start(Emulator::builder());
    let authorization = authorize(&emulator, "1");
    for (name, value, status, code) in [
        ("OSSAccessKeyId", Some("emulator"), 403, "InvalidAccessKeyId"),
        ("OSSAccessKeyId", None, 403, "AccessDenied"),
        ("policy", Some("e30="), 403, "SignatureDoesNotMatch"),
        ("policy", None, 403, "AccessDenied"),
        ("Signature", Some("AAAA"), 403, "SignatureDoesNotMatch"),
        ("Signature", None, 403, "AccessDenied"),
        ("key", Some("another"), 403, "AccessDenied"),
        ("key", None, 400, "InvalidArgument"),
        ("key", Some(""), 400, "InvalidObjectName"),
        ("key", Some("/a"), 400, "InvalidObjectName"),
    ] {
        let mut fields = fields(&authorization);
        fields.retain(|(it, _)| *it != name);
        fields.extend(value.map(|value| (name, value.to_owned())));
        let answer = post(&emulator, &fields, Some(&png(1)));
        assert_eq!(answer.status, status, "{name} {value:?} {answer:?}");
        let expected = format!("<Error>\n  <Code>{code}</Code>");
        assert!(answer.body.contains(&expected), "{name} {value:?} {answer:?}");
        let id = answer.headers.get("x-oss-request-id").unwrap();
        assert!(answer.body.contains(&format!("<RequestId>{id}</RequestId>")));
    }
    assert_eq!(add(&emulator, &url(&authorization), "2").error().1, "InvalidPicUrl");
}

#[test]
fn a_file_that_is_too_large_is_refused_as_oss_does() {
    let emulator = start(Emulator::builder());
    let authorization = authorize(&emulator, "1");
    // Beyond the policy's limit, and beyond that of bodies, which is met before the form is read.
    for length in [10 * 1024 * 1024 + 1, 17 * 1024 * 1024] {
        let answer = post(&emulator, &fields(&authorization), Some(&vec![0; length]));
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(answer.body.contains("<Code>EntityTooLarge</Code>"), "{answer:?}");
    }
    let answer = post(&emulator, &fields(&authorization), Some(&vec![0; 10 * 1024 * 1024]));
    assert_eq!(answer.status, 201, "{answer:?}");
}

#[test]
fn a_policy_and_an_object_expire() {
    let clock = clock();
    let emulator = Emulator::builder().clock(clock.clone()).start().unwrap();
    let (used, unused) = (authorize(&emulator, "1"), authorize(&emulator, "2"));
    assert_eq!(post(&emulator, &fields(&used), Some(&png(1))).status, 201);
    clock.advance(Duration::from_secs(3601));
    let late = post(&emulator, &fields(&unused), Some(&png(1)));
    assert_eq!(late.status, 403);
    assert!(late.body.contains("expired"), "{late:?}");
    let picture = url(&used);
    let form =
        [("InstanceName", "demo"), ("ProductId", "1"), ("PicName", "1"), ("PicContent", &picture)];
    let call = Unsigned { date: "2026-01-02T04:04:06Z", ..Unsigned::new("AddImage", &form, "3") };
    assert_eq!(call.acs3(&emulator).send(&emulator).error().1, "InvalidPicUrl");
}

#[test]
fn malformed_forms_are_refused() {
    let emulator = start(Emulator::builder());
    let authorization = authorize(&emulator, "1");
    let mut long = fields(&authorization);
    long.push(("x", "x".repeat(100_000)));
    let answer = post(&emulator, &long, Some(b"x"));
    assert!(answer.body.contains("FieldItemTooLong"), "{answer:?}");
    let answer = post(&emulator, &fields(&authorization), None);
    assert!(answer.body.contains("IncorrectNumberOfFilesInPOSTRequest"), "{answer:?}");
    for body in [
        "",
        "--",
        "--B",
        "--B\r\n\r\n",
        "--B\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nx",
    ] {
        let answer = form(body.as_bytes().to_vec()).send(&emulator);
        assert_eq!(answer.status, 400, "{body:?} {answer:?}");
    }
    let mut request = form(b"x".to_vec());
    *request.header("content-type") = "multipart/form-data".to_owned();
    assert!(request.send(&emulator).body.contains("MalformedPOSTRequest"));
}

/// Writes a form as the official Node SDK does: no line break behind the file, and a field after it.
fn node_form(authorization: &Value, file: &[u8]) -> Request {
    let mut head = String::new();
    for (name, value) in fields(authorization) {
        if name != "success_action_status" {
            write!(
                head,
                "--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .unwrap();
        }
    }
    head.push_str("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\nContent-Type: \r\n\r\n");
    let mut body = head.into_bytes();
    body.extend_from_slice(file);
    body.extend_from_slice(b"--B\r\nContent-Disposition: form-data; name=\"success_action_status\"\r\n\r\n201\r\n--B--\r\n");
    form(body)
}

#[test]
fn the_form_of_the_official_node_sdk_is_taken_as_oss_would() {
    let emulator = start(Emulator::builder());
    let authorization = authorize(&emulator, "1");
    assert_eq!(node_form(&authorization, &png(1)).send(&emulator).status, 204);
    assert_eq!(add(&emulator, &url(&authorization), "2").status, 200);
}

#[test]
fn what_follows_the_file_in_it_counts_as_the_file() {
    let emulator = start(Emulator::builder());
    // Fits to the byte without what follows, and is too large with it.
    let mut largest = png(1);
    largest.resize(4 * 1024 * 1024, 0);
    let authorization = authorize(&emulator, "1");
    assert_eq!(post(&emulator, &fields(&authorization), Some(&largest)).status, 201);
    assert_eq!(add(&emulator, &url(&authorization), "2").status, 200);
    let authorization = authorize(&emulator, "3");
    assert_eq!(node_form(&authorization, &largest).send(&emulator).status, 204);
    assert_eq!(add(&emulator, &url(&authorization), "4").error().1, "InvalidPicContent");
}

#[test]
fn what_stands_behind_the_file_of_a_form_is_not_looked_at() {
    let emulator = start(Emulator::builder());
    for (number, after) in (1..).zip([
        "",
        "--B--\r\nepilogue",
        "--B\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nanother\r\n--B--\r\n",
        "--B\r\nno part at all",
    ]) {
        let authorization = authorize(&emulator, &format!("authorize {number}"));
        let mut body = Vec::new();
        for (name, value) in fields(&authorization) {
            let part =
                format!("--B\r\ncontent-disposition: form-data; name={name}\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        body.extend_from_slice(b"--B\r\nContent-Disposition: form-data; name=\"FILE\"\r\n\r\n");
        body.extend_from_slice(&png(1));
        body.extend_from_slice(b"\r\n--B--\r\n");
        body.extend_from_slice(after.as_bytes());
        assert_eq!(form(body).send(&emulator).status, 201, "{after:?}");
        let picture = add(&emulator, &url(&authorization), &format!("add {number}"));
        assert_eq!(picture.status, 200, "{after:?}");
    }
}

#[test]
fn an_upload_can_only_be_authorized_by_a_known_key() {
    let emulator = start(Emulator::builder());
    let call = |change: fn(&mut Unsigned<'_>)| {
        let mut call = Unsigned {
            method: "GET",
            version: "2019-12-19",
            query: &[("Product", "ImageSearch")],
            ..Unsigned::new("AuthorizeFileUpload", &[], "n")
        };
        change(&mut call);
        call.acs3(&emulator).send(&emulator).error().1
    };
    assert_eq!(call(|it| it.key = ("emulator", "guessed")), "SignatureDoesNotMatch");
    assert_eq!(call(|it| it.version = "2020-12-14"), "InvalidApi.NotFound");
    assert_eq!(call(|it| (it.nonce, it.query) = ("o", &[])), "MissingParameter");
    assert_eq!(
        call(|it| (it.nonce, it.query) = ("p", &[("Product", "Other")])),
        "InvalidParameter"
    );
    let unsigned = exchange(&emulator, b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert_eq!(unsigned.error().1, "MissingParameter");
}
