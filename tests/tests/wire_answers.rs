//! Answers in every shape that servers and the boxes between give them: both clients read what can
//! be read, and name what cannot, with nothing lost that the answer said.

use std::time::Duration;

use imagesearch_core::{Error, ErrorKind, RetryPolicy, requests::RawRequest, retry::FullJitter};
use imagesearch_tests::{
    scripted_server::{Act, ScriptedServer},
    wire::{clients, runtime, swift_retry},
};

/// Enough for an answer on a machine with much else to do.
const PATIENT: Duration = Duration::from_secs(20);

/// What both clients make of an answer.
enum Expected {
    /// A success with this request id.
    Read(Option<&'static str>),
    /// An error of this kind, with this status, code and request id, whose text has these words.
    Error {
        kind: ErrorKind,
        status: Option<u16>,
        code: Option<&'static str>,
        request_id: Option<&'static str>,
        says: &'static [&'static str],
    },
}

use Expected::Read;

const GOOD: &str = r#"{"Success":true,"RequestId":"R-1"}"#;
const REFUSED: &str = r#"{"Code":"InvalidInstance","Message":"no shop","RequestId":"R-2"}"#;

/// `printf '{"Success":true,"RequestId":"R-1"}' | gzip -n`
const GZIP: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0xab, 0x56, 0x0a, 0x2e, 0x4d, 0x4e,
    0x4e, 0x2d, 0x2e, 0x56, 0xb2, 0x2a, 0x29, 0x2a, 0x4d, 0xd5, 0x51, 0x0a, 0x4a, 0x2d, 0x2c, 0x4d,
    0x2d, 0x2e, 0xf1, 0x4c, 0x51, 0xb2, 0x52, 0x0a, 0xd2, 0x35, 0x54, 0xaa, 0x05, 0x00, 0x02, 0x34,
    0x46, 0x2e, 0x22, 0x00, 0x00, 0x00,
];

/// Compresses zeros, more than an answer may be long, into 1/160 of their length.
fn bomb() -> Vec<u8> {
    // One block of fixed codes: a zero, and `the last byte 258 times more`, eight of which take 13 bytes.
    let again = [0x63, 0x60, 0x14, 0x8c, 0x82, 0x51, 0x30, 0x0a, 0x46, 0xc1, 0x28, 0x18, 0x05];
    [&GZIP[..10], &[0x63, 0x18, 0x05], &again.repeat(13_000)].concat()
}

/// Writes an answer with a length.
fn answer(head: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut bytes = format!("{head}\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn unreadable(status: u16, says: &'static [&'static str]) -> Expected {
    Expected::Error {
        kind: ErrorKind::UnexpectedResponse,
        status: Some(status),
        code: None,
        request_id: None,
        says,
    }
}

fn broken() -> Expected {
    Expected::Error {
        kind: ErrorKind::Transport,
        status: None,
        code: None,
        request_id: None,
        says: &[" broke "],
    }
}

fn refused(says: &'static [&'static str]) -> Expected {
    Expected::Error {
        kind: ErrorKind::Service,
        status: Some(400),
        code: Some("InvalidInstance"),
        request_id: Some("R-2"),
        says,
    }
}

/// Answers that are unusual and complete.
fn readable() -> Vec<(&'static str, Vec<u8>, Expected)> {
    let good = || answer("HTTP/1.1 200 OK", GOOD);
    let after = |first: &str| [first.as_bytes(), &good()].concat();
    vec![
        ("100 first", after("HTTP/1.1 100 Continue\r\n\r\n"), Read(Some("R-1"))),
        (
            "103 first, with headers",
            after("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n"),
            Read(Some("R-1")),
        ),
        (
            "HTTP/1.0 without a length",
            format!("HTTP/1.0 200 OK\r\n\r\n{GOOD}").into_bytes(),
            Read(Some("R-1")),
        ),
        (
            "no length and no chunks",
            format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{GOOD}").into_bytes(),
            Read(Some("R-1")),
        ),
        ("HTTP/1.0 with a length", answer("HTTP/1.0 200 OK", GOOD), Read(Some("R-1"))),
        ("no reason", answer("HTTP/1.1 200 ", GOOD), Read(Some("R-1"))),
        (
            "chunks with extensions and a trailer",
            format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{:x};a=b\r\n{GOOD}\r\n0\r\nX-T: 1\r\n\r\n",
                GOOD.len()
            )
            .into_bytes(),
            Read(Some("R-1")),
        ),
        (
            "another content type",
            answer("HTTP/1.1 200 OK\r\nContent-Type: image/png", GOOD),
            Read(Some("R-1")),
        ),
        (
            "two content types",
            answer("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Type: a/b", GOOD),
            Read(Some("R-1")),
        ),
        (
            "the length twice",
            answer(&format!("HTTP/1.1 200 OK\r\nContent-Length: {}", GOOD.len()), GOOD),
            Read(Some("R-1")),
        ),
        (
            "a header that is not text",
            [b"HTTP/1.1 200 OK\r\nX-Odd: \xff\xfe\r\n".as_slice(), b"Content-Length: 2\r\n\r\n{}"]
                .concat(),
            Read(None),
        ),
        (
            "two request ids in the headers, the first of which is kept",
            answer("HTTP/1.1 200 OK\r\nx-acs-request-id: H-1\r\nx-acs-request-id: H-2", "{}"),
            Read(Some("H-1")),
        ),
        (
            "the identity coding",
            answer("HTTP/1.1 200 OK\r\nContent-Encoding: identity", GOOD),
            Read(Some("R-1")),
        ),
    ]
}

/// Answers that say something, and what must be kept of it.
fn failures() -> Vec<(&'static str, Vec<u8>, Expected)> {
    let charset = "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json; charset=GBK";
    vec![
        (
            "a refusal with a byte order mark",
            answer("HTTP/1.1 400 Bad Request", format!("\u{feff}{REFUSED}")),
            refused(&["no shop"]),
        ),
        (
            "a refusal in another charset",
            answer(
                charset,
                b"{\"Code\":\"InvalidInstance\",\"Message\":\"\xce\xde no shop\",\"RequestId\":\"R-2\"}",
            ),
            refused(&["no shop"]),
        ),
        (
            "a refusal as HTML by its header",
            answer("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html", REFUSED),
            refused(&["no shop"]),
        ),
        (
            "a refusal as XML",
            answer(
                "HTTP/1.1 400 Bad Request\r\nContent-Type: text/xml; charset=utf-8",
                "<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>R-2</RequestId>\
                 <HostId>h</HostId><Code>InvalidInstance</Code><Message>no shop</Message></Error>",
            ),
            refused(&["no shop"]),
        ),
        (
            "half a refusal as XML",
            answer(
                "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/xml",
                "<Error><Code>ServiceUnav",
            ),
            unreadable(503, &["the response did not come from the service", "<Error><Code>"]),
        ),
        (
            "half a refusal as JSON, complete by its length",
            answer("HTTP/1.1 400 Bad Request", &REFUSED[..30]),
            unreadable(400, &["the response did not come from the service", "InvalidInstance"]),
        ),
        (
            "an empty refusal, with an id in its headers",
            answer("HTTP/1.1 502 Bad Gateway\r\nx-acs-request-id: H-7", ""),
            Expected::Error {
                kind: ErrorKind::UnexpectedResponse,
                status: Some(502),
                code: None,
                request_id: Some("H-7"),
                says: &["the response did not come from the service"],
            },
        ),
        (
            "a page of a proxy as UTF-16",
            answer(
                "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-16",
                b"\xff\xfe<\x00h\x00\xd8",
            ),
            unreadable(502, &["not UTF-8 but `utf-16`"]),
        ),
        (
            "a compressed refusal",
            answer("HTTP/1.1 400 Bad Request\r\nContent-Encoding: gzip", GZIP),
            unreadable(400, &["compressed as `gzip`"]),
        ),
        (
            "a refusal of HTTP/1.0",
            format!("HTTP/1.0 400 Bad Request\r\n\r\n{REFUSED}").into_bytes(),
            refused(&["no shop"]),
        ),
        (
            "a success in another charset",
            answer(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=GBK",
                b"{\"Success\":true,\"Message\":\"\xb3\xc9\",\"RequestId\":\"R-3\"}",
            ),
            Expected::Error {
                kind: ErrorKind::UnexpectedResponse,
                status: Some(200),
                code: None,
                request_id: Some("R-3"),
                says: &["not UTF-8 but `GBK`"],
            },
        ),
        (
            "a compressed answer",
            answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", GZIP),
            unreadable(200, &["compressed as `gzip`, which was not requested"]),
        ),
        (
            "half a compressed answer, complete by its length",
            answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", &GZIP[..20]),
            unreadable(200, &["compressed as `gzip`, which was not requested"]),
        ),
        (
            "a compressed answer that would fill the memory",
            answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip", bomb()),
            unreadable(200, &["compressed as `gzip`, which was not requested"]),
        ),
        (
            "half an answer of HTTP/1.0 without a length",
            format!("HTTP/1.0 200 OK\r\n\r\n{}", &GOOD[..15]).into_bytes(),
            unreadable(200, &["not a JSON object"]),
        ),
        (
            "101, which nothing asked for",
            b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n".to_vec(),
            unreadable(101, &["the response did not come from the service"]),
        ),
        ("an empty answer", answer("HTTP/1.1 200 OK", ""), unreadable(200, &["not a JSON object"])),
        (
            "an empty 503",
            answer("HTTP/1.1 503 Service Unavailable", ""),
            unreadable(503, &["the response did not come from the service"]),
        ),
        (
            "an empty 503 of HTTP/1.0 without a length",
            b"HTTP/1.0 503 Service Unavailable\r\n\r\n".to_vec(),
            unreadable(503, &["the response did not come from the service"]),
        ),
        (
            "204 without a body",
            b"HTTP/1.1 204 No Content\r\n\r\n".to_vec(),
            unreadable(204, &["not a JSON object"]),
        ),
        (
            "304, which nothing asked for",
            b"HTTP/1.1 304 Not Modified\r\n\r\n".to_vec(),
            unreadable(304, &["redirect"]),
        ),
        (
            "a page of a proxy",
            answer("HTTP/1.1 407 Proxy Authentication Required\r\nVia: 1.1 squid", "<html>squid"),
            unreadable(407, &["the response did not come from the service", "<html>squid"]),
        ),
        (
            "a list",
            answer("HTTP/1.1 200 OK", "[1,2]"),
            unreadable(200, &["not a JSON object", "[1,2]"]),
        ),
        (
            "two documents",
            answer("HTTP/1.1 200 OK", "{}{}"),
            unreadable(200, &["not a JSON object"]),
        ),
        (
            "a document that nests without end",
            answer("HTTP/1.1 200 OK", "{\"a\":".repeat(50_000)),
            unreadable(200, &["not a JSON object"]),
        ),
    ]
}

/// Answers that are no HTTP.
fn broken_answers() -> Vec<(&'static str, Vec<u8>, Expected)> {
    let many = "X-Header: value\r\n".repeat(20_000);
    vec![
        ("two lengths that differ", answer("HTTP/1.1 200 OK\r\nContent-Length: 1", GOOD), broken()),
        (
            "a length that is no number",
            format!("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{GOOD}").into_bytes(),
            broken(),
        ),
        ("20,000 headers", format!("HTTP/1.1 200 OK\r\n{many}\r\n{{}}").into_bytes(), broken()),
        ("a status of four figures", answer("HTTP/1.1 2000 OK", GOOD), broken()),
    ]
}

#[test]
fn both_clients_read_alike_whatever_comes() {
    let runtime = runtime();
    let table = readable().into_iter().chain(failures()).chain(broken_answers());
    let mut wrong = Vec::new();
    for (name, bytes, expected) in table {
        let server = ScriptedServer::start(Act::AnswerAndClose(bytes));
        for client in clients(&server.uri(), &runtime, &swift_retry().with_max_attempts(1), PATIENT)
        {
            let answer = client.call("shop", RawRequest::new("Detail"));
            let answer = answer.map(|reply| reply.meta().request_id().map(str::to_owned));
            if let Err(difference) = compare(&answer, &expected) {
                wrong.push(format!("{name} ({}): {difference}", client.name()));
            }
            assert_eq!(server.requests(), server.connections(), "{name}: each is one request");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_longest_of_several_waits_counts() {
    let runtime = runtime();
    // The calls have 30 seconds, so no attempt begins that would come after a minute's wait.
    for (waits, attempts) in [(&["60", "0"][..], 1), (&["0", "60"], 1), (&["0", "0"], 3)] {
        let headers: String = waits.iter().map(|it| format!("\r\nRetry-After: {it}")).collect();
        let busy = answer(&format!("HTTP/1.1 503 Service Unavailable{headers}"), "");
        let server = ScriptedServer::start(Act::AnswerAndClose(busy));
        let jitter = FullJitter::default().with_max_delay(Duration::from_millis(1));
        let retry = RetryPolicy::default().with_backoff(jitter);
        for client in clients(&server.uri(), &runtime, &retry, PATIENT) {
            let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
            assert_eq!(error.attempts(), attempts, "{waits:?} ({}): {error}", client.name());
            assert_eq!(error.http_status(), Some(503), "{waits:?} ({}): {error}", client.name());
        }
    }
}

fn compare(answer: &Result<Option<String>, Error>, expected: &Expected) -> Result<(), String> {
    match (answer, expected) {
        (Ok(id), Read(request_id)) if id.as_deref() == *request_id => Ok(()),
        (Err(error), Expected::Error { kind, status, code, request_id, says }) => {
            let text = error.to_string();
            let same = error.kind() == *kind
                && error.http_status() == *status
                && error.code().map(imagesearch_core::errors::ErrorCode::as_str) == *code
                && error.request_id() == *request_id
                && says.iter().all(|words| text.contains(words))
                && !text.contains("testsecret");
            if same { Ok(()) } else { Err(format!("{error:?}")) }
        }
        (answer, _) => Err(format!("{answer:?}")),
    }
}
