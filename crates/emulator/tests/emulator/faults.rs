//! Faults as a client sees them.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_emulator::{Emulator, ErrorEffect, FaultEffect, FaultRule, Hop, Reset};

use crate::pictures::png;
use crate::wire::{Answer, Request, Unsigned, encode_pairs, start, until};

fn with(effect: FaultEffect) -> Emulator {
    start(Emulator::builder().faults([FaultRule::new("rule", effect).hop(Hop::Api).times(1)]))
}

fn detail(emulator: &Emulator, nonce: &str) -> Request {
    let query = [("InstanceName", Emulator::INSTANCE)];
    let call = Unsigned { query: &query, ..Unsigned::new("Detail", &[], nonce) };
    let mut request = call.acs3(emulator);
    request.headers.push(("x-emulator-call".to_owned(), "call".to_owned()));
    request
}

fn ask(emulator: &Emulator) -> Answer {
    detail(emulator, "nonce").send(emulator)
}

/// Sends a request and returns what arrives, and how the connection ends.
fn ends(emulator: &Emulator, request: &Request) -> (String, Option<ErrorKind>) {
    let query = encode_pairs(&request.query);
    let mut head = format!("{} {}?{query} HTTP/1.1\r\n", request.method, request.path);
    for (name, value) in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", request.body.len()));
    let mut stream = TcpStream::connect(emulator.local_addr()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(&[head.as_bytes(), &request.body].concat()).unwrap();
    let mut answer = Vec::new();
    let end = stream.read_to_end(&mut answer).err().map(|error| error.kind());
    (String::from_utf8_lossy(&answer).into_owned(), end)
}

#[test]
fn errors_are_documented_ones_or_of_ones_own() {
    let emulator =
        with(FaultEffect::Error(ErrorEffect::new("DeniedRequest").header("Retry-After", "3")));
    let answer = ask(&emulator);
    assert_eq!(answer.error(), (403, "DeniedRequest".to_owned()));
    assert_eq!(answer.headers["retry-after"], "3");
    assert_eq!(answer.json()["RequestId"].as_str(), Some(&*answer.headers["x-acs-request-id"]));
    assert_eq!(emulator.fault_hits()["rule"], 1);
    assert_eq!(emulator.executions("call"), 0);
    // The rule has had its one time, and the nonce has not been used up.
    assert_eq!(ask(&emulator).status, 200);
    assert_eq!(emulator.executions("call"), 1);

    let own = ErrorEffect::new("TooHot").http(503).message("Later.");
    let answer = ask(&with(FaultEffect::Error(own)));
    assert_eq!(answer.error(), (503, "TooHot".to_owned()));
    assert_eq!(answer.json()["Message"], "Later.");
}

#[test]
fn connections_are_reset_for_real() {
    for (point, done, head, body) in [
        (Reset::BeforeHeaders, 0, false, false),
        (Reset::AfterHeaders, 1, true, false),
        (Reset::MidBody, 1, true, true),
    ] {
        let emulator = with(FaultEffect::Reset(point));
        let (answer, end) = ends(&emulator, &detail(&emulator, "nonce"));
        assert_eq!(end, Some(ErrorKind::ConnectionReset), "{point:?}");
        assert_eq!(answer.starts_with("HTTP/1.1 200"), head, "{point:?}: {answer}");
        let arrived = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        assert_eq!(!arrived.is_empty(), body, "{point:?}: {answer}");
        assert_eq!(emulator.executions("call"), done, "{point:?}");
    }
}

#[test]
fn bodies_are_spoiled() {
    let whole = ask(&start(Emulator::builder()));
    let length: usize = whole.headers["content-length"].parse().unwrap();

    let empty = ask(&with(FaultEffect::EmptyBody));
    assert_eq!((empty.status, empty.body.len()), (200, 0));
    assert_eq!(empty.headers["content-length"], "0");

    let emulator = with(FaultEffect::TruncateBody);
    let (cut, end) = ends(&emulator, &detail(&emulator, "nonce"));
    let (head, body) = cut.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {length}")), "{head}");
    assert_eq!((body.len(), end), (length / 2, None));

    let bad = ask(&with(FaultEffect::BadJson));
    assert_eq!(bad.headers["content-length"], (length / 2).to_string());
    assert!(serde_json::from_str::<serde_json::Value>(&bad.body).is_err());

    let html = ask(&with(FaultEffect::WrongContentType));
    assert_eq!(html.headers["content-type"], "text/html; charset=utf-8");
    assert_eq!(html.json()["Success"], true);

    let nameless = ask(&with(FaultEffect::DropRequestId));
    assert!(!nameless.headers.contains_key("x-acs-request-id"));
    assert!(nameless.json().get("RequestId").is_none());

    let dripped = ask(&with(FaultEffect::Drip { bytes_per_s: 10_000 }));
    assert_eq!(dripped.body.len(), length);
    assert_eq!(dripped.json()["Success"], true);

    let delayed = ask(&with(FaultEffect::Delay { ms: 1 }));
    assert_eq!(delayed.json()["Success"], true);
}

#[test]
fn a_proxy_answers_without_an_id() {
    let emulator = with(FaultEffect::Html502);
    let answer = ask(&emulator);
    assert_eq!((answer.status, &*answer.headers["content-type"]), (502, "text/html"));
    assert!(answer.body.contains("<h1>502 Bad Gateway</h1>"));
    assert!(!answer.headers.contains_key("x-acs-request-id"));
    assert_eq!(emulator.executions("call"), 0);
}

#[test]
fn work_is_done_before_the_answer_is_lost() {
    let lost = |then| FaultEffect::DuplicateExecution { then: Box::new(then) };
    let emulator = with(lost(FaultEffect::Reset(Reset::BeforeHeaders)));
    let (answer, end) = ends(&emulator, &detail(&emulator, "1"));
    assert_eq!((answer.as_str(), end), ("", Some(ErrorKind::ConnectionReset)));
    assert_eq!(emulator.executions("call"), 1);
    assert_eq!(detail(&emulator, "2").send(&emulator).status, 200);
    assert_eq!(emulator.executions("call"), 2);

    let emulator = with(lost(FaultEffect::Error(ErrorEffect::new("InternalError"))));
    assert_eq!(ask(&emulator).error(), (500, "InternalError".to_owned()));
    assert_eq!(emulator.executions("call"), 1);
}

#[test]
fn a_hanging_request_ends_with_the_emulator() {
    let emulator = with(FaultEffect::Hang);
    let stop = emulator.shutdown_handle();
    let request = detail(&emulator, "nonce");
    std::thread::scope(|scope| {
        let asking = scope.spawn(|| ends(&emulator, &request));
        until(|| emulator.fault_hits()["rule"] > 0);
        stop.shutdown();
        let (answer, end) = asking.join().unwrap();
        assert_eq!((answer.as_str(), end), ("", Some(ErrorKind::ConnectionReset)));
    });
}

#[test]
fn a_skewed_clock_tells_its_time() {
    let emulator = with(FaultEffect::SkewedClock { seconds: 3600 });
    let answer = ask(&emulator);
    assert_eq!(answer.error(), (400, "InvalidTimeStamp.Expired".to_owned()));
    assert_eq!(answer.headers["date"], "Fri, 02 Jan 2026 04:04:05 GMT");
    let answer = ask(&emulator);
    assert_eq!((answer.status, &*answer.headers["date"]), (200, "Fri, 02 Jan 2026 03:04:05 GMT"));

    // A client that follows `Date` is right for as long as the clock is wrong.
    let rule = FaultRule::new("rule", FaultEffect::SkewedClock { seconds: -7200 });
    emulator.set_faults([rule]).unwrap();
    let query = [("InstanceName", Emulator::INSTANCE)];
    let date = "2026-01-02T01:04:05Z";
    let corrected = Unsigned { date, query: &query, ..Unsigned::new("Detail", &[], "other") };
    assert_eq!(corrected.acs3(&emulator).send(&emulator).status, 200);
}

#[test]
fn pictures_are_rejected_after_their_upload() {
    let emulator = with(FaultEffect::RejectAfterUpload);
    let picture = STANDARD.encode(png(1));
    let form = [
        ("InstanceName", Emulator::INSTANCE),
        ("ProductId", "1"),
        ("PicName", "1.png"),
        ("PicContent", &picture),
    ];
    let add = |nonce| Unsigned::new("AddImage", &form, nonce).acs3(&emulator).send(&emulator);
    assert_eq!(add("1").error(), (500, "PictureError".to_owned()));
    assert_eq!(add("2").status, 200);
}

#[test]
fn policies_are_expired_on_arrival() {
    let emulator = start(
        Emulator::builder().faults([FaultRule::new("old", FaultEffect::ExpiredPolicy).times(1)]),
    );
    let call = Unsigned {
        method: "GET",
        version: "2019-12-19",
        query: &[("Product", "ImageSearch"), ("RegionId", "cn-shanghai")],
        ..Unsigned::new("AuthorizeFileUpload", &[], "1")
    };
    let answer = call.acs3(&emulator).send(&emulator);
    let policy = STANDARD.decode(answer.json()["EncodedPolicy"].as_str().unwrap()).unwrap();
    let policy: serde_json::Value = serde_json::from_slice(&policy).unwrap();
    assert_eq!(policy["expiration"], "2026-01-02T03:04:04.999Z");
}

#[test]
fn uploads_fail_in_xml() {
    let error = FaultEffect::Error(ErrorEffect::new("InternalError").message("a < b"));
    let emulator = start(Emulator::builder().faults([FaultRule::new("xml", error).hop(Hop::Oss)]));
    let request = Request {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        query: Vec::new(),
        headers: vec![("content-type".to_owned(), "multipart/form-data; boundary=b".to_owned())],
        body: b"--b--\r\n".to_vec(),
    };
    let answer = request.send(&emulator);
    assert_eq!((answer.status, &*answer.headers["content-type"]), (500, "application/xml"));
    assert!(answer.body.contains("<Code>InternalError</Code>"), "{}", answer.body);
    assert!(answer.body.contains("<Message>a &lt; b</Message>"), "{}", answer.body);
}

#[test]
fn a_header_asks_for_a_rule() {
    let rule = FaultRule::new("asked", FaultEffect::Html502).header_only();
    let emulator = start(Emulator::builder().faults([rule]));
    assert_eq!(detail(&emulator, "1").send(&emulator).status, 200);
    let mut request = detail(&emulator, "2");
    request.headers.push(("x-emulator-fault".to_owned(), "asked".to_owned()));
    assert_eq!(request.send(&emulator).status, 502);
    *request.header("x-emulator-fault") = "unknown".to_owned();
    assert_eq!(request.send(&emulator).error(), (400, "InvalidParameter".to_owned()));
}
