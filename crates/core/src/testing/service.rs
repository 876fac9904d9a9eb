use std::{
    fmt,
    panic::Location,
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{
    call_lock::CallLock,
    lock::lock,
    received_call::ReceivedCall,
    reply::Reply,
    rule::{Rule, RuleState},
    unsatisfied::Unsatisfied,
    virtual_clock::VirtualClock,
};
use crate::{
    error::Error,
    request::{RawRequest, Request},
};

/// The rules of a mock, and the clock that its clients share.
///
/// A call gets its answer from the first rule, in the order of their creation, that matches it and is
/// not used up. A call that no rule matches fails at once with an error that lists the rules and why
/// each of them does not match. Every attempt of a call asks the rules anew, so a rule that fails once
/// and then answers shows how the client retries.
///
/// Uploads of pictures need no rule: they always succeed, and are not counted.
///
/// Time is virtual. It starts at 2026-01-02T03:04:05Z and passes only while a call waits: for its next
/// attempt, for its turn, or for an answer that never comes. No call sleeps. The calls of a mock run
/// one after the other, also those of several threads or tasks.
#[derive(Default)]
pub struct MockService {
    rules: Mutex<Vec<Arc<RuleState>>>,
    /// The calls that no rule matched.
    unexpected: Mutex<Vec<ReceivedCall>>,
    pub(super) clock: VirtualClock,
    pub(super) running: CallLock,
}

impl MockService {
    /// Adds a rule for the requests of one type.
    ///
    /// Calls by name of the same operation match as well.
    #[track_caller]
    pub fn when<R: Request>(&self) -> Rule<R> {
        self.add(R::OPERATION.version, R::OPERATION.name)
    }

    /// Adds a rule for calls of an operation by version and name, such as one that this version of the
    /// crate does not know.
    #[track_caller]
    pub fn when_operation(
        &self,
        version: impl Into<String>,
        name: impl Into<String>,
    ) -> Rule<RawRequest> {
        self.add(version, name)
    }

    /// Checks that every rule was called as often as it expects, and that a rule matched every call.
    ///
    /// Dropping a mock checks nothing.
    ///
    /// # Errors
    ///
    /// Lists the rules that expect more calls, and the calls that no rule matched.
    pub fn verify(&self) -> Result<(), Unsatisfied> {
        let rules = lock(&self.rules);
        let unmet = rules.iter().filter_map(|rule| rule.unmet());
        let calls = lock(&self.unexpected);
        let unexpected = calls.iter().map(|call| format!("no rule matches the call {call}"));
        Unsatisfied::check(unmet.chain(unexpected).collect())
    }

    /// Returns how much virtual time has passed, such as for the pauses between attempts.
    pub fn elapsed(&self) -> Duration {
        self.clock.elapsed()
    }

    #[track_caller]
    fn add<R>(&self, version: impl Into<String>, name: impl Into<String>) -> Rule<R> {
        let state = Arc::new(RuleState::new(Location::caller(), version.into(), name.into()));
        lock(&self.rules).push(Arc::clone(&state));
        Rule::new(state)
    }

    /// Finds the reply to one attempt of a call.
    pub(super) fn reply(&self, call: &ReceivedCall) -> Result<Reply, Error> {
        // A copy, so that a closure of a rule may use the mock.
        let rules = lock(&self.rules).clone();
        let mut reasons = Vec::new();
        for rule in rules {
            let mismatch = rule.mismatch(call);
            if let Some(error) = call.misnamed_parameter() {
                return Err(error.with_causes(vec![rule.to_string()]));
            }
            match mismatch {
                None => return rule.take(call),
                Some(reason) => reasons.push(format!("{rule}: {reason}")),
            }
        }
        lock(&self.unexpected).push(call.clone());
        let message = format!("no rule of the mock matches the call {call}");
        Err(Error::misuse(message).with_causes(reasons))
    }
}

impl fmt::Debug for MockService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rules: Vec<_> =
            lock(&self.rules).iter().map(std::string::ToString::to_string).collect();
        formatter
            .debug_struct("MockService")
            .field("rules", &rules)
            .field("elapsed", &self.elapsed())
            .finish_non_exhaustive()
    }
}
