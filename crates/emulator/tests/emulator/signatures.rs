//! What is refused because of who calls, or when, or how it is signed.

use std::sync::mpsc;
use std::time::Duration;

use imagesearch_emulator::{Auth, Emulator};

use crate::wire::{Answer, NOW, Request, Unsigned, clock, start};

const CHECK: &[(&str, &str)] =
    &[("InstanceName", "demo"), ("ProductId", "a b+c"), ("PicName", "红*'~.jpg")];

/// Creates the same call with either signature.
fn both(emulator: &Emulator, call: &Unsigned<'_>) -> [Request; 2] {
    let other = Unsigned { nonce: &format!("{}-rpc", call.nonce), ..call.clone() };
    [call.acs3(emulator), other.rpc(emulator)]
}

fn error(answer: &Answer) -> (u16, String) {
    for name in ["RequestId", "HostId", "Code", "Message", "Recommend"] {
        assert!(answer.json()[name].is_string(), "{name}: {answer:?}");
    }
    let id = answer.json()["RequestId"].as_str().map(str::to_owned);
    assert_eq!(answer.headers.get("x-acs-request-id").cloned(), id);
    answer.error()
}

#[test]
fn calls_that_are_signed_right_are_taken() {
    let emulator = start(Emulator::builder());
    for request in both(&emulator, &Unsigned::new("CheckImageExists", CHECK, "n")) {
        let answer = request.send(&emulator);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.json()["Exists"], false);
        assert_eq!(
            answer.json()["RequestId"].as_str(),
            answer.headers.get("x-acs-request-id").map(String::as_str)
        );
    }
}

#[test]
fn a_changed_call_is_refused() {
    let emulator = start(Emulator::builder());
    let refused = |nonce: &str, change: &dyn Fn(&mut Request)| {
        both(&emulator, &Unsigned::new("CheckImageExists", CHECK, nonce)).map(|mut request| {
            change(&mut request);
            let answer = request.send(&emulator);
            answer.json()["Code"].as_str().unwrap_or("none").to_owned()
        })
    };
    let mismatch = "SignatureDoesNotMatch";
    assert_eq!(refused("1", &|it| it.body[5] ^= 1), [mismatch; 2]);
    assert_eq!(refused("2", &|it| it.query.push(("a".to_owned(), "b".to_owned()))), [mismatch; 2]);
    // Headers are no part of the older signature.
    let change = |it: &mut Request| it.header("content-type").push_str(";charset=utf-8");
    assert_eq!(refused("3", &change), [mismatch, "none"]);
    let change = |it: &mut Request| it.headers.push(("x-acs-extra".to_owned(), "1".to_owned()));
    assert_eq!(refused("4", &change), ["IncompleteSignature", "none"]);
}

#[test]
fn a_mismatch_shows_what_was_signed_here_and_no_secret() {
    let emulator = start(Emulator::builder().sts_account("id", "right-secret", "the token"));
    let call = Unsigned {
        key: ("id", "wrong-secret"),
        token: Some("the token"),
        ..Unsigned::new("CheckImageExists", CHECK, "n")
    };
    for request in both(&emulator, &call) {
        let answer = request.send(&emulator);
        assert_eq!(error(&answer), (400, "SignatureDoesNotMatch".to_owned()));
        let message = answer.json()["Message"].as_str().unwrap().to_owned();
        assert!(message.contains("string to sign is: "), "{message}");
        for secret in ["right-secret", "the token", "the%20token", "the%2520token"] {
            assert!(!answer.body.contains(secret), "{message}");
        }
    }
}

#[test]
fn keys_and_tokens_must_fit_together() {
    let emulator = start(Emulator::builder().account("id", "secret").sts_account(
        "sts",
        "sts-secret",
        "token",
    ));
    for (number, (key, token, expected)) in (0..).zip([
        (("id", "secret"), None, None),
        (("sts", "sts-secret"), Some("token"), None),
        (("emulator", "emulator-secret"), None, Some((404, "InvalidAccessKeyId.NotFound"))),
        (("id", "Secret"), None, Some((400, "SignatureDoesNotMatch"))),
        (("sts", "sts-secret"), None, Some((400, "InvalidSecurityToken.MismatchWithAccessKey"))),
        (
            ("sts", "sts-secret"),
            Some("tokem"),
            Some((400, "InvalidSecurityToken.MismatchWithAccessKey")),
        ),
        (
            ("id", "secret"),
            Some("token"),
            Some((400, "InvalidSecurityToken.MismatchWithAccessKey")),
        ),
    ]) {
        let nonce = format!("nonce-{number}");
        let call = Unsigned { key, token, ..Unsigned::new("CheckImageExists", CHECK, &nonce) };
        for request in both(&emulator, &call) {
            let answer = request.send(&emulator);
            let refused = (answer.status != 200).then(|| error(&answer));
            let expected = expected.map(|(status, code)| (status, code.to_owned()));
            assert_eq!(refused, expected, "{key:?} {token:?}");
        }
    }
}

#[test]
fn a_call_is_good_for_fifteen_minutes() {
    let emulator = start(Emulator::builder());
    for (date, code) in [
        ("2026-01-02T02:49:05Z", None),
        ("2026-01-02T03:19:05Z", None),
        ("2026-01-02T02:49:04Z", Some("InvalidTimeStamp.Expired")),
        ("2026-01-02T03:19:06Z", Some("InvalidTimeStamp.Expired")),
        ("2026-01-02 03:04:05", Some("InvalidTimeStamp.Format")),
        ("", Some("IllegalTimestamp")),
    ] {
        let nonce = format!("n{date}");
        let call = Unsigned { date, ..Unsigned::new("CheckImageExists", CHECK, &nonce) };
        for request in both(&emulator, &call) {
            let answer = request.send(&emulator);
            let refused = (answer.status != 200).then(|| error(&answer).1);
            assert_eq!(refused.as_deref(), code, "{date}");
        }
    }
}

#[test]
fn a_nonce_is_good_once_and_only_if_the_signature_is() {
    let clock = clock();
    let emulator = Emulator::builder().clock(clock.clone()).start().unwrap();
    let forged = Unsigned {
        key: (Emulator::ACCESS_KEY_ID, "guessed"),
        ..Unsigned::new("CheckImageExists", CHECK, "n")
    };
    for request in both(&emulator, &forged) {
        assert_eq!(error(&request.send(&emulator)).1, "SignatureDoesNotMatch");
    }
    for request in both(&emulator, &Unsigned::new("CheckImageExists", CHECK, "n")) {
        assert_eq!(request.send(&emulator).status, 200);
        assert_eq!(error(&request.send(&emulator)).1, "SignatureNonceUsed");
        clock.advance(Duration::from_secs(60));
        assert_eq!(error(&request.send(&emulator)).1, "SignatureNonceUsed");
    }
    clock.advance(Duration::from_secs(15 * 60));
    let again =
        Unsigned { date: "2026-01-02T03:21:05Z", ..Unsigned::new("CheckImageExists", CHECK, "n") };
    assert_eq!(again.acs3(&emulator).send(&emulator).status, 200);
}

#[test]
fn a_signature_must_be_complete() {
    let emulator = start(Emulator::builder());
    let call = Unsigned::new("CheckImageExists", CHECK, "n");
    let [acs3, rpc] = both(&emulator, &call);
    for name in ["authorization", "x-acs-content-sha256", "x-acs-signature-nonce"] {
        let mut request = acs3.clone();
        request.headers.retain(|(it, _)| it != name);
        assert_eq!(error(&request.send(&emulator)).1, "IncompleteSignature", "{name}");
    }
    for name in
        ["Signature", "SignatureNonce", "SignatureMethod", "SignatureVersion", "AccessKeyId"]
    {
        let mut request = rpc.clone();
        request.query.retain(|(it, _)| it != name);
        assert_eq!(error(&request.send(&emulator)).1, "IncompleteSignature", "{name}");
    }
    let mut other = acs3.clone();
    let value = other.header("authorization");
    *value = value.replace("HMAC-SHA256", "RSA-SHA256");
    assert_eq!(error(&other.send(&emulator)).1, "InvalidSignatureMethod");
}

#[test]
fn lax_authentication_lets_pass_and_tells() {
    let (sender, lines) = mpsc::channel();
    let builder = Emulator::builder().auth(Auth::Lax).log(move |line| {
        let _ = sender.send(line.to_owned());
    });
    let emulator = start(builder);
    let key = (Emulator::ACCESS_KEY_ID, "guessed-secret");
    let forged = Unsigned { key, ..Unsigned::new("CheckImageExists", CHECK, "n") };
    for request in both(&emulator, &forged) {
        assert_eq!(request.send(&emulator).status, 200);
        let line = lines.recv().unwrap();
        assert!(line.starts_with("served anyway: POST /: SignatureDoesNotMatch"), "{line}");
        assert!(line.contains("server signed: \"POST"), "{line}");
        assert!(!line.contains("secret\"") && !line.contains("guessed"), "{line}");
    }
    let right = Unsigned::new("CheckImageExists", CHECK, "right").acs3(&emulator);
    for _ in 0..2 {
        assert_eq!(right.send(&emulator).status, 200);
    }
    assert!(lines.recv().unwrap().contains("SignatureNonceUsed"));
    emulator.shutdown();
    assert_eq!(lines.iter().count(), 0);
}

#[test]
fn a_usual_mistake_is_told_to_the_client_and_the_log() {
    let (sender, lines) = mpsc::channel();
    let emulator = start(Emulator::builder().log(move |line| {
        let _ = sender.send(line.to_owned());
    }));
    let secret = format!("{}&", Emulator::ACCESS_KEY_SECRET);
    let call = Unsigned {
        key: (Emulator::ACCESS_KEY_ID, &secret),
        ..Unsigned::new("CheckImageExists", CHECK, "n")
    };
    let answer = call.acs3(&emulator).send(&emulator);
    assert_eq!(error(&answer).1, "SignatureDoesNotMatch");
    let mistake = "the secret was used with a trailing ampersand";
    assert_eq!(answer.json()["Recommend"], mistake);
    let line = lines.recv().unwrap();
    assert!(line.starts_with("refused: POST /") && line.contains(mistake), "{line}");
}

#[test]
fn without_authentication_anything_goes() {
    let emulator = start(Emulator::builder().auth(Auth::Off));
    let mut request = Unsigned::new("CheckImageExists", CHECK, "n").acs3(&emulator);
    request.headers.retain(|(name, _)| name != "authorization");
    for _ in 0..2 {
        assert_eq!(request.send(&emulator).status, 200);
    }
    let mut old =
        Unsigned { date: "1999-01-01T00:00:00Z", ..Unsigned::new("CheckImageExists", CHECK, NOW) };
    old.key = ("nobody", "nothing");
    assert_eq!(old.rpc(&emulator).send(&emulator).status, 200);
}
