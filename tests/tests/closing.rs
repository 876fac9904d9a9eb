//! Closing the blocking client from another thread.

use std::{
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use imagesearch_blocking::Client;
use imagesearch_core::{
    Error, ErrorKind, RetryPolicy,
    requests::{DeleteImageRequest, DetailRequest},
    retry::{Backoff, FailedAttempt},
};
use imagesearch_tests::{
    scripted_server::{Act, ScriptedServer, http_answer},
    wire::settings,
};

/// Longer than any test takes: what ends before has not waited.
const LONG: Duration = Duration::from_secs(3600);

/// Waits for ever, as far as tests are concerned.
#[derive(Debug)]
struct Patient;

impl Backoff for Patient {
    fn delay(&self, _failed: &FailedAttempt<'_>, _random: u64) -> Duration {
        LONG
    }
}

fn client(server: &ScriptedServer) -> Client {
    let builder = settings(&server.uri()).with_timeout(2 * LONG).with_attempt_timeout(LONG);
    builder.with_retry(RetryPolicy::default().with_backoff(Patient)).build().unwrap()
}

/// Closes the client once the server has seen a request of a call on another thread.
fn close_during(
    server: &ScriptedServer,
    client: &Client,
    call: impl FnOnce(&Client) -> Error + Send + 'static,
) -> Error {
    let (returned, error) = mpsc::channel();
    let clone = client.clone();
    thread::spawn(move || returned.send(call(&clone)).unwrap());
    let given_up = Instant::now() + Duration::from_secs(30);
    while server.requests() == 0 {
        assert!(Instant::now() < given_up, "no request has come");
        thread::yield_now();
    }
    client.close();
    error.recv_timeout(Duration::from_secs(30)).expect("the call ends")
}

#[test]
fn calls_end_wherever_they_are() {
    let detail =
        |client: &Client| client.instance("shop").detail(DetailRequest::new()).send().unwrap_err();
    let delete = |client: &Client| {
        client
            .instance("shop")
            .delete_image(DeleteImageRequest::by_product("1000"))
            .send()
            .unwrap_err()
    };
    let busy = || Act::AnswerAll(http_answer("503 Service Unavailable", ""));
    let begun = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec();
    type Call = fn(&Client) -> Error;
    let cases: [(Act, Call, bool); 5] = [
        (Act::Silence, detail, false),
        (Act::Silence, delete, true),
        (Act::AnswerAndStall(begun), delete, true),
        // These wait before the next attempt.
        (busy(), detail, false),
        (Act::ReadAndClose, detail, false),
    ];
    for (act, call, in_doubt) in cases {
        let case = format!("{act:?}");
        let server = ScriptedServer::start(act);
        let client = client(&server);
        let error = close_during(&server, &client, call);
        assert_eq!(error.kind(), ErrorKind::Closed, "{case}: {error}");
        assert_eq!(error.may_have_been_applied(), in_doubt, "{case}: {error}");
        assert!(error.operation().is_some() && !error.is_retryable(), "{case}: {error}");
        assert_eq!(server.requests(), 1, "{case}");
    }
}

#[test]
fn a_closed_client_sends_nothing_and_keeps_no_connection() {
    let ok = http_answer("200 OK", r#"{"Success":true}"#);
    let server = ScriptedServer::start(Act::AnswerAll(ok));
    let client = client(&server);
    let shop = client.instance("shop");
    shop.detail(DetailRequest::new()).send().unwrap();
    assert_eq!(server.open_connections(), 1);
    client.clone().close();
    let given_up = Instant::now() + Duration::from_secs(30);
    while server.open_connections() > 0 {
        assert!(Instant::now() < given_up, "the connection stays open");
        thread::yield_now();
    }
    for _ in 0..2 {
        let error = shop.detail(DetailRequest::new()).send().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Closed);
        assert_eq!(error.to_string().matches("the client was closed").count(), 1, "{error}");
    }
    assert_eq!(server.requests(), 1);
}
