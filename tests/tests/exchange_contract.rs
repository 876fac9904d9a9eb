//! What an exchange owes a driver whose machine misbehaves.

use std::{task::Waker, time::Duration};

use imagesearch_core::{
    CallOptions, Credentials, ErrorKind, Exchange, Hop, RawCall, RetryPolicy, TimeoutPhase,
    exchange::{Entropy, Prepared, Step},
    image::ImageLimits,
};
use imagesearch_tests::{
    fake::{FakeClient, Script, Turn, VirtualClock},
    wire::settings,
};

#[test]
fn a_machine_that_slept_over_the_deadline_says_what_it_waited_for() {
    let client: FakeClient =
        settings("http://127.0.0.1:1").with_retry(RetryPolicy::default()).build().unwrap();
    let clock = VirtualClock::default();
    let denied = r#"{"Code":"DeniedRequest","Message":"m"}"#;
    let script = Script::default().answer(Hop::Invoke, 403, denied);
    let detail =
        Prepared::raw(RawCall::new("Detail"), "shop", ImageLimits::DEFAULT, CallOptions::default());
    let mut run = client.begin(detail, &clock, script).unwrap();
    assert!(matches!(run.turn(), Turn::Waits(Some(_))));
    clock.set(Duration::from_secs(3_600));
    let Turn::Over(Err(error)) = run.turn() else { panic!("is late") };
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutPhase::Backoff));
    assert!(error.to_string().contains("before the next attempt"), "{error}");
    assert!(error.is_retryable() && !error.may_have_been_applied());
}

#[test]
fn without_randomness_nothing_is_sent() {
    struct Exhausted;
    impl Entropy for Exhausted {
        fn draw(&mut self) -> Option<[u8; 16]> {
            None
        }
    }
    let detail =
        Prepared::raw(RawCall::new("Detail"), "shop", ImageLimits::DEFAULT, CallOptions::default());
    let client = FakeClient::builder()
        .with_region("cn-shanghai")
        .with_credentials(Credentials::access_key("testid", "testsecret"))
        .build()
        .unwrap();
    let clock = VirtualClock::default();
    let mut exchange = Exchange::new(client.shared(), detail, clock.now()).unwrap();
    let step = exchange.next(clock.now(), &mut Exhausted, Waker::noop());
    let Step::Done(Err(error)) = step else { panic!("{step:?}") };
    assert!(error.to_string().contains("no randomness"), "{error}");
    // Asking again is a mistake of the driver's, and answered rather than punished.
    let step = exchange.next(clock.now(), &mut Exhausted, Waker::noop());
    assert!(matches!(step, Step::Done(Err(_))));
}
