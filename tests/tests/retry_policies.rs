//! What calls of one client share about retries, and what one call does differently.

use std::{sync::Arc, time::Duration};

use imagesearch_core::{
    RetryPolicy,
    client::CallOptions,
    credentials::CredentialsUriProvider,
    errors::{Hop, RetryClass},
    exchange::{PreparedCall, RawResponse},
    image::ImageLimits,
    requests::RawRequest,
    retry::{Backoff, FailedAttempt, RetryClassifier, TokenBucket},
};
use imagesearch_tests::{
    fake::{FakeClient, Log, Run, Script, Turn, VirtualClock},
    wire::settings,
};

const GOOD: &str = r#"{"Success":true,"RequestId":"R-1"}"#;
const BROKEN: &str = r#"{"Code":"InternalError","Message":"m","RequestId":"R-2"}"#;

fn script(statuses: &[u16]) -> Script {
    statuses.iter().fold(Script::default(), |script, status| {
        script.answer(Hop::Invoke, *status, if *status == 200 { GOOD } else { BROKEN })
    })
}

fn begin(client: &FakeClient, options: CallOptions, statuses: &[u16]) -> Run {
    let call = PreparedCall::raw(RawRequest::new("Detail"), "shop", ImageLimits::DEFAULT, options);
    client.begin(call, &VirtualClock::default(), script(statuses)).unwrap()
}

fn client(policy: RetryPolicy) -> FakeClient {
    settings("http://127.0.0.1:1").with_retry(policy).build().unwrap()
}

fn call(
    client: &FakeClient,
    options: CallOptions,
    statuses: &[u16],
) -> (Result<RawResponse, imagesearch_core::Error>, Log) {
    begin(client, options, statuses).finish()
}

fn bucket(tokens: u32) -> (Arc<TokenBucket>, RetryPolicy) {
    let bucket = Arc::new(TokenBucket::new(tokens, 5));
    let policy = RetryPolicy::default().with_budget(Arc::clone(&bucket));
    (bucket, policy)
}

#[test]
fn clones_share_one_budget_which_successes_refill() {
    let (bucket, policy) = bucket(10);
    let client = client(policy);
    let usual = CallOptions::default;
    assert!(call(&client, usual(), &[500, 500, 200]).0.is_ok());
    assert_eq!(bucket.available(), 10, "a success gives back what it took");
    assert!(call(&client.clone(), usual(), &[500, 500, 500]).0.is_err());
    assert_eq!(bucket.available(), 0, "a failure does not");
    let (result, log) = call(&client, usual(), &[500]);
    assert!(result.unwrap_err().to_string().contains("retry budget is used up"));
    assert_eq!(log.sent.len(), 1);
    for _ in 0..5 {
        assert!(call(&client, usual(), &[200]).0.is_ok());
    }
    assert_eq!(bucket.available(), 5);
    assert!(call(&client, usual(), &[500, 200]).0.is_ok());
}

#[test]
fn a_dropped_call_gives_back_what_it_took() {
    let (bucket, policy) = bucket(10);
    let client = client(policy);
    let mut run = begin(&client, CallOptions::default(), &[500]);
    assert!(matches!(run.turn(), Turn::Waits(_)));
    assert_eq!(bucket.available(), 5);
    drop(run);
    assert_eq!(bucket.available(), 10);
}

#[test]
fn clients_without_a_budget_of_their_own_bound_their_retries() {
    let client = client(RetryPolicy::default());
    // A policy of a call's draws on the client's budget as well.
    let mut options = CallOptions::default();
    options.retry = Some(RetryPolicy::default().with_max_attempts(3));
    let sent: usize = (0..70)
        .map(|_| begin(&client, options.clone(), &[500, 500, 500]).finish().1.sent.len())
        .sum();
    assert_eq!(sent, 70 + 100, "500 tokens are 100 retries");
}

#[derive(Debug)]
struct EverySecond;

impl Backoff for EverySecond {
    fn delay(&self, _failed: &FailedAttempt<'_>, _random: u64) -> Duration {
        Duration::from_secs(1)
    }
}

#[derive(Debug)]
struct NeverAgain;

impl RetryClassifier for NeverAgain {
    fn classify(&self, failed: &FailedAttempt<'_>) -> RetryClass {
        assert_eq!((failed.operation, failed.hop), ("Detail", Hop::Invoke));
        assert_eq!(failed.error.request_id(), Some("R-2"));
        RetryClass::Never
    }
}

#[test]
fn each_policy_can_be_replaced_for_a_client_and_for_a_call() {
    let client = client(RetryPolicy::default().with_backoff(EverySecond));
    let (result, log) = call(&client, CallOptions::default(), &[500, 500, 200]);
    assert!(result.is_ok());
    assert_eq!(log.sleeps(), [Duration::from_secs(1); 2]);

    let mut options = CallOptions::default();
    options.retry = Some(RetryPolicy::default().with_classifier(NeverAgain));
    let (result, log) = call(&client, options, &[500]);
    assert!(result.is_err());
    assert_eq!(log.sent.len(), 1);
}

/// Counts the requests for credentials of a call, whose source answers with these statuses.
fn asked(client: &FakeClient, options: CallOptions, statuses: &[u16]) -> usize {
    let key = r#"{"Code":"Success","AccessKeyId":"k","AccessKeySecret":"testsecret",
        "SecurityToken":"testtoken","Expiration":"2026-01-02T05:00:00Z"}"#;
    let script = statuses.iter().fold(Script::default(), |script, status| {
        script.answer(Hop::Credentials, *status, if *status == 200 { key } else { BROKEN })
    });
    let call = PreparedCall::raw(RawRequest::new("Detail"), "shop", ImageLimits::DEFAULT, options);
    let script = script.answer(Hop::Invoke, 200, GOOD);
    let (result, log) = client.begin(call, &VirtualClock::default(), script).unwrap().finish();
    assert_eq!(result.is_ok(), statuses.last() == Some(&200));
    log.of(Hop::Credentials).count()
}

#[test]
fn requests_for_credentials_follow_the_policy_and_the_budget_of_the_client() {
    let client = |policy: RetryPolicy| -> FakeClient {
        settings("http://127.0.0.1:1")
            .with_credentials(CredentialsUriProvider::new("http://127.0.0.1:1/key"))
            .with_retry(policy)
            .build()
            .unwrap()
    };
    let usual = CallOptions::default;
    let mut never = CallOptions::default();
    never.retry = Some(RetryPolicy::never());
    assert_eq!(asked(&client(RetryPolicy::default()), usual(), &[500, 500, 200]), 3);
    assert_eq!(asked(&client(RetryPolicy::never()), usual(), &[500]), 1);
    // A key is for every call that waits, so one call's policy does not count.
    assert_eq!(asked(&client(RetryPolicy::default()), never, &[500, 500, 200]), 3);

    let (bucket, policy) = bucket(10);
    assert_eq!(asked(&client(policy.clone()), usual(), &[500, 500, 200]), 3);
    assert_eq!(bucket.available(), 10, "a success gives back what it took");
    assert_eq!(asked(&client(policy.clone()), usual(), &[500, 500, 500]), 3);
    assert_eq!(bucket.available(), 0, "a failure does not");
    assert_eq!(asked(&client(policy), usual(), &[500]), 1);
}
