//! What holds for an exchange whatever comes of its requests, on the virtual clock.

use std::{collections::BTreeSet, sync::Arc, task::Waker, time::Duration};

use imagesearch_core::{
    CallOptions, Credentials, ErrorKind, Exchange, Hop, Image, RawCall, RetryPolicy, TimeoutPhase,
    exchange::{Entropy, Failure, FailurePhase, Prepared, Step},
    image::ImageLimits,
    retry::TokenBucket,
};
use imagesearch_tests::{
    fake::{FakeClient, Outcome, Reaction, Script, Turn, VirtualClock, answer},
    pictures::png,
    scenario::authorization,
    wire::settings,
};
use proptest::{collection::vec, prelude::*, sample::select};

const URL: &str = "http://127.0.0.1:1";

/// What comes of a request, in a form that can be drawn and printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Success,
    Denied,
    /// Denied, with a wait of so many milliseconds.
    Asked(u64),
    /// The time stamp is refused by a service whose clock is so many hours ahead.
    Skewed(u64),
    NonceUsed,
    Internal,
    Page,
    Broken(FailurePhase),
    Late(FailurePhase),
    Silence,
}

impl Fate {
    fn reaction(self, hop: Hop, after: Duration) -> Reaction {
        let outcome = match self {
            Self::Success if hop == Hop::Authorize => {
                Outcome::Answer(answer(200, &authorization("127.0.0.1:1")))
            }
            Self::Success => Outcome::Answer(answer(200, "{}")),
            Self::Denied => Outcome::Answer(answer(403, r#"{"Code":"DeniedRequest"}"#)),
            Self::Asked(wait) => {
                let mut denied = answer(503, r#"{"Code":"Throttling"}"#);
                denied.headers_mut().insert("x-acs-retry-after", wait.into());
                Outcome::Answer(denied)
            }
            Self::Skewed(hours) => {
                let code = r#"{"Code":"InvalidTimeStamp.Expired","RequestId":"R"}"#;
                let mut expired = answer(400, code);
                let date = format!("Fri, 02 Jan 2026 {:02}:04:05 GMT", 3 + hours);
                expired.headers_mut().insert("date", date.parse().expect("is a header's value"));
                Outcome::Answer(expired)
            }
            Self::NonceUsed => Outcome::Answer(answer(400, r#"{"Code":"SignatureNonceUsed"}"#)),
            Self::Internal => Outcome::Answer(answer(500, r#"{"Code":"InternalError"}"#)),
            Self::Page => Outcome::Answer(answer(502, "<html>")),
            Self::Broken(phase) => Outcome::Failure(Failure::new(phase, "broken")),
            Self::Late(phase) => Outcome::Failure(Failure::timeout(phase, "late")),
            Self::Silence => Outcome::Silence,
        };
        let after = (self != Self::Silence).then_some(after);
        Reaction { hop, after, outcome, reached: None }
    }

    /// Tells whether the service can't have carried the request out.
    fn is_harmless(self) -> bool {
        let connecting = FailurePhase::Connect;
        matches!(self, Self::Denied | Self::Asked(_) | Self::Skewed(_))
            || self == Self::Broken(connecting)
            || self == Self::Late(connecting)
    }
}

#[derive(Clone, Debug)]
struct Case {
    operation: &'static str,
    pictures: &'static [&'static str],
    writes: bool,
    idempotent: bool,
    timeout: Duration,
    attempt_timeout: Duration,
    attempts: u32,
    tokens: u32,
    fates: [Vec<(Fate, Duration)>; 3],
}

const HOPS: [Hop; 3] = [Hop::Authorize, Hop::Upload, Hop::Invoke];

fn cases() -> impl Strategy<Value = Case> {
    let phases = || {
        use FailurePhase::{Body, Connect, Response, TooLong};
        select(vec![Connect, Response, Body, TooLong])
    };
    let fate = prop_oneof![
        4 => Just(Fate::Success),
        1 => Just(Fate::Denied),
        1 => (0_u64..30_000).prop_map(Fate::Asked),
        1 => (0_u64..20).prop_map(Fate::Skewed),
        1 => Just(Fate::NonceUsed),
        1 => Just(Fate::Internal),
        1 => Just(Fate::Page),
        2 => phases().prop_map(Fate::Broken),
        1 => phases().prop_map(Fate::Late),
        1 => Just(Fate::Silence),
    ];
    // More than any call needs: 4 attempts of 2 pictures, authorized twice.
    let fates = vec((fate, (0_u64..3_000).prop_map(Duration::from_millis)), 20);
    let operation = select(vec![
        ("Detail", &[][..], false, true),
        ("DumpMeta", &[][..], true, false),
        ("DeleteImage", &[][..], true, true),
        ("SearchImageByPic", &["PicContent"][..], false, true),
        ("CompareSimilarByImage", &["PrimaryPicContent", "SecondaryPicContent"][..], false, true),
    ]);
    let ms = |range: std::ops::Range<u64>| range.prop_map(Duration::from_millis);
    (
        operation,
        ms(300..20_000),
        ms(100..5_000),
        1_u32..=4,
        0_u32..50,
        [fates.clone(), fates.clone(), fates],
    )
        .prop_map(|(operation, timeout, attempt_timeout, attempts, tokens, fates)| {
            let (operation, pictures, writes, idempotent) = operation;
            Case {
                operation,
                pictures,
                writes,
                idempotent,
                timeout,
                attempt_timeout,
                attempts,
                tokens,
                fates,
            }
        })
}

fn call(case: &Case) -> Prepared {
    let call = RawCall::new(case.operation).parameter("ProductId", "1");
    let call = if case.operation == "DeleteImage" { call } else { RawCall::new(case.operation) };
    let call = case
        .pictures
        .iter()
        .fold(call, |call, name| call.parameter(*name, Image::from(png(100, 100))));
    Prepared::raw(call, "shop", ImageLimits::DEFAULT, CallOptions::default())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_call_ends_in_time_and_repeats_only_what_is_safe(case in cases()) {
        let bucket = Arc::new(TokenBucket::new(case.tokens, 5));
        let policy = RetryPolicy::default().with_budget(Arc::clone(&bucket) as _);
        let client: FakeClient = settings(URL)
            .with_timeout(case.timeout)
            .with_attempt_timeout(case.attempt_timeout)
            .with_retry(policy.with_max_attempts(case.attempts))
            .build()
            .unwrap();
        let reactions = HOPS.iter().zip(&case.fates).flat_map(|(hop, fates)| {
            fates.iter().map(|(fate, after)| fate.reaction(*hop, *after))
        });
        let clock = VirtualClock::default();
        let run = client.begin(call(&case), &clock, Script::new(reactions)).unwrap();
        let (result, log) = run.finish();

        prop_assert!(log.ended <= case.timeout, "ended at {:?}", log.ended);
        let mut nonces = BTreeSet::new();
        for sent in &log.sent {
            prop_assert!(sent.at < case.timeout && sent.by <= case.timeout);
            prop_assert!(sent.connect_by <= sent.by && sent.by - sent.at <= case.attempt_timeout);
            if let Some(nonce) = sent.header("x-acs-signature-nonce") {
                prop_assert!(nonces.insert(nonce.to_owned()), "{} came twice", nonce);
            }
        }

        // A success gives back all that it took; a failure has spent no more than what it sent.
        let spent = case.tokens - bucket.available();
        if result.is_ok() {
            prop_assert_eq!(spent, 0);
        } else {
            prop_assert!(spent.is_multiple_of(5), "{}", spent);
            prop_assert!(spent as usize / 5 < log.sent.len().max(1), "{}", spent);
        }

        // The fate of each invocation: what the script says, unless time ran out before it came.
        let invoked: Vec<Fate> = log
            .of(Hop::Invoke)
            .zip(&case.fates[2])
            .map(|(sent, (fate, after))| {
                if sent.at + *after > sent.by { Fate::Silence } else { *fate }
            })
            .collect();
        prop_assert!(invoked.len() <= case.attempts as usize);
        if let Some((last, earlier)) = invoked.split_last() {
            prop_assert_eq!(result.is_ok(), *last == Fate::Success);
            prop_assert!(!earlier.contains(&Fate::Success), "asked again after a success");
            if !case.idempotent {
                prop_assert!(earlier.iter().all(|fate| fate.is_harmless()), "{:?}", invoked);
            }
            let uploads = log.of(Hop::Upload).count();
            prop_assert!(uploads >= case.pictures.len(), "invoked before the pictures were there");
        } else {
            prop_assert!(result.is_err());
        }
        match result {
            Ok(reply) => prop_assert_eq!(reply.meta().attempts() as usize, invoked.len()),
            Err(error) => {
                let doubtful = invoked.iter().any(|fate| !fate.is_harmless());
                prop_assert_eq!(error.may_have_been_applied(), case.writes && doubtful, "{}", error);
                prop_assert!(error.attempts() <= case.attempts);
                prop_assert!(error.operation() == Some(case.operation));
                if !case.idempotent && doubtful {
                    prop_assert!(!error.is_retryable(), "{}", error);
                }
            }
        }
    }

    #[test]
    fn a_call_can_be_dropped_at_any_time(case in cases(), turns in 0_usize..12) {
        let bucket = Arc::new(TokenBucket::new(case.tokens, 5));
        let policy = RetryPolicy::default().with_budget(Arc::clone(&bucket) as _);
        let client: FakeClient = settings(URL).with_retry(policy).build().unwrap();
        let reactions = HOPS.iter().zip(&case.fates).flat_map(|(hop, fates)| {
            fates.iter().map(|(fate, after)| fate.reaction(*hop, *after))
        });
        let clock = VirtualClock::default();
        let mut run = client.begin(call(&case), &clock, Script::new(reactions)).unwrap();
        let mut failed = false;
        for _ in 0..turns {
            match run.turn() {
                Turn::Over(result) => {
                    failed = result.is_err();
                    break;
                }
                Turn::Waits(until) => {
                    let next = [run.next_due(), until].into_iter().flatten().min();
                    clock.set(next.expect("waits for something"));
                }
            }
        }
        drop(run);
        prop_assert!(failed || bucket.available() == case.tokens, "the budget leaks");
        // Whatever was given up, the client is as good as before.
        let script = Script::default().answer(Hop::Invoke, 200, "{}");
        let after = Prepared::raw(
            RawCall::new("Detail"), "shop", ImageLimits::DEFAULT, CallOptions::default(),
        );
        prop_assert!(client.begin(after, &clock, script).unwrap().finish().0.is_ok());
    }
}

#[test]
fn a_machine_that_slept_over_the_deadline_says_what_it_waited_for() {
    let client: FakeClient = settings(URL).with_retry(RetryPolicy::default()).build().unwrap();
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
