//! What is refused because of the signature or the address, on the paths of older versions.

use std::time::Duration;

use imagesearch_emulator::Emulator;

use crate::roa::{RoaCall, caret};
use crate::wire::{Request, Unsigned, clock, start};

fn delete<'a>() -> RoaCall<'a> {
    RoaCall::v2018("/item/delete", caret(&[("item_id", "1000"), ("pic_list", "")]))
}

/// Sends a request and returns status and code; `none` for an answer without an error.
fn outcome(emulator: &Emulator, request: &Request) -> (u16, String) {
    let answer = request.send(emulator);
    if answer.status == 200 { (200, "none".to_owned()) } else { answer.error() }
}

#[test]
fn a_changed_call_is_refused() {
    let emulator = start(Emulator::builder());
    let refused = |change: &dyn Fn(&mut Request)| {
        let mut request = delete().sign(&emulator);
        change(&mut request);
        outcome(&emulator, &request).1
    };
    assert_eq!(refused(&|_| {}), "none");
    let mismatch = "SignatureDoesNotMatch";
    assert_eq!(refused(&|it| it.body[5] ^= 1), mismatch);
    assert_eq!(refused(&|it| it.query.push(("a".to_owned(), "b".to_owned()))), mismatch);
    assert_eq!(refused(&|it| it.query[0].1.push('x')), mismatch);
    assert_eq!(refused(&|it| it.header("accept").push('x')), mismatch);
    assert_eq!(refused(&|it| it.header("content-type").push('x')), mismatch);
    assert_eq!(refused(&|it| it.headers.push(("x-acs-a".to_owned(), "1".to_owned()))), mismatch);
    assert_eq!(refused(&|it| it.headers.retain(|(name, _)| name != "content-md5")), mismatch);
    assert_eq!(
        refused(&|it| it.headers.retain(|(name, _)| name != "authorization")),
        "IncompleteSignature"
    );
}

#[test]
fn keys_tokens_and_times_are_checked() {
    let emulator = start(Emulator::builder().account("id", "secret").sts_account(
        "sts",
        "sts-secret",
        "to/k+en",
    ));
    for (key, token, date, expected) in [
        (("id", "secret"), None, "Fri, 02 Jan 2026 03:04:05 GMT", None),
        (("id", "secret"), None, "Fri, 02 Jan 2026 02:49:05 GMT", None),
        (("sts", "sts-secret"), Some("to/k+en"), "Fri, 02 Jan 2026 03:19:05 GMT", None),
        (("id", "Secret"), None, "Fri, 02 Jan 2026 03:04:05 GMT", Some("SignatureDoesNotMatch")),
        (("no", "secret"), None, "", Some("InvalidAccessKeyId.NotFound")),
        (("id", "secret"), None, "", Some("IllegalTimestamp")),
        (("id", "secret"), None, "2026-01-02T03:04:05Z", Some("InvalidTimeStamp.Format")),
        (("id", "secret"), None, "Fri, 02 Jan 2026 02:49:04 GMT", Some("InvalidTimeStamp.Expired")),
        (
            ("sts", "sts-secret"),
            Some("other"),
            "Fri, 02 Jan 2026 03:04:05 GMT",
            Some("InvalidSecurityToken.MismatchWithAccessKey"),
        ),
    ] {
        let call = RoaCall { key, token, date, ..delete() };
        let call = RoaCall { query: vec![("instanceName", "demo")], ..call };
        let (_, code) = outcome(&emulator, &call.sign(&emulator));
        assert_eq!(code, expected.unwrap_or("none"), "{key:?} {token:?} {date}");
    }
}

#[test]
fn a_mismatch_shows_what_was_signed_here_and_no_secret() {
    let emulator = start(Emulator::builder().sts_account("id", "right-secret", "the+token"));
    let call = RoaCall { key: ("id", "wrong-secret"), token: Some("the+token"), ..delete() };
    let answer = call.sign(&emulator).send(&emulator);
    assert_eq!(answer.error(), (400, "SignatureDoesNotMatch".to_owned()));
    let message = answer.json()["Message"].as_str().unwrap().to_owned();
    assert!(message.contains("string to sign is: POST\napplication/json\n"), "{message}");
    assert!(message.ends_with("/item/delete?instanceName=demo"), "{message}");
    assert!(!answer.body.contains("right-secret") && !answer.body.contains("the+token"));
}

#[test]
fn a_nonce_may_be_absent_but_not_repeated() {
    let clock = clock();
    let emulator = Emulator::builder().clock(clock.clone()).start().unwrap();
    let without = delete().sign(&emulator);
    let with = RoaCall { nonce: Some("n"), ..delete() }.sign(&emulator);
    for _ in 0..2 {
        assert_eq!(outcome(&emulator, &without).1, "none");
    }
    assert_eq!(outcome(&emulator, &with).1, "none");
    assert_eq!(outcome(&emulator, &with).1, "SignatureNonceUsed");
    clock.advance(Duration::from_secs(15 * 60 + 1));
    assert_eq!(outcome(&emulator, &without).1, "InvalidTimeStamp.Expired");
}

#[test]
fn each_signature_has_its_own_paths() {
    let emulator = start(Emulator::builder());
    let form = [("InstanceName", "demo"), ("ProductId", "1")];
    let at =
        |path| Unsigned { path, version: "2019-03-25", ..Unsigned::new("DeleteImage", &form, "n") };
    let call = at("/v2/image/delete");
    assert_eq!(outcome(&emulator, &call.acs3(&emulator)), (200, "none".to_owned()));
    // The older signature of `/` does not cover the path, so it is good for no other.
    assert_eq!(outcome(&emulator, &call.rpc(&emulator)).1, "IncompleteSignature");
    let mut moved = Unsigned { nonce: "other", ..at("/v2/image/add") }.acs3(&emulator);
    moved.path = "/v2/image/delete".to_owned();
    assert_eq!(outcome(&emulator, &moved).1, "SignatureDoesNotMatch");
    // ROA is no signature for `/`.
    let mut root = RoaCall { path: "/", version: "2020-12-14", ..delete() };
    root.query = vec![("Action", "Detail")];
    assert_eq!(outcome(&emulator, &root.sign(&emulator)).1, "InvalidSignatureMethod");
}

#[test]
fn version_path_and_name_must_fit_together() {
    let emulator = start(Emulator::builder());
    for (path, version, action, expected) in [
        ("/item/delete", "2018-01-20", None, (200, "none")),
        ("/item/delete", "2018-01-20", Some("DeleteItem"), (200, "none")),
        ("/item/delete", "2018-01-20", Some("AddItem"), (404, "InvalidApi.NotFound")),
        ("/item/delete", "2019-03-25", None, (404, "InvalidApi.NotFound")),
        ("/item/delete", "2020-12-14", None, (404, "InvalidApi.NotFound")),
        ("/v2/image/delete", "2018-01-20", None, (404, "InvalidApi.NotFound")),
        ("/item/update", "2018-01-20", None, (404, "InvalidApi.NotFound")),
        ("/item/delete/", "2018-01-20", None, (404, "InvalidApi.NotFound")),
        ("/item/delete", "2018-01-21", None, (400, "NoSuchVersion")),
        ("/", "2018-01-20", Some("DeleteItem"), (404, "InvalidApi.NotFound")),
        ("/", "2018-01-20", None, (400, "MissingParameter")),
    ] {
        let mut call = RoaCall { path, version, ..delete() };
        call.query.extend(action.map(|name| ("Action", name)));
        let (status, code) = outcome(&emulator, &call.sign(&emulator));
        assert_eq!((status, code.as_str()), expected, "{path} {version} {action:?}");
    }
    let mut request = delete().sign(&emulator);
    request.headers.retain(|(name, _)| name != "x-acs-version");
    assert_eq!(outcome(&emulator, &request).1, "MissingParameter");
    let mut request = delete().sign(&emulator);
    request.method = "PUT".to_owned();
    assert_eq!(outcome(&emulator, &request).1, "UnsupportedHTTPMethod");
}
