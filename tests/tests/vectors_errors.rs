//! The replies that the official SDKs were given, against what an exchange makes of the same ones.

use std::collections::{BTreeMap, BTreeSet};

use imagesearch_core::{
    Credentials, Error, ErrorKind, Image, RetryPolicy,
    body::Body,
    client::{CallOptions, SignatureMethod},
    errors::{ErrorCode, Hop},
    exchange::{Answer, PreparedCall},
    image::ImageLimits,
    requests::{AddImageRequest, DeleteImageRequest, Request},
    values::Timestamp,
};
use imagesearch_tests::{
    flow::{Course, Offline, answer},
    vectors::{ErrorVector, Reply, errors},
    verifier::verify_acs3,
};

/// What an exchange must keep of a reply; absent means that the reply has none.
struct Kept {
    kind: ErrorKind,
    code: Option<&'static str>,
    message: Option<&'static str>,
    /// The last digits of the request id, which all begin alike.
    request_id: Option<&'static str>,
    retryable: bool,
}

const fn service(
    code: &'static str,
    message: &'static str,
    request_id: &'static str,
    retryable: bool,
) -> Option<Kept> {
    Some(Kept {
        kind: ErrorKind::Service,
        code: Some(code),
        message: Some(message),
        request_id: Some(request_id),
        retryable,
    })
}

const fn odd(retryable: bool) -> Option<Kept> {
    Some(Kept {
        kind: ErrorKind::UnexpectedResponse,
        code: None,
        message: None,
        request_id: None,
        retryable,
    })
}

const REQUEST_ID: &str = "A1B2C3D4-0000-1111-2222-0000000000";

/// Every reply by the name that its records share, and what must come of it; nothing is success.
const REPLIES: &[(&str, Option<Kept>)] = &[
    // The official SDKs pass these three over in silence or as success.
    ("200-business-failure", service("21", "instance not exist", "18", false)),
    (
        "302-redirect",
        Some(Kept {
            kind: ErrorKind::UnexpectedResponse,
            code: None,
            message: None,
            request_id: Some("22"),
            retryable: false,
        }),
    ),
    ("200-extra-fields", None),
    // These lose status and body in the official SDKs.
    ("200-empty", odd(true)),
    ("200-not-json", odd(true)),
    ("400-empty-body", odd(false)),
    ("400-empty-object", odd(false)),
    ("400-json-array", odd(false)),
    ("502-html", odd(true)),
    (
        "400-invalid-parameter",
        service("InvalidParameter.PicContent", "The specified PicContent is invalid.", "01", false),
    ),
    ("400-lowercase-keys", service("BadThing", "小写键", "10", false)),
    (
        "400-throttling-no-header",
        service("Throttling.User", "Request was denied due to user flow control.", "02", true),
    ),
    (
        "400-throttling-retry-after",
        service("Throttling.User", "Request was denied due to user flow control.", "03", true),
    ),
    ("400-xml", service("XmlCode", "xml message", "16", false)),
    (
        "403-access-denied-detail",
        service("NoPermission", "You are not authorized to do this operation.", "07", false),
    ),
    (
        "403-signature-mismatch",
        service(
            "SignatureDoesNotMatch",
            "Specified signature is not matched with our calculation. \
             server string to sign is:ACS3-HMAC-SHA256\nabc",
            "08",
            false,
        ),
    ),
    (
        "404-invalid-action",
        service("InvalidAction.NotFound", "Specified api is not found.", "09", false),
    ),
    ("429-retry-after-garbage", service("Throttling.Api", "slow down", "06", true)),
    ("429-retry-after-not-throttling-code", service("QpsLimit", "slow down", "04", true)),
    ("429-retry-after-zero", service("Throttling", "slow down", "05", true)),
    (
        "500-server",
        service(
            "InternalError",
            "The request processing has failed due to some unknown error.",
            "11",
            true,
        ),
    ),
    ("503-unavailable", service("ServiceUnavailable", "busy", "12", true)),
    (
        "connection-dropped",
        Some(Kept {
            kind: ErrorKind::Transport,
            code: None,
            message: None,
            request_id: None,
            retryable: true,
        }),
    ),
];

#[test]
fn nothing_that_a_reply_says_is_lost() {
    let table: BTreeMap<&str, &Option<Kept>> =
        REPLIES.iter().map(|(name, kept)| (*name, kept)).collect();
    let (mut seen, mut count) = (BTreeSet::new(), 0);
    let (mut lost, mut details) = (BTreeSet::new(), Vec::new());
    let records = all("reply-mapping");
    for record in &records {
        let id = &record.id;
        let name = id.split('.').nth(3).unwrap();
        let kept = table.get(name).unwrap_or_else(|| panic!("{id}: not in the table"));
        let reply = record.reply.as_ref().unwrap();
        let course = invoke(record, |_| http(reply));
        assert_eq!(course.requests.len(), 1, "{id}");
        match (course.outcome, kept) {
            (Ok(_), None) => {}
            (Err(error), Some(kept)) => {
                for fact in differences(&error, kept, reply) {
                    lost.insert((name, fact));
                    details.push(format!("{id}: {fact}: {error:?}"));
                }
            }
            (outcome, _) => panic!("{id}: {outcome:?}"),
        }
        seen.insert(name);
        count += 1;
    }
    assert!(lost.is_empty(), "{details:#?}");
    assert_eq!((count, seen.len()), (92, REPLIES.len()));
}

/// Lists the facts in which an error is not what it must be.
fn differences(error: &Error, kept: &Kept, reply: &Reply) -> Vec<&'static str> {
    let request_id = kept.request_id.map(|digits| format!("{REQUEST_ID}{digits}"));
    let status = (!reply.drop).then_some(reply.status);
    let printed = error.to_string();
    // A message becomes a part of a sentence, in one line.
    let message = kept.message.map(|it| it.trim_end_matches('.').replace('\n', "\\n"));
    let facts = [kept.code, message.as_deref(), request_id.as_deref()];
    // Unreadable responses are shown unchanged.
    let unreadable = kept.kind == ErrorKind::UnexpectedResponse;
    let shown = error.body_excerpt() == unreadable.then_some(&*reply.body);
    let checks = [
        ("kind", error.kind() == kept.kind),
        ("code", error.code().map(ErrorCode::as_str) == kept.code),
        ("message", error.service_message() == kept.message),
        ("request id", error.request_id() == request_id.as_deref()),
        ("status", error.http_status() == status),
        ("retryable", error.is_retryable() == kept.retryable),
        ("hop", (error.hop(), error.attempts()) == (Some(Hop::Invoke), 1)),
        ("operation", error.operation() == Some("DeleteImage")),
        ("display", facts.into_iter().flatten().all(|fact| printed.contains(fact))),
        ("excerpt", shown),
    ];
    checks.into_iter().filter(|(_, holds)| !holds).map(|(fact, _)| fact).collect()
}

#[test]
fn refusals_of_the_object_storage_name_the_upload() {
    let mut count = 0;
    for record in all("oss-reply-mapping") {
        let id = &record.id;
        let reply = record.reply.clone().unwrap();
        let mut replies = [
            answer(200, [], AUTHORIZATION),
            http(&reply).unwrap(),
            answer(200, [], AUTHORIZATION),
            http(&reply).unwrap(),
        ]
        .into_iter();
        let picture = Image::from_bytes(&b"not a picture"[..]);
        let call = prepared(AddImageRequest::new("1001", "1001.jpg", picture));
        let course = run(SignatureMethod::default(), RetryPolicy::never(), call, |request| {
            match request.headers().get("x-acs-action") {
                Some(action) if action == "AddImage" => Some(answer(200, [], SUCCESS)),
                _ => replies.next(),
            }
        });
        let facts = |error: &Error| {
            let code = error.code().map(|code| code.as_str().to_owned());
            (error.hop(), error.http_status(), code, error.request_id().map(str::to_owned))
        };
        let outcome = course.outcome.map(|reply| reply.meta().status().as_u16());
        let upload = |status, code: Option<&str>, id: Option<&str>| {
            Err((Some(Hop::Upload), Some(status), code.map(str::to_owned), id.map(str::to_owned)))
        };
        let expected = match id.split('.').nth(2).unwrap() {
            "oss-403" => upload(403, Some("InvalidAccessKeyId"), Some("5C3D9175B6FC201293AD0001")),
            // The object storage has taken the picture; Python fails on the empty body.
            "oss-204-empty" => Ok(200),
            "oss-500-not-xml" => upload(500, None, None),
            other => panic!("{other} is not in the table"),
        };
        assert_eq!(
            outcome.as_ref().map_err(facts),
            expected.as_ref().map_err(Clone::clone),
            "{id}"
        );
        if let Err(error) = outcome {
            assert!(error.to_string().contains("while uploading the picture"), "{id}: {error}");
            assert!(!error.may_have_been_applied(), "{id}");
        }
        count += 1;
    }
    assert_eq!(count, 6);
}

#[test]
fn a_retry_is_signed_afresh_and_nothing_tells_that_it_is_one() {
    let records = all("retry");
    assert_eq!(records.len(), 2);
    for record in &records {
        // Busy, throttled, and then whatever is a success.
        let mut replies = record.replies.iter().map(|reply| {
            match serde_json::from_value::<Reply>(reply.clone()) {
                Ok(reply) => http(&reply).unwrap(),
                Err(_) => answer(200, [], SUCCESS),
            }
        });
        let course =
            run(SignatureMethod::default(), RetryPolicy::default(), delete(), |_| replies.next());
        let id = &record.id;
        assert_eq!(course.outcome.unwrap().meta().attempts(), 3, "{id}");
        let header = |name| {
            let values = course.requests.iter().map(|request| &request.headers()[name]);
            values.map(|value| value.to_str().unwrap()).collect::<BTreeSet<_>>()
        };
        assert_eq!(header("x-acs-signature-nonce").len(), 3, "{id}");
        assert_eq!(header("authorization").len(), 3, "{id}");
        assert_eq!(header("x-acs-content-sha256").len(), 1, "{id}");
        for request in &course.requests {
            assert_eq!(verify_acs3(request, "testid", "testsecret"), Ok(()), "{id}");
            assert_eq!(request.headers().get("x-acs-retry-attempts"), None, "{id}");
        }
    }
}

const SUCCESS: &str = r#"{"RequestId":"R","Success":true,"Code":0}"#;

const AUTHORIZATION: &str = r#"{
    "AccessKeyId": "key", "Bucket": "bucket", "Endpoint": "oss-cn-shanghai.aliyuncs.com",
    "ObjectKey": "object", "EncodedPolicy": "policy", "Signature": "signature",
    "UseAccelerate": false, "RequestId": "R"
}"#;

fn all(kind: &str) -> Vec<ErrorVector> {
    let all: Vec<_> = ["python", "node"].into_iter().flat_map(errors).collect();
    assert_eq!(all.len(), 100);
    all.into_iter().filter(|record| record.kind == kind).collect()
}

/// Deletes a picture with the signature of a record, once.
fn invoke(
    record: &ErrorVector,
    script: impl FnMut(&http::Request<Body>) -> Option<Answer>,
) -> Course {
    let signature = match record.signature.as_deref() {
        Some("HMAC-SHA1") => SignatureMethod::HmacSha1,
        _ => SignatureMethod::Acs3HmacSha256,
    };
    run(signature, RetryPolicy::never(), delete(), script)
}

fn delete() -> PreparedCall {
    prepared(DeleteImageRequest::by_picture("1001", "1001.jpg"))
}

fn prepared(request: impl Request) -> PreparedCall {
    PreparedCall::request(request, "demoinstance", ImageLimits::DEFAULT, CallOptions::default())
}

fn run(
    signature: SignatureMethod,
    retry: RetryPolicy,
    call: PreparedCall,
    script: impl FnMut(&http::Request<Body>) -> Option<Answer>,
) -> Course {
    let client = Offline::builder()
        .with_region("cn-shanghai")
        .with_credentials(Credentials::access_key("testid", "testsecret"))
        .with_signature(signature)
        .with_retry(retry)
        .with_validation(false)
        .build()
        .unwrap();
    client.run(call, Timestamp::from_millisecond(1_780_272_000_000), script)
}

/// Creates the reply of a record an answer; a dropped connection has none.
fn http(reply: &Reply) -> Option<Answer> {
    let headers = reply.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    (!reply.drop).then(|| answer(reply.status, headers, reply.body.clone()))
}
