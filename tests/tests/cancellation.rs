//! Calls that are dropped at every point at which they can be: nothing leaks, and calls that waited
//! for what they held goes on.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use imagesearch_core::{
    Credentials, ErrorKind, Image, Pacing, RetryPolicy,
    client::CallOptions,
    credentials::{CredentialsFuture, CredentialsProvider, FetchContext},
    errors::{Hop, TimeoutPhase},
    exchange::{PreparedCall, Source},
    image::ImageLimits,
    operation::QuotaGroup,
    requests::RawRequest,
    retry::TokenBucket,
};
use imagesearch_emulator::Emulator;
use imagesearch_tests::{
    fake::{FakeClient, Run, Script, Turn, VirtualClock},
    pictures::{png, ppm},
    scenario::authorization,
    scripted_server::{Act, ScriptedServer},
    wire::{runtime, settings, until},
};

const SECOND: Duration = Duration::from_secs(1);
const TOKENS: u32 = 20;

/// A key that has to be loaded first.
#[derive(Debug)]
struct Loaded;

impl CredentialsProvider for Loaded {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        Box::pin(async move {
            context.load(Source::Environment("KEY")).await.ok();
            Ok(Credentials::access_key("testid", "testsecret"))
        })
    }
}

/// Begins a search by picture each request of which takes a second, and whose first attempt fails.
fn begin(client: &FakeClient, clock: &VirtualClock) -> Run {
    let script = Script::default()
        .variable("KEY", "there")
        .loading_for(SECOND)
        .slow_answer(Hop::Authorize, SECOND, 200, &authorization("127.0.0.1:1"))
        .slow_answer(Hop::Upload, SECOND, 201, "")
        .slow_answer(Hop::Invoke, SECOND, 500, r#"{"Code":"InternalError"}"#)
        .slow_answer(Hop::Invoke, SECOND, 200, "{}");
    let call =
        RawRequest::new("SearchImageByPic").parameter("PicContent", Image::from(png(100, 100)));
    let call = PreparedCall::raw(call, "shop", ImageLimits::DEFAULT, CallOptions::default());
    client.begin(call, clock, script).unwrap()
}

/// Lets a run do all it can at a time, and tells when it has to be asked again.
fn turn(run: &mut Run) -> Option<Duration> {
    match run.turn() {
        Turn::Over(result) => {
            result.unwrap();
            None
        }
        Turn::Waits(until) => Some(run.next_due().map_or(until, |due| due.min(until))),
    }
}

#[test]
fn an_exchange_that_is_dropped_holds_nothing_wherever_it_was() {
    for turns in 0.. {
        let bucket = Arc::new(TokenBucket::new(TOKENS, 5));
        let policy = RetryPolicy::default().with_budget(Arc::clone(&bucket));
        let client: FakeClient = settings("http://127.0.0.1:1")
            .with_credentials(Loaded)
            .with_retry(policy)
            .with_pacing(Pacing::per_second(QuotaGroup::Search, 1))
            .build()
            .unwrap();
        let clock = VirtualClock::default();
        let mut dropped = begin(&client, &clock);
        let mut over = false;
        for _ in 0..turns {
            match turn(&mut dropped) {
                Some(next) => clock.set(next),
                None => over = true,
            }
        }
        // It waits for whatever the first one holds: the fetch of the key, or the turn.
        let mut waiting = begin(&client, &clock);
        turn(&mut waiting);
        drop(dropped);
        assert_eq!(bucket.available(), TOKENS, "after {turns} turns");
        let began = clock.elapsed();
        waiting.finish().0.unwrap();
        // The key, two uploads' hops, two attempts, and the turns between them.
        assert!(clock.elapsed() - began <= 8 * SECOND, "after {turns} turns");
        if over {
            assert!(turns >= 6, "the call has more points than {turns}");
            return;
        }
    }
}

/// Polls a future some times, as often as it is woken, and tells what it said last.
async fn poll_times<F: Future + Unpin>(future: &mut F, times: usize) -> Poll<F::Output> {
    for _ in 0..times {
        let mut woken = false;
        let poll = std::future::poll_fn(|context: &mut Context<'_>| {
            // The first poll is ours; the next one is the runtime's, after a wake-up.
            if std::mem::replace(&mut woken, true) {
                return Poll::Ready(Poll::Pending);
            }
            match Pin::new(&mut *future).poll(context) {
                Poll::Ready(output) => Poll::Ready(Poll::Ready(output)),
                Poll::Pending => Poll::Pending,
            }
        });
        if let Poll::Ready(output) = poll.await {
            return Poll::Ready(output);
        }
    }
    Poll::Pending
}

#[test]
fn an_async_call_can_be_dropped_after_any_poll() {
    let emulator = Emulator::builder().start().unwrap();
    let bucket = Arc::new(TokenBucket::new(TOKENS, 5));
    let client: imagesearch_async::Client = emulator_client(&emulator, &bucket);
    let shop = client.instance(Emulator::INSTANCE);
    let call = |number: usize| {
        let call = RawRequest::new("AddImage").parameter("ProductId", number.to_string());
        let call =
            call.parameter("PicName", "a").parameter("PicContent", Image::from(ppm(120, 100)));
        Box::pin(shop.raw(call).send())
    };
    // On one thread, connections get on only between polls, so that each request takes some.
    let one_thread = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    one_thread.block_on(async {
        for polls in 0.. {
            let mut dropped = call(polls);
            let poll = poll_times(&mut dropped, polls).await;
            drop(dropped);
            assert_eq!(bucket.available(), TOKENS, "after {polls} polls");
            // There is one connection, and a dropped call has given it back.
            let after = tokio::time::timeout(20 * SECOND, call(polls)).await;
            after.unwrap_or_else(|_| panic!("hangs after {polls} polls")).unwrap();
            if let Poll::Ready(result) = poll {
                result.unwrap();
                assert!(polls >= 3, "three requests take more than {polls} polls");
                return;
            }
        }
    });
}

fn emulator_client(emulator: &Emulator, bucket: &Arc<TokenBucket>) -> imagesearch_async::Client {
    let policy = RetryPolicy::default().with_budget(Arc::clone(bucket));
    imagesearch_async::Client::builder()
        .with_emulator(emulator.url())
        .with_credentials(Credentials::access_key(
            Emulator::ACCESS_KEY_ID,
            Emulator::ACCESS_KEY_SECRET,
        ))
        .with_retry(policy)
        .with_max_connections(1)
        .build()
        .unwrap()
}

#[test]
fn requests_beyond_the_bound_wait_for_a_connection() {
    let server = ScriptedServer::start(Act::Silence);
    let client: imagesearch_async::Client =
        settings(&server.uri()).with_max_connections(3).build().unwrap();
    let call = || client.instance("shop").raw(RawRequest::new("DumpMeta").form("Any", "text"));
    runtime().block_on(async {
        let held: Vec<_> = (0..3).map(|_| tokio::spawn(call().send())).collect();
        until(|| server.requests() >= 3).await;
        let error = call().with_timeout(Duration::from_millis(50)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(TimeoutPhase::Connect), "{error}");
        assert!(!error.may_have_been_applied(), "nothing left: {error}");
        assert_eq!(server.connections(), 3);
        for call in held {
            call.abort();
            assert!(call.await.unwrap_err().is_cancelled());
        }
        let next = tokio::spawn(call().send());
        until(|| server.requests() >= 4).await;
        next.abort();
    });
}

#[test]
fn a_call_that_is_never_polled_sends_nothing() {
    let server = ScriptedServer::start(Act::Silence);
    let client: imagesearch_async::Client = settings(&server.uri()).build().unwrap();
    drop(client.instance("shop").raw(RawRequest::new("Detail")).send());
    assert_eq!(server.connections(), 0);
}
