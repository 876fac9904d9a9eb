//! Every fault through the blocking client: what one attempt makes of it, and whether a second helps.

use std::time::Duration;

use imagesearch_blocking::{Client, Credentials, Instance};
use imagesearch_core::retry::FullJitter;
use imagesearch_core::{
    Error, Image, RetryPolicy,
    requests::{AddImageRequest, DetailRequest, IncreaseInstanceRequest},
};
use imagesearch_emulator::{Emulator, ErrorEffect, FaultEffect, FaultRule, Hop, Reset};

use crate::pictures::png;

/// Long enough for an answer of this machine, and short for who waits for none.
const ATTEMPT: Duration = Duration::from_secs(1);

/// Starts an emulator in which the first request of one kind goes wrong.
fn start(effect: FaultEffect, hop: Hop) -> Emulator {
    let rule = FaultRule::new("rule", effect).hop(hop).times(1);
    Emulator::builder().faults([rule]).start().unwrap()
}

fn demo(emulator: &Emulator, attempts: u32) -> Instance {
    let at_once = FullJitter::default().with_max_delay(Duration::ZERO);
    let retry = RetryPolicy::default().with_max_attempts(attempts).with_backoff(at_once);
    let key = (Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
    let client = Client::builder()
        .with_emulator(emulator.url())
        .with_credentials(Credentials::access_key(key.0, key.1))
        .with_attempt_timeout(ATTEMPT)
        .with_retry(retry);
    client.build().unwrap().instance(Emulator::INSTANCE)
}

fn add(demo: &Instance) -> Result<(), Error> {
    demo.add_image(AddImageRequest::new("1", "1", Image::from(png(1)))).send().map(drop)
}

/// Returns what became of a call: its code, or else its kind.
fn shown(outcome: Result<(), Error>) -> String {
    match outcome {
        Ok(()) => "ok".to_owned(),
        Err(error) => {
            let kind = format!("{:?}", error.kind());
            let doubt = if error.may_have_been_applied() { ", perhaps applied" } else { "" };
            format!("{}{doubt}", error.code().map_or(kind, ToString::to_string))
        }
    }
}

fn error(code: &str) -> FaultEffect {
    FaultEffect::Error(ErrorEffect::new(code))
}

fn lost(then: FaultEffect) -> FaultEffect {
    FaultEffect::DuplicateExecution { then: Box::new(then) }
}

#[test]
fn what_goes_wrong_with_a_call_is_one_error_and_mended_by_the_next_attempt() {
    for (effect, once, twice) in [
        (error("DeniedRequest"), "DeniedRequest", "ok"),
        (error("Throttling.User"), "Throttling.User", "ok"),
        (error("InternalSwiftError"), "InternalSwiftError", "ok"),
        (error("NoPermission"), "NoPermission", "NoPermission"),
        (FaultEffect::Delay { ms: 1 }, "ok", "ok"),
        (FaultEffect::Drip { bytes_per_s: 10_000 }, "ok", "ok"),
        (FaultEffect::Reset(Reset::BeforeHeaders), "Transport", "ok"),
        (FaultEffect::Reset(Reset::AfterHeaders), "Transport", "ok"),
        (FaultEffect::Reset(Reset::MidBody), "Transport", "ok"),
        (FaultEffect::Hang, "Timeout(Response)", "ok"),
        (FaultEffect::EmptyBody, "UnexpectedResponse", "ok"),
        (FaultEffect::TruncateBody, "Transport", "ok"),
        (FaultEffect::BadJson, "UnexpectedResponse", "ok"),
        (FaultEffect::Html502, "UnexpectedResponse", "ok"),
        (FaultEffect::WrongContentType, "ok", "ok"),
        (FaultEffect::DropRequestId, "ok", "ok"),
        (lost(FaultEffect::Reset(Reset::BeforeHeaders)), "Transport", "ok"),
        (lost(error("InternalError")), "InternalError", "ok"),
    ] {
        for (attempts, expected) in [(1, once), (2, twice)] {
            let emulator = start(effect.clone(), Hop::Api);
            let outcome = demo(&emulator, attempts).detail(DetailRequest::new()).send().map(drop);
            assert_eq!(shown(outcome), expected, "{effect:?}, {attempts} attempts");
            assert_eq!(emulator.fault_hits()["rule"], 1, "{effect:?}");
        }
    }
}

#[test]
fn what_goes_wrong_with_an_upload_is_mended_too() {
    for (hop, effect, once, twice) in [
        (Hop::Authorize, error("Throttling.User"), "Throttling.User", "ok"),
        (Hop::Authorize, FaultEffect::Reset(Reset::MidBody), "Transport", "ok"),
        (Hop::Authorize, FaultEffect::ExpiredPolicy, "AccessDenied", "ok"),
        (Hop::Oss, error("ServiceUnavailable"), "ServiceUnavailable", "ok"),
        (Hop::Oss, FaultEffect::Reset(Reset::BeforeHeaders), "Transport", "ok"),
        (Hop::Oss, FaultEffect::ExpiredPolicy, "AccessDenied", "ok"),
        (Hop::Api, FaultEffect::RejectAfterUpload, "PictureError, perhaps applied", "ok"),
        (
            Hop::Api,
            lost(FaultEffect::Reset(Reset::BeforeHeaders)),
            "Transport, perhaps applied",
            "ok",
        ),
    ] {
        for (attempts, expected) in [(1, once), (2, twice)] {
            let emulator = start(effect.clone(), hop);
            let outcome = shown(add(&demo(&emulator, attempts)));
            assert_eq!(outcome, expected, "{hop:?} {effect:?}, {attempts} attempts");
            assert_eq!(emulator.fault_hits()["rule"], 1, "{hop:?} {effect:?}");
        }
    }
}

#[test]
fn a_clock_that_is_off_is_followed() {
    for seconds in [3_600, -3_600] {
        let rule = FaultRule::new("rule", FaultEffect::SkewedClock { seconds });
        let emulator = Emulator::builder().faults([rule]).start().unwrap();
        let detail =
            |attempts| demo(&emulator, attempts).detail(DetailRequest::new()).send().map(drop);
        assert_eq!(shown(detail(1)), "InvalidTimeStamp.Expired", "{seconds}");
        assert_eq!(shown(detail(2)), "ok", "{seconds}");
    }
}

#[test]
fn a_change_that_is_not_idempotent_is_not_repeated_in_doubt() {
    for (effect, executions, expected) in [
        (lost(FaultEffect::Reset(Reset::BeforeHeaders)), 1, "Transport, perhaps applied"),
        (FaultEffect::Reset(Reset::BeforeHeaders), 0, "Transport, perhaps applied"),
        (error("DeniedRequest"), 1, "ok"),
    ] {
        let emulator = start(effect.clone(), Hop::Api);
        let request = IncreaseInstanceRequest::new("bucket", "/");
        let call = demo(&emulator, 3).increase_instance(request);
        let outcome = call.with_header("x-emulator-call", "once").send().map(drop);
        assert_eq!(shown(outcome), expected, "{effect:?}");
        assert_eq!(emulator.executions("once"), executions, "{effect:?}");
    }
}
