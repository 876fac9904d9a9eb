//! What an exchange owes a driver whose machine misbehaves.

use std::{
    sync::{Arc, Mutex},
    task::Waker,
    time::Duration,
};

use imagesearch_core::{
    Credentials, ErrorKind, Image, Pacing, RetryPolicy,
    client::CallOptions,
    credentials::{CredentialsFuture, CredentialsProvider, FetchContext},
    errors::{Hop, TimeoutPhase},
    exchange::{Effect, Entropy, Exchange, LoadError, PreparedCall, Source},
    image::ImageLimits,
    operation::QuotaGroup,
    requests::RawRequest,
};
use imagesearch_tests::{
    fake::{CountingEntropy, FakeClient, Outcome, Script, Turn, VirtualClock, answer},
    pictures::png,
    scenario::authorization,
    wire::settings,
};

#[test]
fn a_machine_that_slept_over_the_deadline_says_what_it_waited_for() {
    let client: FakeClient =
        settings("http://127.0.0.1:1").with_retry(RetryPolicy::default()).build().unwrap();
    let clock = VirtualClock::default();
    let denied = r#"{"Code":"DeniedRequest","Message":"m"}"#;
    let script = Script::default().answer(Hop::Invoke, 403, denied);
    let detail = PreparedCall::raw(
        RawRequest::new("Detail"),
        "shop",
        ImageLimits::DEFAULT,
        CallOptions::default(),
    );
    let mut run = client.begin(detail, &clock, script).unwrap();
    assert!(matches!(run.turn(), Turn::Waits(_)));
    clock.set(Duration::from_secs(3_600));
    let Turn::Over(Err(error)) = run.turn() else { panic!("is late") };
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutPhase::Backoff));
    assert!(error.to_string().contains("before the next attempt"), "{error}");
    assert!(error.is_retryable() && !error.may_have_been_applied());
}

/// A key for three seconds, which takes two loads.
#[derive(Debug)]
struct Brief;

impl CredentialsProvider for Brief {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        Box::pin(async move {
            for _ in 0..2 {
                context.load(Source::Environment("KEY")).await.ok();
            }
            let expires = context.now().system.saturating_add(Duration::from_secs(3));
            Ok(Credentials::access_key("testid", "testsecret").with_expiry(expires))
        })
    }
}

#[test]
fn a_call_lets_others_pass_before_it_fetches_and_fetches_without_waiting_for_its_turn() {
    let client: FakeClient = settings("http://127.0.0.1:1")
        .with_credentials(Brief)
        .with_pacing(Pacing::per_second(QuotaGroup::Describe, 1))
        .build()
        .unwrap();
    let clock = VirtualClock::default();
    let begin = || {
        let options = CallOptions::default();
        let detail =
            PreparedCall::raw(RawRequest::new("Detail"), "shop", ImageLimits::DEFAULT, options);
        Exchange::new(client.shared(), detail, clock.now()).unwrap()
    };
    let mut entropy = CountingEntropy::default();
    let mut next =
        |exchange: &mut Exchange| exchange.poll(clock.now(), &mut entropy, Waker::noop());
    let [mut started, mut refreshing, mut behind] = [begin(), begin(), begin()];
    for _ in 0..2 {
        let Effect::Load { id, .. } = next(&mut started) else { panic!("has no key") };
        started.handle_loaded(id, Err(LoadError::NotFound));
    }
    assert!(matches!(next(&mut started), Effect::Transmit(_)));
    assert!(matches!(next(&mut refreshing), Effect::Wait { .. }));
    assert!(matches!(next(&mut behind), Effect::Wait { .. }));
    // Its turn has come, and so has the end of its key.
    clock.set(Duration::from_millis(2_500));
    let Effect::Load { id, .. } = next(&mut refreshing) else { panic!("the key is due") };
    assert!(matches!(next(&mut behind), Effect::Transmit(_)), "waits for the fetch of another");
    refreshing.handle_loaded(id, Err(LoadError::NotFound));
    let Effect::Load { id, .. } = next(&mut refreshing) else { panic!("waits for its turn") };
    refreshing.handle_loaded(id, Err(LoadError::NotFound));
    let Effect::Wait { until } = next(&mut refreshing) else { panic!("is not its turn") };
    assert_eq!(until, Duration::from_millis(3_500));
}

#[test]
fn without_randomness_nothing_is_sent() {
    struct Exhausted;
    impl Entropy for Exhausted {
        fn draw(&mut self) -> Option<[u8; 16]> {
            None
        }
    }
    let detail = PreparedCall::raw(
        RawRequest::new("Detail"),
        "shop",
        ImageLimits::DEFAULT,
        CallOptions::default(),
    );
    let client = FakeClient::builder()
        .with_region("cn-shanghai")
        .with_credentials(Credentials::access_key("testid", "testsecret"))
        .build()
        .unwrap();
    let clock = VirtualClock::default();
    let mut exchange = Exchange::new(client.shared(), detail, clock.now()).unwrap();
    let step = exchange.poll(clock.now(), &mut Exhausted, Waker::noop());
    let Effect::Done(Err(error)) = step else { panic!("{step:?}") };
    assert!(error.to_string().contains("no randomness"), "{error}");
    // Asking again is a mistake of the driver's, and answered rather than punished.
    let step = exchange.poll(clock.now(), &mut Exhausted, Waker::noop());
    assert!(matches!(step, Effect::Done(Err(_))));
}

#[test]
fn an_observer_sees_every_attempt_of_every_stage() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let client: FakeClient = settings("http://127.0.0.1:1")
        .with_retry(RetryPolicy::default())
        .with_observer(move |it| {
            let code = it.error.and_then(|error| error.code()).map(ToString::to_string);
            record.lock().unwrap().push((
                it.operation.to_owned(),
                it.hop,
                it.attempt,
                it.status,
                code,
                it.duration.as_secs(),
                it.retry_after.is_some(),
            ));
        })
        .build()
        .unwrap();
    let second = Duration::from_secs(1);
    let denied = r#"{"Code":"DeniedRequest","Message":"m","RequestId":"R-1"}"#;
    let script = Script::default()
        .slow_answer(Hop::Authorize, second, 200, &authorization("127.0.0.1:1"))
        .slow_answer(Hop::Upload, 2 * second, 201, "")
        .slow_answer(Hop::Invoke, 3 * second, 403, denied)
        .slow_answer(Hop::Invoke, second, 200, "{}");
    let call =
        RawRequest::new("SearchImageByPic").parameter("PicContent", Image::from(png(100, 100)));
    let call = PreparedCall::raw(call, "shop", ImageLimits::DEFAULT, CallOptions::default());
    client.begin(call, &VirtualClock::default(), script).unwrap().finish().0.unwrap();
    let row = |stage, attempt, status, code: Option<&str>, seconds, repeated| {
        let operation = "SearchImageByPic".to_owned();
        (operation, stage, attempt, Some(status), code.map(str::to_owned), seconds, repeated)
    };
    assert_eq!(
        *seen.lock().unwrap(),
        [
            row(Hop::Authorize, 1, 200, None, 1, false),
            row(Hop::Upload, 1, 201, None, 2, false),
            row(Hop::Invoke, 1, 403, Some("DeniedRequest"), 3, true),
            row(Hop::Invoke, 2, 200, None, 1, false),
        ]
    );
}

#[test]
fn after_a_broken_connection_the_next_attempt_takes_a_fresh_one() {
    use imagesearch_core::exchange::{Failure, FailurePhase};
    let client: FakeClient =
        settings("http://127.0.0.1:1").with_retry(RetryPolicy::default()).build().unwrap();
    let broken = || Outcome::Failure(Failure::new(FailurePhase::Response, "reset"));
    let unavailable = Outcome::Answer(answer(503, r#"{"Code":"ServiceUnavailable"}"#));
    for (first, fresh) in [(broken(), true), (Outcome::Silence, true), (unavailable, false)] {
        let after = (!matches!(first, Outcome::Silence)).then_some(Duration::ZERO);
        let script =
            Script::default().react_with(Hop::Invoke, after, first).answer(Hop::Invoke, 200, "{}");
        let call = RawRequest::new("Detail");
        let call = PreparedCall::raw(call, "shop", ImageLimits::DEFAULT, CallOptions::default());
        let (result, log) = client.begin(call, &VirtualClock::default(), script).unwrap().finish();
        result.unwrap();
        let seen: Vec<bool> = log.sent.iter().map(|sent| sent.fresh_connection).collect();
        assert_eq!(seen, [false, fresh]);
    }
}
