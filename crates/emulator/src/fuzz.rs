//! What holds for the parsers of what clients send and folders hold, whatever they are given.
//!
//! Here for tests only: the fuzz targets of `fuzz/`, which are built with `--cfg fuzzing`, and the
//! properties below call the same functions. Each panics if something does not hold.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, header};
use imagesearch_core::values::Timestamp;

use crate::http::gateway::auth::Authenticator;
use crate::http::gateway::auth::account::{Account, Auth};
use crate::http::gateway::auth::signing::Signed;
use crate::http::gateway::faults::rule::FaultRule;
use crate::http::gateway::form::{self, MAX_PARAMETERS, in_order};
use crate::http::oss::policy::Policy;
use crate::http::oss::post_object::Form;
use crate::service::jobs::increment_line;
use crate::service::log::Log;
use crate::service::seed::description::Description;

/// What nothing may show.
const SECRET: &str = "a-secret-of-the-fuzz-target";

/// Reads a query or a form; what was read can be written and read again.
pub fn form(text: &[u8]) {
    let Ok(pairs) = form::pairs(text) else { return };
    assert!(pairs.len() <= MAX_PARAMETERS);
    let written = in_order(pairs.iter());
    assert_eq!(form::pairs(written.as_bytes()).as_ref(), Ok(&pairs));
}

/// Reads the policy of an upload and checks a form against it.
pub fn policy(json: &[u8]) {
    let Ok(policy) = Policy::decode(&STANDARD.encode(json)) else { return };
    let echo = |name: &str| (!name.is_empty()).then(|| name.to_owned());
    let outcome = policy.check(echo, 5, Timestamp::from_millisecond(0));
    let again = Policy::decode(&policy.encode()).expect("what was read can be written");
    assert_eq!(again.check(echo, 5, Timestamp::from_millisecond(0)), outcome);
}

/// Reads the form of an upload, whose boundary is `B`.
pub fn multipart(body: &[u8]) {
    let mut headers = HeaderMap::new();
    let content_type = HeaderValue::from_static("multipart/form-data; boundary=B");
    headers.insert(header::CONTENT_TYPE, content_type);
    let read = Form::read(&headers, Bytes::copy_from_slice(body));
    if let Ok(form) = at_once(read) {
        let fields: usize = form.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
        // A byte that is no text is three once it is replaced.
        assert!(form.file.len() + fields / 3 <= body.len());
    }
}

/// Finds out who calls, from an `Authorization` header, a query and a body; it is nobody.
pub fn authorization(value: &[u8], query: &[u8], body: &[u8]) {
    let (Ok(value), Ok(query)) = (HeaderValue::from_bytes(value), form::pairs(query)) else {
        return;
    };
    // Who sends the secret may be shown it; a fuzzer learns it from what it is compared with.
    if format!("{value:?} {query:?}").contains(SECRET) {
        return;
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::HOST, HeaderValue::from_static("h:1"));
    for name in ["x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "date"] {
        headers.insert(name, value.clone());
    }
    headers.insert(header::AUTHORIZATION, value);
    let account = |id: &str| {
        let (id, secret) = (id.to_owned(), SECRET.to_owned());
        Account { id, secret, token: Some(SECRET.to_owned()) }
    };
    let accounts = vec![account("id"), account("")];
    let authenticator = Authenticator::new(accounts, Auth::Strict, Log::default());
    for path in ["/", "/item/add"] {
        let (form, method) = (Vec::new(), Method::POST);
        let signed =
            Signed { method: &method, path, query: &query, form: &form, headers: &headers, body };
        let (outcome, finding) = authenticator.check(&signed, Timestamp::from_millisecond(0));
        let refusal = outcome.expect_err("nobody can guess the secret");
        assert!(!format!("{refusal:?} {finding:?}").contains(SECRET), "the secret is shown");
    }
}

/// Reads a line of `increment.meta`.
pub fn increment_line(line: &[u8]) {
    if let Ok(entries) = increment_line::read(line) {
        assert!(!entries.is_empty(), "a line that is taken is about something");
    }
}

/// Reads a line of `seed.jsonl`.
pub fn seed_line(line: &str) {
    let Ok(description) = Description::read(line) else { return };
    for name in ["ProductId", "PicName"] {
        assert!(description.fields.iter().any(|(it, _)| it == name), "{name} is not set");
    }
}

/// Reads fault rules; what was read can be written and read again.
pub fn fault_rules(text: &str) {
    let Ok(rules) = FaultRule::list_from_json(text) else { return };
    let written = serde_json::to_string(&rules).expect("what was read can be written");
    assert_eq!(FaultRule::list_from_json(&written), Ok(rules));
}

/// Runs what waits for nothing.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..1_000 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
    }
    panic!("it waits for something");
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    /// Bytes at random, and pieces that mean something to one of the parsers.
    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        const PIECES: [&[u8]; 46] = [
            b"{",
            b"}",
            b"[",
            b"]",
            b"\"",
            b":",
            b",",
            b"null",
            b"true",
            b"-1",
            b"1e999",
            b"\\u0000",
            b"\"expiration\":\"2030-01-01T00:00:00Z\"",
            b"\"conditions\":[",
            b"[\"eq\",\"$key\",\"key\"]",
            b"[\"content-length-range\",0,9]",
            b"\"OperationType\":\"ADD\"",
            b"\"operator\":\"DELETE\"",
            b"\"pic_list\":[\"a\"]",
            b"\"file\":\"a.png\"",
            b"\"product_id\":1",
            b"\"id\":\"a\"",
            b"\"effect\":\"hang\"",
            b"\"match\":{\"nth\":[1]}",
            b"\"effect\":{\"delay\":{\"ms\":1}}",
            b"--B\r\n",
            b"--B--\r\n",
            b"\r\n\r\n",
            b"\r\n",
            b"Content-Disposition: form-data; name=\"file\"",
            b"Content-Disposition: form-data; name=key",
            b"a=1",
            b"&",
            b"=",
            b"%",
            b"%e7%ba%a2",
            b"+",
            b"\xff",
            b"ACS3-HMAC-SHA256 ",
            b"Credential=id,",
            b"SignedHeaders=host",
            b"Signature=00",
            b"acs id:AA==",
            b"SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&AccessKeyId=id&Signature=a",
            b"&SignatureNonce=1&Timestamp=1970-01-01T00:00:00Z",
            b"Thu, 01 Jan 1970 00:00:00 GMT",
        ];
        let piece = prop_oneof![
            9 => select(PIECES.to_vec()).prop_map(<[u8]>::to_vec),
            1 => vec(any::<u8>(), 0..12),
        ];
        vec(piece, 0..16).prop_map(|pieces| pieces.concat())
    }

    /// Whole documents with a few bytes changed, which come further than pieces do.
    fn documents() -> impl Strategy<Value = Vec<u8>> {
        const WHOLE: [&str; 7] = [
            r#"{"expiration":"2030-01-01T00:00:00Z","conditions":[{"bucket":"bucket"},["in","$a",["a"]]]}"#,
            r#"{"OperationType":"ADD","ProductId":"1","PicName":"a","IntAttr":1,"StrAttr":null}"#,
            r#"{"operator":"ADD","item_id":"1","pic_list":["a","b"]}"#,
            r#"{"file":"a/b.png","product_id":7,"crop":false}"#,
            r#"[{"id":"a","match":{"hop":"api","nth":[2]},"effect":{"error":{"code":"BadRequest"}}}]"#,
            "--B\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\nk\r\n--B\r\n\
             Content-Disposition: form-data; name=\"file\"\r\n\r\ncontent\r\n--B--\r\n",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-content-sha256,Signature=0a",
        ];
        let edit = (any::<prop::sample::Index>(), 0..4_usize, bytes());
        (select(WHOLE.to_vec()), vec(edit, 0..3)).prop_map(|(document, edits)| {
            let mut document = document.as_bytes().to_vec();
            for (at, removed, inserted) in edits {
                let start = at.index(document.len().max(1)).min(document.len());
                let end = (start + removed).min(document.len());
                document.splice(start..end, inserted);
            }
            document
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_parser_breaks(input in prop_oneof![bytes(), documents()], other in bytes()) {
            form(&input);
            policy(&input);
            multipart(&input);
            authorization(&input, &other, &input);
            authorization(b"", &input, &other);
            increment_line(&input);
            let text = String::from_utf8_lossy(&input);
            seed_line(&text);
            fault_rules(&text);
        }
    }
}
