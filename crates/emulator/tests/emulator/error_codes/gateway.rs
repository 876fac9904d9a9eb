//! What any call is refused with before an operation is asked.

use imagesearch_emulator::Emulator;

use crate::wire::{self, Request, Unsigned};

/// Creates a request that is refused with the code beside it.
pub(super) type Make = fn(&Emulator) -> Request;

const DETAIL: &[(&str, &str)] = &[("InstanceName", Emulator::INSTANCE)];

fn detail<'a>() -> Unsigned<'a> {
    Unsigned { query: DETAIL, ..Unsigned::new("Detail", &[], "nonce") }
}

pub(super) fn start() -> Emulator {
    wire::start(Emulator::builder())
}

pub(super) fn cases() -> Vec<(&'static str, Make)> {
    vec![
        ("InvalidAccessKeyId.NotFound", |emulator| {
            Unsigned { key: ("nobody", "secret"), ..detail() }.acs3(emulator)
        }),
        ("InvalidSecurityToken.MismatchWithAccessKey", |emulator| {
            Unsigned { token: Some("token"), ..detail() }.acs3(emulator)
        }),
        ("SignatureDoesNotMatch", |emulator| {
            Unsigned { key: (Emulator::ACCESS_KEY_ID, "guessed"), ..detail() }.acs3(emulator)
        }),
        ("IncompleteSignature", |emulator| {
            let mut request = detail().acs3(emulator);
            request.headers.retain(|(name, _)| name != "authorization");
            request
        }),
        ("InvalidSignatureMethod", |emulator| {
            let mut request = detail().acs3(emulator);
            *request.header("authorization") = "Bearer token".to_owned();
            request
        }),
        ("SignatureNonceUsed", |emulator| {
            let request = detail().acs3(emulator);
            assert_eq!(request.send(emulator).status, 200);
            request
        }),
        ("InvalidTimeStamp.Format", |emulator| {
            Unsigned { date: "yesterday", ..detail() }.acs3(emulator)
        }),
        ("InvalidTimeStamp.Expired", |emulator| {
            Unsigned { date: "2026-01-01T00:00:00Z", ..detail() }.acs3(emulator)
        }),
        ("IllegalTimestamp", |emulator| Unsigned { date: "", ..detail() }.acs3(emulator)),
        ("InvalidApi.NotFound", |emulator| {
            Unsigned { action: "AddPicture", ..detail() }.acs3(emulator)
        }),
        ("NoSuchVersion", |emulator| Unsigned { version: "1999-01-01", ..detail() }.acs3(emulator)),
        ("UnsupportedHTTPMethod", |emulator| Unsigned { method: "PUT", ..detail() }.acs3(emulator)),
        ("MissingParameter", |emulator| {
            let mut request = detail().acs3(emulator);
            request.headers.retain(|(name, _)| name != "x-acs-action");
            request
        }),
        ("InvalidParameter", |emulator| {
            let mut request = Unsigned::new("Detail", DETAIL, "nonce").acs3(emulator);
            request.body = b"InstanceName=%".to_vec();
            request
        }),
    ]
}
