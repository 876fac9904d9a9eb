//! What an exchange owes a driver whose machine misbehaves.

use std::{task::Waker, time::Duration};

use bytes::Bytes;
use imagesearch_core::{
    CallOptions, Credentials, ErrorKind, Exchange, Hop, Pacing, RawCall, RetryPolicy, TimeoutPhase,
    credentials::{CredentialsFetch, CredentialsProvider, FetchContext, FetchStep},
    exchange::{Entropy, LoadError, Prepared, Source, Step},
    image::ImageLimits,
    operation::QuotaGroup,
};
use imagesearch_tests::{
    fake::{CountingEntropy, FakeClient, Script, Turn, VirtualClock},
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

/// A key for three seconds, which takes two loads.
#[derive(Debug)]
struct Brief;

#[derive(Default)]
struct BriefFetch {
    loaded: u32,
}

impl CredentialsProvider for Brief {
    fn fetch(&self) -> Box<dyn CredentialsFetch> {
        Box::new(BriefFetch::default())
    }
}

impl CredentialsFetch for BriefFetch {
    fn next(&mut self, context: &mut FetchContext<'_>) -> FetchStep {
        if self.loaded < 2 {
            return FetchStep::Load(Source::Environment("KEY"));
        }
        let expires = context.now.wall.saturating_add(Duration::from_secs(3));
        let key = Credentials::access_key("testid", "testsecret").with_expiry(expires);
        FetchStep::Done(Ok(key))
    }

    fn on_loaded(&mut self, _result: Result<Bytes, LoadError>) {
        self.loaded += 1;
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
        let detail = Prepared::raw(RawCall::new("Detail"), "shop", ImageLimits::DEFAULT, options);
        Exchange::new(client.shared(), detail, clock.now()).unwrap()
    };
    let mut entropy = CountingEntropy::default();
    let mut next =
        |exchange: &mut Exchange| exchange.next(clock.now(), &mut entropy, Waker::noop());
    let [mut started, mut refreshing, mut behind] = [begin(), begin(), begin()];
    for _ in 0..2 {
        let Step::Load { id, .. } = next(&mut started) else { panic!("has no key") };
        started.on_loaded(id, Err(LoadError::NotFound));
    }
    assert!(matches!(next(&mut started), Step::Send(_)));
    assert!(matches!(next(&mut refreshing), Step::Wait { .. }));
    assert!(matches!(next(&mut behind), Step::Wait { .. }));
    // Its turn has come, and so has the end of its key.
    clock.set(Duration::from_millis(2_500));
    let Step::Load { id, .. } = next(&mut refreshing) else { panic!("the key is due") };
    assert!(matches!(next(&mut behind), Step::Send(_)), "waits for the fetch of another");
    refreshing.on_loaded(id, Err(LoadError::NotFound));
    let Step::Load { id, .. } = next(&mut refreshing) else { panic!("waits for its turn") };
    refreshing.on_loaded(id, Err(LoadError::NotFound));
    let Step::Wait { until } = next(&mut refreshing) else { panic!("is not its turn") };
    assert_eq!(until, Some(Duration::from_millis(3_500)));
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
