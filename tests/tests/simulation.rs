//! What holds whatever goes wrong: calls on clones of one client that share its budget, its pacing,
//! its clock and its credentials, in virtual time.

use std::{collections::BTreeMap, time::Duration};

use imagesearch_core::{Pacing, errors::Hop};
use imagesearch_tests::simulation::{Action, Arrival, Ended, Outcome, Plan, PlannedCall, plans};
use proptest::{prelude::*, test_runner::FileFailurePersistence};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1_000,
        // What once failed is tried first, for ever.
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct("regressions/simulation.txt"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn promises_are_kept_whatever_goes_wrong(plan in plans()) {
        check(&plan);
    }
}

/// Lets a plan happen and checks every promise.
fn check(plan: &Plan) {
    let outcome = plan.run();
    let service = outcome.service.borrow();
    assert_eq!(service.complaints, Vec::<String>::new());
    for (index, (call, ended)) in plan.calls.iter().zip(&outcome.calls).enumerate() {
        let sent: Vec<&Arrival> = service.arrivals.iter().filter(|it| it.call == index).collect();
        let executions = service.executions.get(&index).copied().unwrap_or(0);
        check_times(plan, call, ended, &sent);
        check_attempts(plan, call, ended, &sent);
        check_effects(call, ended, &sent, executions);
    }
    check_budget(plan, &outcome);
    check_pacing(plan, &service.arrivals);
    // Nothing is held by anyone any more.
    outcome.afterwards.as_ref().expect("the client is as good as before");
}

fn check_times(plan: &Plan, call: &PlannedCall, ended: &Ended, sent: &[&Arrival]) {
    let deadline = call.starts + call.timeout;
    assert!(ended.at <= deadline, "ended {:?} after its deadline", ended.at - deadline);
    for request in sent {
        assert!(request.at < deadline && request.by <= deadline, "{request:?}");
        assert!(request.by - request.at <= plan.attempt_timeout, "{request:?}");
    }
}

fn check_attempts(plan: &Plan, call: &PlannedCall, ended: &Ended, sent: &[&Arrival]) {
    let of = |hop| sent.iter().filter(|it| it.hop == hop).count();
    let (attempts, pictures) = (plan.attempts as usize, call.action.pictures().len());
    assert!(of(Hop::Invoke) <= attempts, "{sent:?}");
    // A refused upload may be authorized anew once.
    assert!(of(Hop::Authorize) <= 2 * attempts * pictures, "{sent:?}");
    assert!(of(Hop::Upload) <= 2 * attempts * pictures, "{sent:?}");
    match &ended.result {
        Some(Ok(reply)) => assert_eq!(reply.meta().attempts() as usize, of(Hop::Invoke)),
        Some(Err(error)) => {
            assert!(error.attempts() <= plan.attempts, "{error}");
            assert_eq!(error.operation(), Some(call.action.described().name));
        }
        None => {}
    }
    if of(Hop::Invoke) > 0 {
        assert!(of(Hop::Upload) >= pictures, "called before the pictures were there");
    }
}

fn check_effects(call: &PlannedCall, ended: &Ended, sent: &[&Arrival], executions: u32) {
    let action = call.action;
    let invoked = || sent.iter().filter(|it| it.hop == Hop::Invoke);
    let doubtful = invoked().any(|it| !it.harmless);
    if !action.is_idempotent() {
        assert!(executions <= 1, "carried out {executions} times");
        let earlier = invoked().count().saturating_sub(1);
        assert!(invoked().take(earlier).all(|it| it.harmless), "repeated in doubt: {sent:?}");
    }
    match &ended.result {
        Some(Ok(_)) => assert!(executions >= 1, "succeeded without being carried out"),
        Some(Err(error)) => {
            let applied = error.may_have_been_applied();
            assert_eq!(applied, action.writes() && doubtful, "{error}: {sent:?}");
            assert!(applied || !action.writes() || executions == 0, "{error}");
            if doubtful && !action.is_idempotent() {
                assert!(!error.is_retryable(), "{error}");
            }
        }
        None => {}
    }
}

/// A success and a dropped call give back what they took. A failure has spent no more than its
/// repetitions, the last of which time may have kept from leaving.
fn check_budget(plan: &Plan, outcome: &Outcome) {
    let service = outcome.service.borrow();
    let failed = |index: &usize| matches!(outcome.calls[*index].result, Some(Err(_)));
    let repeats: usize = (0..plan.calls.len())
        .filter(failed)
        .map(|index| service.arrivals.iter().filter(|it| it.call == index).count())
        .sum();
    assert!(outcome.tokens_left <= plan.tokens);
    let spent = (plan.tokens - outcome.tokens_left) as usize;
    assert!(spent <= 5 * repeats, "spent {spent} on {repeats} repetitions");
}

/// No group starts faster than its rate, even if calls retry, fail or leave.
fn check_pacing(plan: &Plan, arrivals: &[Arrival]) {
    let Some(searches) = plan.searches else { return };
    let pacing = Pacing::from_plan(searches);
    let mut last = BTreeMap::new();
    for arrival in arrivals.iter().filter(|it| it.hop == Hop::Invoke) {
        let action = plan.calls.get(arrival.call).map_or(Action::SearchImageByName, |it| it.action);
        let rate = pacing.rate(action.group()).expect("is documented");
        if let Some(before) = last.insert(action.group(), arrival.at) {
            let distance: Duration = arrival.at - before;
            assert!(distance * rate >= Duration::from_secs(1), "{distance:?} at {rate} a second");
        }
    }
}
