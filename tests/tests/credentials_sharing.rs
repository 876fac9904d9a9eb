//! Credentials that several calls share: fetched once, handed on, refreshed ahead.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use imagesearch_core::{
    Credentials, Error, ErrorKind, Image,
    body::Body,
    client::CallOptions,
    credentials::{
        CredentialsFuture, CredentialsProvider, EnvironmentProvider, FetchContext, FetchRequest,
    },
    errors::{Hop, TimeoutPhase},
    exchange::{PreparedCall, Source},
    image::ImageLimits,
    requests::RawRequest,
};
use imagesearch_tests::fake::{FakeClient, Outcome, Run, Script, Turn, VirtualClock, answer};

const SECOND: Duration = Duration::from_secs(1);

fn client(provider: impl CredentialsProvider + 'static) -> FakeClient {
    FakeClient::builder().with_region("cn-shanghai").with_credentials(provider).build().unwrap()
}

fn begin(client: &FakeClient, clock: &VirtualClock, script: Script) -> Run {
    let call = RawRequest::new("Detail");
    let options = CallOptions::default();
    let call = PreparedCall::raw(call, "shop", ImageLimits::DEFAULT, options);
    let script = script.answer(Hop::Invoke, 200, r#"{"Success":true}"#);
    client.begin(call, clock, script).unwrap()
}

fn environment() -> Script {
    Script::default()
        .variable("ALIBABA_CLOUD_ACCESS_KEY_ID", "testid")
        .variable("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "testsecret")
        .loading_for(SECOND)
}

/// Lets time pass to where a run goes on, for a number of times.
fn pass(run: &mut Run, clock: &VirtualClock, times: usize) {
    for _ in 0..times {
        assert!(matches!(run.turn(), Turn::Waits(_)));
        clock.set(run.next_due().unwrap());
    }
}

fn signed_by(run: &Run) -> String {
    let header = run.log().sent[0].header("authorization").unwrap();
    let (_, rest) = header.split_once("Credential=").unwrap();
    rest.split_once(',').unwrap().0.to_owned()
}

#[test]
fn a_second_call_waits_for_the_fetch_of_the_first_and_is_woken() {
    let (client, clock) = (client(EnvironmentProvider), VirtualClock::default());
    let mut first = begin(&client, &clock, environment());
    let mut second = begin(&client, &clock, environment());
    assert!(matches!(first.turn(), Turn::Waits(_)));
    for _ in 0..3 {
        assert!(matches!(second.turn(), Turn::Waits(_)));
        assert_eq!(second.wakes(), 0);
        pass(&mut first, &clock, 1);
    }
    let Turn::Over(result) = first.turn() else { panic!("has all it needs") };
    result.unwrap();
    assert_eq!(second.wakes(), 1);
    let (result, log) = second.finish();
    result.unwrap();
    assert!(log.loaded.is_empty(), "loaded once more: {:?}", log.loaded);
    assert_eq!(log.sent.len(), 1);
}

#[test]
fn a_call_that_is_dropped_hands_its_fetch_on() {
    let (client, clock) = (client(EnvironmentProvider), VirtualClock::default());
    let mut first = begin(&client, &clock, environment());
    let mut second = begin(&client, &clock, environment());
    pass(&mut first, &clock, 1);
    assert!(matches!(second.turn(), Turn::Waits(_)));
    drop(first);
    assert_eq!(second.wakes(), 1);
    let (result, log) = second.finish();
    result.unwrap();
    assert_eq!(log.loaded.len(), 3);
}

#[test]
fn a_fetch_that_fails_fails_all_that_wait_and_leaves_the_source_alone_for_a_second() {
    let (client, clock) = (client(EnvironmentProvider), VirtualClock::default());
    let nothing = || Script::default().loading_for(SECOND);
    let mut first = begin(&client, &clock, nothing());
    let mut second = begin(&client, &clock, environment());
    assert!(matches!(first.turn(), Turn::Waits(_)));
    assert!(matches!(second.turn(), Turn::Waits(_)));
    let (result, log) = first.finish();
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.hop(), Some(Hop::Credentials));
    assert!(error.to_string().contains("ALIBABA_CLOUD_ACCESS_KEY_ID"), "{error}");
    assert!(log.sent.is_empty());
    assert_eq!(second.wakes(), 1);
    let (result, log) = second.finish();
    assert_eq!(result.unwrap_err().to_string(), error.to_string());
    assert!(log.loaded.is_empty(), "asked the source again: {:?}", log.loaded);
    clock.set(clock.elapsed() + SECOND);
    begin(&client, &clock, environment()).finish().0.unwrap();
}

#[test]
fn waiting_for_another_calls_fetch_ends_with_the_deadline() {
    let (client, clock) = (client(EnvironmentProvider), VirtualClock::default());
    let mut first = begin(&client, &clock, environment().loading_for(1_000 * SECOND));
    let second = begin(&client, &clock, environment());
    assert!(matches!(first.turn(), Turn::Waits(_)));
    let (result, log) = second.finish();
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Timeout(TimeoutPhase::Credentials));
    assert_eq!(log.ended, 60 * SECOND);
    assert!(log.sent.is_empty());
}

#[test]
fn a_call_whose_own_fetch_takes_too_long_says_what_it_waited_for() {
    let slow = || Script::default().loading_for(1_000 * SECOND);
    let picture = RawRequest::new("SearchImageByPic")
        .parameter("PicContent", Image::from(imagesearch_tests::pictures::png(100, 100)));
    for call in [RawRequest::new("Detail"), picture] {
        let (client, clock) = (client(EnvironmentProvider), VirtualClock::default());
        let call = PreparedCall::raw(call, "shop", ImageLimits::DEFAULT, CallOptions::default());
        let (result, log) = client.begin(call, &clock, slow()).unwrap().finish();
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutPhase::Credentials), "{error}");
        assert_eq!((log.ended, log.cancelled), (60 * SECOND, 1));
    }
}

#[test]
fn what_a_fetch_has_come_to_is_not_lost_with_the_time_of_its_call() {
    let (client, clock) = (client(EnvironmentProvider), VirtualClock::default());
    // Two variables take the 60 seconds that a call has.
    let nothing = Script::default().loading_for(30 * SECOND);
    let error = begin(&client, &clock, nothing).finish().0.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutPhase::Credentials), "{error}");
    assert!(error.to_string().contains("ALIBABA_CLOUD_ACCESS_KEY_ID is not set"), "{error}");
    // Others have more time: they ask again, here for three variables.
    let (result, log) = begin(&client, &clock, environment().loading_for(20 * SECOND)).finish();
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutPhase::Credentials), "{error}");
    assert_eq!(log.loaded.len(), 3);
    // The key has come, if too late for that one.
    let (result, log) = begin(&client, &clock, Script::default()).finish();
    result.unwrap();
    assert!(log.loaded.is_empty());
}

/// Hands out `key-1`, `key-2` and so on, each valid for 20 minutes.
#[derive(Clone, Debug, Default)]
struct Rotating {
    fetched: Arc<AtomicU64>,
    last: Option<u64>,
}

impl CredentialsProvider for Rotating {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let number = self.fetched.fetch_add(1, Ordering::Relaxed) + 1;
        let fails = self.last.is_some_and(|last| number > last);
        Box::pin(async move {
            // Present or not, what counts is that it takes a load.
            context.load(Source::Environment("ROTATING")).await.ok();
            if fails {
                return Err(Error::new(ErrorKind::Credentials, "no more keys").with_retryable(true));
            }
            let expires = context.now().system.saturating_add(20 * 60 * SECOND);
            let credentials = Credentials::access_key(format!("key-{number}"), "testsecret");
            Ok(credentials.with_expiry(expires))
        })
    }
}

#[test]
fn expiring_credentials_are_refreshed_ahead_and_serve_others_meanwhile() {
    let (client, clock) = (client(Rotating::default()), VirtualClock::default());
    let signer = |at: Duration| {
        clock.set(at);
        let mut run = begin(&client, &clock, Script::default());
        assert!(matches!(run.turn(), Turn::Over(Ok(_))));
        signed_by(&run)
    };
    assert_eq!(signer(Duration::ZERO), "key-1");
    assert_eq!(signer(13 * 60 * SECOND), "key-1");
    // In the last third of its life a call begins to refresh, and others go on meanwhile.
    clock.set(16 * 60 * SECOND);
    let mut refreshing = begin(&client, &clock, Script::default().loading_for(SECOND));
    assert!(matches!(refreshing.turn(), Turn::Waits(_)));
    assert_eq!(signer(16 * 60 * SECOND), "key-1");
    clock.set(16 * 60 * SECOND + SECOND);
    assert!(matches!(refreshing.turn(), Turn::Over(Ok(_))));
    assert_eq!(signed_by(&refreshing), "key-2");
    assert_eq!(signer(17 * 60 * SECOND), "key-2");
}

#[test]
fn a_refresh_that_fails_ahead_of_time_leaves_the_valid_key() {
    let rotating = Rotating { last: Some(1), ..Rotating::default() };
    let (client, clock) = (client(rotating), VirtualClock::default());
    begin(&client, &clock, Script::default()).finish().0.unwrap();
    clock.set(19 * 60 * SECOND);
    let mut run = begin(&client, &clock, Script::default());
    assert!(matches!(run.turn(), Turn::Over(Ok(_))));
    assert_eq!(signed_by(&run), "key-1");
    clock.set(20 * 60 * SECOND);
    let error = begin(&client, &clock, Script::default()).finish().0.unwrap_err();
    assert!(error.to_string().contains("no more keys"), "{error}");
    assert!(error.is_retryable(), "the provider says so");
}

/// Asks a server of its own for a key.
#[derive(Clone, Copy, Debug)]
struct Asking;

impl CredentialsProvider for Asking {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        Box::pin(async move {
            let request = http::Request::get("http://127.0.0.1:1/key").body(Body::default());
            let answer = context.transmit(FetchRequest::new(request.unwrap())).await.ok();
            match answer.and_then(|it| String::from_utf8(it.into_body().to_vec()).ok()) {
                Some(id) => Ok(Credentials::access_key(id, "testsecret")),
                None => Err(Error::new(ErrorKind::Credentials, "the server has no key")),
            }
        })
    }
}

#[test]
fn a_provider_can_send_requests_of_its_own() {
    let clock = VirtualClock::default();
    let answered = Outcome::Answer(answer(200, "served-key"));
    let script = Script::default().react_with(Hop::Credentials, Some(SECOND), answered);
    let mut run = begin(&client(Asking), &clock, script);
    pass(&mut run, &clock, 1);
    assert!(matches!(run.turn(), Turn::Over(Ok(_))));
    let hops: Vec<Hop> = run.log().sent.iter().map(|sent| sent.hop).collect();
    assert_eq!(hops, [Hop::Credentials, Hop::Invoke]);
    assert!(run.log().sent[1].header("authorization").unwrap().contains("served-key"));
}

#[test]
fn a_provider_whose_server_says_nothing_is_told_so_in_time() {
    let clock = VirtualClock::default();
    let script = Script::default().react_with(Hop::Credentials, None, Outcome::Silence);
    let (result, log) = begin(&client(Asking), &clock, script).finish();
    let error = result.unwrap_err();
    assert!(error.to_string().contains("the server has no key"), "{error}");
    assert_eq!(log.cancelled, 1);
    assert_eq!(log.ended, 20 * SECOND, "as long as one attempt may take");
}

#[test]
fn credentials_of_a_single_call_do_not_touch_the_clients() {
    let (client, clock) = (client(EnvironmentProvider), VirtualClock::default());
    let mut options = CallOptions::default();
    options.credentials = Some(Arc::new(Credentials::access_key("own", "testsecret")));
    let call = PreparedCall::raw(RawRequest::new("Detail"), "shop", ImageLimits::DEFAULT, options);
    let script = Script::default().answer(Hop::Invoke, 200, "{}");
    let mut run = client.begin(call, &clock, script).unwrap();
    assert!(matches!(run.turn(), Turn::Over(Ok(_))));
    assert_eq!(signed_by(&run), "own");
    assert!(run.log().loaded.is_empty());
}
