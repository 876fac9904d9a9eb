//! What a rule answers, and what the real exchange makes of it.

use std::time::Duration;

use imagesearch_core::{
    Error, ErrorKind, Response,
    answers::{DetailResponse, Meta},
    errors::{ErrorCode, TimeoutPhase},
    requests::{DetailRequest, DumpMetaRequest, Request},
    testing::{MockService, Rule},
};

use crate::side::{Side, both};

/// Returns what became of a call: its code, or else its kind.
fn shown<T>(outcome: Result<T, Error>) -> String {
    match outcome {
        Ok(_) => "ok".to_owned(),
        Err(error) => {
            let kind = format!("{:?}", error.kind());
            let doubt = if error.may_have_been_applied() { ", perhaps applied" } else { "" };
            format!("{}{doubt}", error.code().map_or(kind, ToString::to_string))
        }
    }
}

/// What rules are like, how their calls end, after how many attempts, and whether time passed.
type Rows<R> = [(fn(Rule<R>) -> Rule<R>, &'static str, usize, bool)];

const GOOD: &str = r#"{"Success": true}"#;

fn unavailable() -> http::Response<&'static str> {
    http::Response::builder().status(502).body("<html>502 Bad Gateway</html>").unwrap()
}

fn check<R: Request + Default>(rows: &Rows<R>) {
    for (number, (rule, outcome, attempts, waits)) in rows.iter().enumerate() {
        both(|side| {
            let place = format!("row {number} of {}, {}", R::OPERATION.name, side.name());
            let rule = rule(side.rules.when::<R>());
            assert_eq!(shown(side.send(R::default())), *outcome, "{place}");
            assert_eq!(rule.num_calls(), *attempts, "{place}");
            assert_eq!(side.rules.elapsed() > Duration::ZERO, *waits, "{place}");
        });
    }
}

fn service(code: ErrorCode) -> Error {
    Error::service(code)
}

#[test]
fn calls_that_may_be_repeated() {
    check::<DetailRequest>(&[
        (|rule| rule.respond_json(GOOD), "ok", 1, false),
        (|rule| rule.respond(DetailResponse::default()), "ok", 1, false),
        (
            |rule| rule.respond_with(|_| Ok(Response::new(DetailResponse::default()))),
            "ok",
            1,
            false,
        ),
        (|rule| rule.respond_with(|_| Err(Error::connect("reset"))), "Connect", 3, true),
        (|rule| rule.respond_json("not JSON"), "UnexpectedResponse", 3, true),
        (|rule| rule.fail(service(ErrorCode::ThrottlingUser)).respond_json(GOOD), "ok", 2, true),
        (|rule| rule.fail(service(ErrorCode::InstanceOverQuota)), "InstanceOverQuota", 1, false),
        (
            |rule| rule.fail(service("NotSeenYet".into()).with_http_status(500)),
            "NotSeenYet",
            3,
            true,
        ),
        (|rule| rule.fail(Error::timeout(TimeoutPhase::Response)), "Timeout(Response)", 3, true),
        (|rule| rule.fail(Error::timeout(TimeoutPhase::Body)).respond_json(GOOD), "ok", 2, true),
        (|rule| rule.fail(Error::connect("refused")).respond_json(GOOD), "ok", 2, true),
        (|rule| rule.fail(Error::new(ErrorKind::Transport, "")).respond_json(GOOD), "ok", 2, true),
        (|rule| rule.respond_http(unavailable()).respond_json(GOOD), "ok", 2, true),
        (|rule| rule.fail(Error::new(ErrorKind::Credentials, "")), "Credentials", 1, false),
        (|rule| rule.fail(Error::timeout(TimeoutPhase::Pacing)), "Timeout(Pacing)", 1, false),
    ]);
}

#[test]
fn calls_that_may_not() {
    check::<DumpMetaRequest>(&[
        (|rule| rule.fail(service(ErrorCode::ThrottlingUser)).respond_json(GOOD), "ok", 2, true),
        (|rule| rule.fail(Error::connect("refused")).respond_json(GOOD), "ok", 2, true),
        (|rule| rule.fail(Error::timeout(TimeoutPhase::Connect)).respond_json(GOOD), "ok", 2, true),
        (
            |rule| rule.fail(Error::timeout(TimeoutPhase::Response)),
            "Timeout(Response), perhaps applied",
            1,
            true,
        ),
        (
            |rule| rule.fail(Error::new(ErrorKind::Transport, "")),
            "Transport, perhaps applied",
            1,
            false,
        ),
    ]);
}

#[test]
fn an_error_of_the_service_arrives_as_it_was_given() {
    both(|side: &Side<'_>| {
        let given = Error::service(ErrorCode::DeniedRequest)
            .with_http_status(503)
            .with_service_message("too many requests")
            .with_request_id("R-1");
        side.rules.when::<DetailRequest>().fail(given);
        let error = side.send(DetailRequest::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Service);
        assert_eq!(error.code(), Some(&ErrorCode::DeniedRequest));
        assert_eq!(error.service_message(), Some("too many requests"));
        assert_eq!((error.http_status(), error.request_id()), (Some(503), Some("R-1")));
        assert_eq!((error.operation(), error.attempts()), (Some("Detail"), 3));
        assert!(error.is_retryable());
    });
}

#[test]
fn what_comes_with_an_answer_is_what_a_client_sees() {
    both(|side| {
        side.rules
            .when::<DetailRequest>()
            .fail(Error::service(ErrorCode::ThrottlingUser))
            .respond_json(r#"{"RequestId": "R-2", "Instance": {"Name": "shop"}}"#);
        let response = side.send(DetailRequest::new()).unwrap();
        assert_eq!(response.instance.as_ref().unwrap().name.as_deref(), Some("shop"));
        assert_eq!(response.meta().request_id(), Some("R-2"));
        assert_eq!(response.meta().attempts(), 2);
        assert!(response.meta().body().starts_with(br#"{"RequestId""#));

        let meta = Meta::new().with_request_id("R-3").with_status(http::StatusCode::ACCEPTED);
        side.rules
            .when::<DumpMetaRequest>()
            .respond_with(move |_| Ok(Response::from_parts(Default::default(), meta.clone())));
        let response = side.send(DumpMetaRequest::new()).unwrap();
        assert_eq!(response.meta().request_id(), Some("R-3"));
        assert_eq!(response.meta().status(), 202);
    });
}

#[test]
fn no_credentials_are_looked_for_outside() {
    // The default chain has none to find; a mock gives its clients a key of their own.
    let service = MockService::default();
    assert_eq!(format!("{service:?}"), "MockService { rules: [], elapsed: 0ns, .. }");
    both(|side| {
        side.rules.when::<DetailRequest>().respond_json(GOOD);
        side.send(DetailRequest::new()).unwrap();
        side.rules.verify().unwrap();
    });
}
