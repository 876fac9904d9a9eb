//! Clients that pace themselves, in front of an emulator that counts.

use std::{sync::Mutex, thread};

use imagesearch_core::{
    ClientBuilder, Credentials, Error, Pacing, RetryPolicy, client::FromConfig, errors::ErrorCode,
    operation::QuotaGroup, requests::RawRequest,
};
use imagesearch_emulator::{Emulator, Throttle};
use imagesearch_tests::wire::runtime;

/// Calls a second; as many may come at once.
const RATE: u32 = 40;

/// More than may come at once.
const CALLS: usize = 60;

fn client<C: FromConfig>(emulator: &Emulator, pacing: Pacing) -> C {
    ClientBuilder::default()
        .with_emulator(emulator.url())
        .with_credentials(Credentials::access_key(
            Emulator::ACCESS_KEY_ID,
            Emulator::ACCESS_KEY_SECRET,
        ))
        .with_retry(RetryPolicy::never())
        .with_pacing(pacing)
        .build()
        .unwrap()
}

/// Calls with the async client, all at a time, and counts refusals.
fn refused_of_async(emulator: &Emulator, pacing: Pacing) -> usize {
    let client: imagesearch_async::Client = client(emulator, pacing);
    let results: Vec<Result<(), Error>> = runtime().block_on(async {
        let call = || client.clone().instance(Emulator::INSTANCE).raw(RawRequest::new("Detail"));
        let calls: Vec<_> = (0..CALLS).map(|_| tokio::spawn(call().send())).collect();
        let mut results = Vec::new();
        for call in calls {
            results.push(call.await.unwrap().map(drop));
        }
        results
    });
    count_refused(results)
}

/// Calls with the blocking client, each on a thread of its own, and counts refusals.
fn refused_of_blocking(emulator: &Emulator, pacing: Pacing) -> usize {
    let client: imagesearch_blocking::Client = client(emulator, pacing);
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..CALLS {
            scope.spawn(|| {
                let call =
                    client.clone().instance(Emulator::INSTANCE).raw(RawRequest::new("Detail"));
                let result = call.send().map(drop);
                results.lock().unwrap().push(result);
            });
        }
    });
    count_refused(results.into_inner().unwrap())
}

fn count_refused(results: Vec<Result<(), Error>>) -> usize {
    assert_eq!(results.len(), CALLS);
    let errors: Vec<Error> = results.into_iter().filter_map(Result::err).collect();
    for error in &errors {
        assert_eq!(error.code(), Some(&ErrorCode::DeniedRequest), "{error}");
    }
    errors.len()
}

#[test]
fn paced_calls_are_never_refused_for_their_rate() {
    type Client = fn(&Emulator, Pacing) -> usize;
    for refused in [refused_of_async as Client, refused_of_blocking] {
        let emulator = Emulator::builder().throttle(Throttle::PerSecond(RATE)).start().unwrap();
        let paced = Pacing::per_second(QuotaGroup::Describe, RATE);
        assert_eq!(refused(&emulator, paced), 0);
    }
}

#[test]
fn the_same_calls_unpaced_are() {
    // One call a second: nobody is so slow that 60 calls are let through.
    let emulator = Emulator::builder().throttle(Throttle::PerSecond(1)).start().unwrap();
    assert!(refused_of_async(&emulator, Pacing::off()) > 0);
}
