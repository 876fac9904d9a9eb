use std::{
    sync::atomic::{AtomicUsize, Ordering},
    task::Wake,
};

use proptest::{collection::vec, prelude::*};

use super::*;

const START: Timestamp = Timestamp::from_millisecond(1_000_000_000_000);
const MINUTE: Duration = Duration::from_secs(60);

fn at(since: Duration) -> Now {
    Now::new(since, START.saturating_add(since))
}

fn cell() -> Arc<CredentialsCell> {
    Arc::new(CredentialsCell::new(Arc::new(Credentials::access_key("id", "secret"))))
}

fn lease(cell: &Arc<CredentialsCell>, now: Now) -> Lease {
    match cell.access(now, Waker::noop()) {
        Access::Lease(lease) => lease,
        Access::Ready(_) | Access::Busy | Access::Failed(_) => panic!("expected the lease"),
    }
}

fn key(id: &str, lifetime: Duration) -> Credentials {
    Credentials::access_key(id, "secret").with_expiry(START.saturating_add(lifetime))
}

fn ready(cell: &Arc<CredentialsCell>, now: Now) -> Option<String> {
    match cell.access(now, Waker::noop()) {
        Access::Ready(credentials) => credentials.access_key_id().map(str::to_owned),
        Access::Lease(..) | Access::Busy | Access::Failed(_) => None,
    }
}

fn failure() -> Error {
    Error::config("the source is down")
}

#[test]
fn lets_one_call_fetch_and_hands_the_right_on() {
    let (cell, now) = (cell(), at(Duration::ZERO));
    let first = lease(&cell, now);
    assert!(matches!(cell.access(now, Waker::noop()), Access::Busy));
    drop(first);
    lease(&cell, now).publish(Credentials::access_key("fresh", "secret"), now, 0);
    assert_eq!(ready(&cell, now).as_deref(), Some("fresh"));
    assert_eq!(ready(&cell, at(1_000_000 * MINUTE)).as_deref(), Some("fresh"));
}

#[test]
fn refreshes_in_the_last_quarter_of_an_hour_or_the_last_third_of_a_short_life() {
    for (lifetime, random, refreshed_at) in [
        (60 * MINUTE, 0, 45 * MINUTE),
        (60 * MINUTE, u64::MAX, 50 * MINUTE),
        (60 * MINUTE, u64::MAX / 2, 47 * MINUTE + MINUTE / 2),
        (360 * MINUTE, 0, 345 * MINUTE),
        (45 * MINUTE, 0, 30 * MINUTE),
        (15 * MINUTE, 0, 10 * MINUTE),
        (9 * MINUTE, u64::MAX, 7 * MINUTE),
        (MINUTE / 20, 0, MINUTE / 30),
    ] {
        let cell = cell();
        lease(&cell, at(Duration::ZERO)).publish(key("a", lifetime), at(Duration::ZERO), random);
        let before = refreshed_at - Duration::from_millis(1);
        assert!(ready(&cell, at(before)).is_some(), "{lifetime:?} {random}");
        let refresh = lease(&cell, at(refreshed_at + Duration::from_millis(1)));
        // Others are served what there is until it ends.
        let last = lifetime - Duration::from_millis(1);
        assert!(ready(&cell, at(last)).is_some(), "{lifetime:?} {random}");
        assert!(matches!(cell.access(at(lifetime), Waker::noop()), Access::Busy));
        drop(refresh);
    }
}

#[test]
fn a_clock_that_is_wrong_does_not_make_every_call_fetch() {
    let (cell, now) = (cell(), at(60 * MINUTE));
    lease(&cell, now).publish(key("expired", 5 * MINUTE), now, 0);
    assert!(ready(&cell, at(61 * MINUTE - Duration::from_millis(1))).is_some());
    drop(lease(&cell, at(61 * MINUTE)));
}

#[test]
fn a_clock_that_is_corrected_gives_credentials_their_whole_life() {
    let cell = cell();
    // Two hours ahead, it says that a key for an hour has expired.
    let ahead = Now::new(Duration::ZERO, START.saturating_add(120 * MINUTE));
    lease(&cell, ahead).publish(key("a", 60 * MINUTE), ahead, 0);
    assert!(ready(&cell, ahead).is_some());
    assert!(ready(&cell, at(45 * MINUTE - Duration::from_millis(1))).is_some());
    let refresh = lease(&cell, at(45 * MINUTE));
    assert!(ready(&cell, at(60 * MINUTE - Duration::from_millis(1))).is_some());
    assert!(matches!(cell.access(at(60 * MINUTE), Waker::noop()), Access::Busy));
    drop(refresh);
}

#[test]
fn the_old_value_is_kept_while_it_is_valid_and_the_source_is_left_alone() {
    let cell = cell();
    lease(&cell, at(Duration::ZERO)).publish(key("old", 60 * MINUTE), at(Duration::ZERO), 0);
    for (failed_at, pause) in [(46 * MINUTE, MINUTE), (58 * MINUTE, MINUTE / 2)] {
        let kept = lease(&cell, at(failed_at)).fail(failure(), at(failed_at)).unwrap();
        assert_eq!(kept.access_key_id(), Some("old"));
        assert!(ready(&cell, at(failed_at + pause - Duration::from_millis(1))).is_some());
        drop(lease(&cell, at(failed_at + pause)));
    }
    let last = lease(&cell, at(60 * MINUTE));
    assert!(last.fail(failure(), at(60 * MINUTE)).is_err());
    let shortly = at(60 * MINUTE + Duration::from_millis(999));
    assert!(matches!(cell.access(shortly, Waker::noop()), Access::Failed(_)));
    drop(lease(&cell, at(60 * MINUTE + Duration::from_secs(1))));
}

#[test]
fn refused_credentials_are_fetched_once_and_not_again_while_they_stay_the_same() {
    let (cell, now) = (cell(), at(Duration::ZERO));
    let first = lease(&cell, now).publish(key("a", 60 * MINUTE), now, 0);
    assert!(cell.refuse(&first, now));
    let second = lease(&cell, now).publish(key("b", 60 * MINUTE), now, 0);
    // A call that was signed with the first just takes the second.
    assert!(cell.refuse(&first, now));
    assert_eq!(ready(&cell, now).as_deref(), Some("b"));
    assert!(cell.refuse(&second, now));
    let same = lease(&cell, now).publish(key("b", 60 * MINUTE), now, 0);
    assert_eq!(ready(&cell, now).as_deref(), Some("b"));
    assert!(!cell.refuse(&same, at(MINUTE - Duration::from_millis(1))));
    assert!(cell.refuse(&same, at(MINUTE)));
    drop(lease(&cell, at(MINUTE)));
}

/// A call as the cell sees it.
struct Call {
    wakes: Arc<Wakes>,
    /// How often it was woken when it last asked.
    heard: usize,
    lease: Option<Lease>,
    waits: bool,
    served: bool,
}

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// What happens next, to the call of a number.
#[derive(Clone, Copy, Debug)]
enum Event {
    Ask(usize),
    Succeed(usize, u64),
    Fail(usize),
    Drop(usize),
    Refuse,
    Pass(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let call = || 0..6_usize;
    prop_oneof![
        6 => call().prop_map(Event::Ask),
        3 => (call(), 1..4_000_u64).prop_map(|(call, lifetime)| Event::Succeed(call, lifetime)),
        2 => call().prop_map(Event::Fail),
        2 => call().prop_map(Event::Drop),
        1 => Just(Event::Refuse),
        2 => (0..2_000_u64).prop_map(Event::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn one_fetch_at_a_time_and_nobody_is_forgotten(events in vec(event(), 1..80)) {
        check(events)?;
    }
}

/// Once failed: the key that comes while its source is left alone runs out before it is replaced.
#[test]
fn a_refused_key_that_comes_again_and_runs_out_is_replaced() {
    use Event::{Ask, Fail, Pass, Refuse, Succeed};
    let events = [Ask(3), Succeed(3, 1), Refuse, Ask(0), Fail(0), Pass(1), Ask(3), Succeed(3, 5)];
    check(events.into()).unwrap();
}

/// Lets events happen, and checks that there is one fetch at a time and nobody is forgotten.
fn check(events: Vec<Event>) -> Result<(), TestCaseError> {
    let cell = cell();
    let mut elapsed = Duration::ZERO;
    let mut calls: Vec<Call> = Vec::new();
    let fresh =
        || Call { wakes: Arc::default(), heard: 0, lease: None, waits: false, served: false };
    calls.resize_with(6, fresh);
    let mut latest: Option<Arc<Credentials>> = None;
    // At the end every fetch succeeds and everybody asks again, for longer than a source is left
    // alone: a key that came again after it was refused may run out before it is replaced.
    let settle = (0..6).flat_map(|it| [Event::Succeed(it, 3_600), Event::Ask(it)]);
    let settle: Vec<_> = settle.chain([Event::Pass(2)]).collect();
    let all = events.into_iter().chain((0..40).flat_map(|_| settle.clone()));
    for event in all {
        let now = at(elapsed);
        match event {
            Event::Ask(index) => {
                let call = &mut calls[index];
                if call.lease.is_some() {
                    continue;
                }
                call.heard = call.wakes.0.load(Ordering::Relaxed);
                call.waits = false;
                match cell.access(now, &Waker::from(Arc::clone(&call.wakes))) {
                    Access::Ready(credentials) => {
                        let expires = credentials.expires().unwrap();
                        prop_assert!(now.system < expires, "served what has expired");
                        call.served = true;
                    }
                    Access::Lease(lease) => call.lease = Some(lease),
                    Access::Busy => call.waits = true,
                    Access::Failed(_) => call.served = false,
                }
            }
            Event::Succeed(index, lifetime) => {
                if let Some(lease) = calls[index].lease.take() {
                    let lifetime = elapsed + Duration::from_secs(lifetime);
                    latest = Some(lease.publish(key("k", lifetime), now, lifetime.as_secs()));
                }
            }
            Event::Fail(index) => {
                if let Some(lease) = calls[index].lease.take()
                    && let Ok(kept) = lease.fail(failure(), now)
                {
                    prop_assert!(now.system < kept.expires().unwrap(), "kept what has expired");
                }
            }
            Event::Drop(index) => calls[index] = fresh(),
            Event::Refuse => {
                if let Some(latest) = &latest {
                    cell.refuse(latest, now);
                }
            }
            Event::Pass(seconds) => elapsed += Duration::from_secs(seconds),
        }
        let fetching = calls.iter().filter(|call| call.lease.is_some()).count();
        prop_assert!(fetching <= 1, "{fetching} fetches at a time");
        for call in calls.iter().filter(|call| call.waits) {
            let woken = call.wakes.0.load(Ordering::Relaxed) > call.heard;
            prop_assert!(fetching == 1 || woken, "a call waits for nobody");
        }
    }
    prop_assert!(calls.iter().all(|call| call.served && !call.waits));
    Ok(())
}
