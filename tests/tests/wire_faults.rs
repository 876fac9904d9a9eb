//! Servers that misbehave below HTTP: each gives one clear error in both clients, and in time.

use std::time::{Duration, Instant};

use imagesearch_core::{ErrorKind, RetryPolicy, errors::TimeoutPhase, requests::RawRequest};
use imagesearch_tests::{
    scripted_server::{Act, ScriptedServer, closed_port, http_answer},
    wire::{Async, Blocking, Caller, clients, runtime, settings, swift_retry, until},
};
use tokio::runtime::Runtime;

const GOOD: &str = r#"{"Success":true,"RequestId":"R-1"}"#;

/// Enough for an answer on a machine with much else to do.
const PATIENT: Duration = Duration::from_secs(20);

/// Short enough to wait for.
const IMPATIENT: Duration = Duration::from_millis(200);

fn attempts(most: u32) -> RetryPolicy {
    swift_retry().with_max_attempts(most)
}

/// What comes back, and what it may be called.
fn faults() -> Vec<(&'static str, Act, Vec<ErrorKind>, &'static str)> {
    let close = |text: &str| Act::AnswerAndClose(text.as_bytes().to_vec());
    let timeout = |phase| ErrorKind::Timeout(phase);
    let broken = || vec![ErrorKind::Transport];
    // Each comes before any time is over, and all that come by then stay below any limit of size.
    let endless = |text: &str| Act::Repeat(text.as_bytes().to_vec(), Duration::from_millis(20));
    let long = "x".repeat(17 * 1024 * 1024);
    vec![
        ("closes at once", Act::HangUp, broken(), " broke "),
        ("closes after the request", Act::ReadAndClose, broken(), " broke "),
        ("closes in the status line", close("HTTP/1.1 2"), broken(), " broke "),
        ("closes in the headers", close("HTTP/1.1 200 OK\r\nContent-Le"), broken(), " broke "),
        (
            "closes in the body",
            close("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Success\":true}"),
            broken(),
            "broke during the response",
        ),
        (
            "closes in a chunk",
            close("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{\"Suc"),
            broken(),
            "broke during the response",
        ),
        ("is no HTTP server", close("220 mail.example ESMTP ready\r\n\r\n"), broken(), " broke "),
        (
            "speaks garbage",
            Act::AnswerAndClose(vec![0x16, 3, 1, 0, 0xff, b'\r', b'\n', b'\r', b'\n']),
            broken(),
            " broke ",
        ),
        (
            "has a chunk without a size",
            close("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n"),
            broken(),
            "broke during the response",
        ),
        (
            "announces more than there is",
            close(
                "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n{\"Success\":true}",
            ),
            broken(),
            "broke during the response",
        ),
        (
            "announces more than a length may be",
            close(
                "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n{\"Success\":true}",
            ),
            broken(),
            " broke ",
        ),
        (
            "closes in the body of HTTP/1.0",
            close("HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{\"Success\":true}"),
            broken(),
            "broke during the response",
        ),
        (
            "announces an answer without end",
            endless("HTTP/1.1 100 Continue\r\n\r\n"),
            vec![timeout(TimeoutPhase::Response)],
            "time",
        ),
        (
            "hints without end",
            endless("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
            vec![timeout(TimeoutPhase::Response)],
            "time",
        ),
        ("says nothing", Act::Silence, vec![timeout(TimeoutPhase::Response)], "time"),
        (
            "drips",
            Act::Drip(http_answer("200 OK", GOOD), Duration::from_millis(20)),
            vec![timeout(TimeoutPhase::Response)],
            "time",
        ),
        (
            "stops in the body",
            Act::AnswerAndStall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec()),
            vec![timeout(TimeoutPhase::Body)],
            "no complete response from",
        ),
        (
            "does not stop",
            Act::AnswerAndClose(http_answer("200 OK", &long)),
            vec![ErrorKind::UnexpectedResponse],
            "has more than",
        ),
    ]
}

#[test]
fn each_fault_is_one_clear_error_in_both_clients() {
    let runtime = runtime();
    for (name, act, kinds, words) in faults() {
        let server = ScriptedServer::start(act);
        let times_out = matches!(kinds[..], [ErrorKind::Timeout(_)]);
        let timeout = if times_out { IMPATIENT } else { PATIENT };
        for client in clients(&server.uri(), &runtime, &attempts(1), timeout) {
            let before = server.connections();
            let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
            let who = format!("{name} ({}): {error}", client.name());
            assert!(kinds.contains(&error.kind()), "{:?} {who}", error.kind());
            assert!(error.to_string().contains(words), "{who}");
            assert!(!error.to_string().contains("testsecret"), "{who}");
            assert_eq!(error.attempts(), 1, "{who}");
            assert!(!error.may_have_been_applied(), "a read changes nothing: {who}");
            assert_eq!(server.connections() - before, 1, "one attempt is one connection: {who}");
        }
    }
}

#[test]
fn a_change_is_in_doubt_once_it_has_left_and_only_then() {
    let runtime = runtime();
    for (act, applied) in [
        (Some(Act::ReadAndClose), true),
        (Some(Act::Silence), true),
        (
            Some(Act::AnswerAndClose(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".to_vec())),
            true,
        ),
        (None, false),
    ] {
        let server = act.clone().map(ScriptedServer::start);
        let timeout = if matches!(act, Some(Act::Silence)) { IMPATIENT } else { PATIENT };
        let url = server.as_ref().map_or_else(closed_port, ScriptedServer::uri);
        for client in clients(&url, &runtime, &attempts(3), timeout) {
            let error = client.call("shop", RawRequest::new("DumpMeta")).unwrap_err();
            let who = format!("{act:?} ({}): {error}", client.name());
            assert_eq!(error.may_have_been_applied(), applied, "{who}");
            assert_eq!(error.is_retryable(), !applied, "{who}");
            assert_eq!(error.attempts(), if applied { 1 } else { 3 }, "{who}");
        }
    }
}

#[test]
fn an_answer_that_comes_before_the_request_was_sent_is_read() {
    let refusal = r#"{"Code":"InvalidParameter","Message":"too long","RequestId":"R-413"}"#;
    let answer = http_answer("413 Payload Too Large", refusal);
    let runtime = runtime();
    // Far more than the buffers of both sides take.
    let long = "x".repeat(12 * 1024 * 1024);
    for (act, name) in [
        // The blocking client cannot read while it writes: it looks when writing has failed.
        (Act::AnswerEarly(answer.clone()), "blocking"),
        // hyper looks between two pieces, and gives an answer up if the reset comes in the middle of
        // one, so that only a server that stays is certain to be heard.
        (Act::AnswerEarlyAndStay(answer), "async"),
    ] {
        let server = ScriptedServer::start(act);
        let clients = clients(&server.uri(), &runtime, &attempts(1), PATIENT);
        for client in clients.iter().filter(|client| client.name() == name) {
            let call = RawRequest::new("Unheard").form("Text", long.clone());
            let error = client.call("shop", call).unwrap_err();
            assert_eq!(error.http_status(), Some(413), "{}: {error}", client.name());
            assert_eq!(error.request_id(), Some("R-413"), "{}: {error}", client.name());
        }
    }
}

#[test]
fn a_handshake_that_does_not_end_leaves_no_change_in_doubt() {
    let runtime = runtime();
    for (act, timeout, kind) in [
        (Act::Silence, IMPATIENT, ErrorKind::Timeout(TimeoutPhase::Connect)),
        (Act::HangUp, PATIENT, ErrorKind::Connect),
    ] {
        let server = ScriptedServer::start(act);
        let url = server.uri().replace("http://", "https://");
        for client in clients(&url, &runtime, &attempts(2), timeout) {
            // Only the body tells a transport that the request is leaving.
            let call = RawRequest::new("DumpMeta").form("Any", "text");
            let error = client.call("shop", call).unwrap_err();
            let who = format!("{}: {error}", client.name());
            assert_eq!(error.kind(), kind, "{who}");
            assert!(!error.may_have_been_applied() && error.is_retryable(), "{who}");
            assert_eq!(error.attempts(), 2, "{who}");
        }
    }
}

#[test]
fn a_closed_port_is_no_connection() {
    let runtime = runtime();
    for client in clients(&closed_port(), &runtime, &attempts(2), PATIENT) {
        let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{}: {error}", client.name());
        assert_eq!(error.attempts(), 2);
        assert!(error.to_string().contains("could not connect to"), "{error}");
        let text = format!("{error:#}");
        assert!(text.to_lowercase().contains("refused"), "{}: {text}", client.name());
    }
}

/// Creates a runtime of one thread.
///
/// hyper's task puts a connection back into the pool after the answer was handed out. Here it runs
/// when the test yields, so that the next call can't come before it and open another connection.
fn single_threaded() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

#[test]
fn calls_one_after_the_other_use_one_connection() {
    let server = ScriptedServer::start(Act::AnswerAll(http_answer("200 OK", GOOD)));
    let blocking: imagesearch_blocking::Client = settings(&server.uri()).build().unwrap();
    for _ in 0..20 {
        // Each a clone: clones share the pool.
        blocking.clone().instance("shop").raw(RawRequest::new("Detail")).send().unwrap();
    }
    assert_eq!((server.connections(), server.requests()), (1, 20));

    let server = ScriptedServer::start(Act::AnswerAll(http_answer("200 OK", GOOD)));
    let asynchronous: imagesearch_async::Client = settings(&server.uri()).build().unwrap();
    single_threaded().block_on(async {
        for _ in 0..20 {
            asynchronous.clone().instance("shop").raw(RawRequest::new("Detail")).await.unwrap();
            tokio::task::yield_now().await;
        }
    });
    assert_eq!((server.connections(), server.requests()), (1, 20));
}

#[test]
fn errors_keep_the_connection_too() {
    let refusal = r#"{"Code":"InvalidInstance","Message":"m","RequestId":"R-1"}"#;
    let answer = http_answer("400 Bad Request", refusal);
    let runtime = single_threaded();
    for who in 0..2 {
        let server = ScriptedServer::start(Act::AnswerAll(answer.clone()));
        let client = &clients(&server.uri(), &runtime, &attempts(1), PATIENT)[who];
        for _ in 0..5 {
            client.call("shop", RawRequest::new("Detail")).unwrap_err();
            runtime.block_on(tokio::task::yield_now());
        }
        assert_eq!(server.connections(), 1, "{}", client.name());
    }
}

#[test]
fn a_connection_that_the_server_has_closed_costs_no_call() {
    let server = ScriptedServer::start(Act::AnswerAndClose(http_answer("200 OK", GOOD)));
    let runtime = runtime();
    for client in clients(&server.uri(), &runtime, &attempts(3), PATIENT) {
        for _ in 0..5 {
            client.call("shop", RawRequest::new("Detail")).unwrap();
        }
    }
    assert_eq!(server.connections(), 10);
}

#[test]
fn the_deadline_ends_a_call_whatever_the_attempts_may_take() {
    let server = ScriptedServer::start(Act::Silence);
    let runtime = runtime();
    let timeout = Duration::from_millis(150);
    let blocking = settings(&server.uri()).with_timeout(timeout).with_retry(RetryPolicy::default());
    let asynchronous = settings(&server.uri()).with_timeout(timeout);
    let clients: [Box<dyn Caller>; 2] = [
        Box::new(Blocking(blocking.build().unwrap())),
        Box::new(Async(asynchronous.build().unwrap(), &runtime)),
    ];
    for client in clients {
        let started = Instant::now();
        let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
        let took = started.elapsed();
        assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutPhase::Response), "{error}");
        assert!(took >= timeout && took < timeout + Duration::from_secs(5), "{took:?}");
    }
}

#[test]
fn dropping_an_async_call_closes_its_connection() {
    let server = ScriptedServer::start(Act::Silence);
    let client: imagesearch_async::Client = settings(&server.uri()).build().unwrap();
    runtime().block_on(async {
        for calls in 1..=2 {
            let call = client.instance("shop").raw(RawRequest::new("Detail")).send();
            let call = tokio::spawn(call);
            until(|| server.requests() == calls).await;
            call.abort();
            assert!(call.await.unwrap_err().is_cancelled());
            until(|| server.open_connections() == 0).await;
        }
    });
    assert_eq!(server.connections(), 2, "the next call has a connection of its own");
}
