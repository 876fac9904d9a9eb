//! What uploads are refused with: every code of `uploads` in `api-spec/emulator.yaml`.

use imagesearch_emulator::Emulator;

use crate::uploads::{authorize, fields, form, post};
use crate::wire::{Answer, start};

/// The fields of a form that is right, but for the file.
type Fields = Vec<(&'static str, String)>;

/// Sends a form with a mistake.
type Send = fn(&Emulator, Fields) -> Answer;

/// Codes that take time or many requests, and where they are tested.
pub(super) const ELSEWHERE: [(&str, u16); 2] = [
    // `server_limits.rs`
    ("RequestTimeout", 400),
    // `request_body.rs`, as that of the gateway.
    ("ServiceUnavailable", 503),
];

/// Sends a form with another value of a field, or without it.
fn with(
    emulator: &Emulator,
    mut fields: Fields,
    name: &'static str,
    value: Option<&str>,
) -> Answer {
    fields.retain(|(it, _)| *it != name);
    fields.extend(value.map(|value| (name, value.to_owned())));
    post(emulator, &fields, Some(b"content"))
}

pub(super) fn cases() -> Vec<(&'static str, u16, Send)> {
    vec![
        ("AccessDenied", 403, |emulator, fields| with(emulator, fields, "key", Some("another"))),
        ("AccessDenied", 403, |emulator, fields| with(emulator, fields, "policy", None)),
        ("EntityTooLarge", 400, |emulator, fields| {
            post(emulator, &fields, Some(&vec![0; 10 * 1024 * 1024 + 1]))
        }),
        ("FieldItemTooLong", 400, |emulator, fields| {
            with(emulator, fields, "x-oss-meta-a", Some(&"x".repeat(65 * 1024)))
        }),
        ("IncorrectNumberOfFilesInPOSTRequest", 400, |emulator, fields| {
            post(emulator, &fields, None)
        }),
        ("InvalidAccessKeyId", 403, |emulator, fields| {
            with(emulator, fields, "OSSAccessKeyId", Some("nobody"))
        }),
        ("InvalidArgument", 400, |emulator, fields| with(emulator, fields, "key", None)),
        ("InvalidObjectName", 400, |emulator, fields| with(emulator, fields, "key", Some("/a"))),
        ("MalformedPOSTRequest", 400, |emulator, _| form(b"no form".to_vec()).send(emulator)),
        ("SignatureDoesNotMatch", 403, |emulator, fields| {
            with(emulator, fields, "Signature", Some("AAAA"))
        }),
    ]
}

#[test]
fn every_code_of_uploads_is_answered_with_its_status() {
    let emulator = start(Emulator::builder());
    for (number, (code, status, send)) in cases().into_iter().enumerate() {
        let authorization = authorize(&emulator, &number.to_string());
        let answer = send(&emulator, fields(&authorization));
        assert_eq!(answer.status, status, "{code}: {answer:?}");
        let id = &answer.headers["x-oss-request-id"];
        for part in [format!("<Code>{code}</Code>"), format!("<RequestId>{id}</RequestId>")] {
            assert!(answer.body.contains(&part), "{code}: {answer:?}");
        }
    }
}
