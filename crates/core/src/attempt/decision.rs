use std::time::Duration;

use super::{FailedResponse, History, Seconds, clock_skew};
use crate::{
    error::Hop,
    error_table::RetryClass,
    retry::{FailedAttempt, RetryPolicy},
};

/// What to do after a failed attempt.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// Retry at once, without cost; at most once for each correction.
    Correct(Correction),
    /// Retry at a time, if the budget has tokens left.
    Retry {
        at: Duration,
        /// Whether to open a new connection.
        fresh_connection: bool,
    },
    GiveUp {
        /// Why there is no other attempt, unless the error says so itself.
        note: Option<String>,
    },
}

/// What the next attempt does differently.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Correction {
    Nonce,
    /// Correct the clock by this number of milliseconds.
    Clock(i64),
    /// Sign with newer credentials.
    Credentials,
    /// Request another upload authorization first.
    Authorization,
}

/// The inputs of a decision besides the failure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'a> {
    pub(super) policy: &'a RetryPolicy,
    pub(super) operation: &'a str,
    pub(super) stage: Hop,
    /// The class of the failure, as the policy sees it.
    pub(super) class: RetryClass,
    pub(super) is_idempotent: bool,
    pub(super) corrects_clock: bool,
    pub(super) has_newer_credentials: bool,
    /// The deadline of the call, on the monotonic clock.
    pub(super) deadline: Duration,
}

impl Rules<'_> {
    /// Returns whether a retry cannot carry out a change twice.
    ///
    /// Uploads and requests for credentials change nothing.
    pub(super) fn is_safe(&self, failed: &FailedResponse) -> bool {
        self.stage != Hop::Invoke || !failed.maybe_applied || self.is_idempotent
    }
}

/// Decides whether a failed request is retried, when, and with which correction.
///
/// The only retry decision, for all kinds of requests. It reads no clock, draws no randomness and
/// takes no tokens.
pub(super) fn decide(
    failed: &FailedResponse,
    history: &History,
    rules: &Rules<'_>,
    now: Duration,
    random: u64,
) -> Decision {
    let class = rules.class;
    let again = rules.is_safe(failed) && history.attempts < rules.policy.max_attempts();

    let refused_upload = rules.stage == Hop::Upload && failed.error.code().is_some();
    if refused_upload
        && class == RetryClass::Never
        && !history.reauthorized
        && rules.policy.max_attempts() > 1
    {
        return Decision::Correct(Correction::Authorization);
    }
    if class == RetryClass::NewNonce && again && !history.nonce_replaced {
        return Decision::Correct(Correction::Nonce);
    }
    if class == RetryClass::Credentials
        && again
        && rules.has_newer_credentials
        && !history.credentials_renewed
    {
        return Decision::Correct(Correction::Credentials);
    }
    let mut note = None;
    if class == RetryClass::Clock
        && let Some(offset) = failed.clock_offset
    {
        let may_correct = again && rules.corrects_clock && !history.clock_corrected;
        if may_correct && offset.abs_diff(history.signed_offset) >= clock_skew::SMALLEST {
            return Decision::Correct(Correction::Clock(offset));
        }
        if offset.unsigned_abs() >= clock_skew::SMALLEST {
            note = Some(clock_skew::describe(offset));
        }
    }
    let mut attempted = FailedAttempt::new(rules.operation, &failed.error, class);
    (attempted.hop, attempted.attempts) = (rules.stage, history.attempts);
    let delay = rules.policy.delay(&attempted, failed.retry_after, random).filter(|_| again);
    let at = delay.map(|delay| now.saturating_add(delay)).filter(|at| *at < rules.deadline);
    if let Some(at) = at {
        return Decision::Retry { at, fresh_connection: failed.connection_lost };
    }
    if again && let Some(wait) = failed.retry_after {
        note = Some(format!("the service asks to wait {}", Seconds(wait)));
    }
    Decision::GiveUp { note }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Error, ErrorKind, ServiceError};

    const SECOND: Duration = Duration::from_secs(1);

    fn failed(class: RetryClass) -> FailedResponse {
        let body = br#"{"Code":"Some","Message":"m"}"#;
        let error = Error::new(ErrorKind::Service, "")
            .with_service_error(ServiceError::read(body).unwrap());
        FailedResponse::new(error, class)
    }

    fn first() -> History {
        History { attempts: 1, ..History::default() }
    }

    fn rules(policy: &RetryPolicy, class: RetryClass) -> Rules<'_> {
        Rules {
            policy,
            operation: "AddImage",
            stage: Hop::Invoke,
            class,
            is_idempotent: true,
            corrects_clock: true,
            has_newer_credentials: true,
            deadline: 60 * SECOND,
        }
    }

    #[test]
    fn one_table_decides() {
        use Correction::{Authorization, Clock, Credentials, Nonce};
        use RetryClass as Class;
        type Change = fn(&mut FailedResponse, &mut History, &mut Rules<'_>);
        let no_change: Change = |_, _, _| {};
        let retry = |seconds, fresh_connection| Decision::Retry {
            at: Duration::from_secs(seconds),
            fresh_connection,
        };
        let give_up = || Decision::GiveUp { note: None };
        let note = |note: &str| Decision::GiveUp { note: Some(note.to_owned()) };
        let table: Vec<(&str, RetryClass, Change, Decision)> = vec![
            ("what passes is repeated", Class::Transient, no_change, retry(10, false)),
            ("what is throttled is repeated", Class::Throttle, no_change, retry(10, false)),
            ("what does not pass is not", Class::Never, no_change, give_up()),
            (
                "a broken connection takes a fresh one",
                Class::Transient,
                |failed, _, _| failed.connection_lost = true,
                retry(10, true),
            ),
            (
                "the service's wait is kept",
                Class::Throttle,
                |failed, _, _| failed.retry_after = Some(3 * SECOND),
                retry(13, false),
            ),
            (
                "no wait ends after the deadline",
                Class::Throttle,
                |failed, _, _| failed.retry_after = Some(50 * SECOND),
                note("the service asks to wait 50 s"),
            ),
            (
                "the last attempt is the last",
                Class::Transient,
                |_, history, _| history.attempts = 3,
                give_up(),
            ),
            (
                "what may have been done twice is not repeated",
                Class::Transient,
                |failed, _, rules| {
                    failed.maybe_applied = true;
                    rules.is_idempotent = false;
                },
                give_up(),
            ),
            (
                "an upload changes nothing",
                Class::Transient,
                |failed, _, rules| {
                    failed.maybe_applied = true;
                    rules.is_idempotent = false;
                    rules.stage = Hop::Upload;
                },
                retry(10, false),
            ),
            ("a used nonce is replaced", Class::NewNonce, no_change, Decision::Correct(Nonce)),
            (
                "a nonce is replaced once",
                Class::NewNonce,
                |_, history, _| history.nonce_replaced = true,
                give_up(),
            ),
            (
                "newer credentials are tried",
                Class::Credentials,
                no_change,
                Decision::Correct(Credentials),
            ),
            (
                "without newer credentials nothing is",
                Class::Credentials,
                |_, _, rules| rules.has_newer_credentials = false,
                give_up(),
            ),
            (
                "credentials are renewed once",
                Class::Credentials,
                |_, history, _| history.credentials_renewed = true,
                give_up(),
            ),
            (
                "a wrong clock is corrected",
                Class::Clock,
                |failed, _, _| failed.clock_offset = Some(3_600_000),
                Decision::Correct(Clock(3_600_000)),
            ),
            (
                "a clock is corrected once",
                Class::Clock,
                |failed, history, _| {
                    failed.clock_offset = Some(3_600_000);
                    history.clock_corrected = true;
                },
                note("this machine's clock is 60 min behind the service's"),
            ),
            (
                "the offset of the last attempt is not tried again",
                Class::Clock,
                |failed, history, _| {
                    failed.clock_offset = Some(3_600_000);
                    history.signed_offset = 3_590_000;
                },
                note("this machine's clock is 60 min behind the service's"),
            ),
            ("a clock that is right is not corrected", Class::Clock, no_change, give_up()),
            (
                "a refused upload is authorized anew",
                Class::Never,
                |_, _, rules| rules.stage = Hop::Upload,
                Decision::Correct(Authorization),
            ),
            (
                "an upload is authorized anew once",
                Class::Never,
                |_, history, rules| {
                    rules.stage = Hop::Upload;
                    history.reauthorized = true;
                },
                give_up(),
            ),
        ];
        let policy = RetryPolicy::default();
        for (name, class, change, expected) in table {
            let (mut failed, mut history) = (failed(class), first());
            let mut rules = rules(&policy, class);
            change(&mut failed, &mut history, &mut rules);
            assert_eq!(decide(&failed, &history, &rules, 10 * SECOND, 0), expected, "{name}");
        }
    }

    #[test]
    fn a_policy_of_one_attempt_repeats_nothing() {
        let never = RetryPolicy::never();
        for class in [
            RetryClass::Never,
            RetryClass::Transient,
            RetryClass::Throttle,
            RetryClass::NewNonce,
            RetryClass::Clock,
            RetryClass::Credentials,
        ] {
            for stage in [Hop::Authorize, Hop::Upload, Hop::Invoke, Hop::Credentials] {
                let mut failed = failed(class);
                failed.clock_offset = Some(3_600_000);
                let rules = Rules { stage, ..rules(&never, class) };
                let decision = decide(&failed, &first(), &rules, SECOND, 0);
                assert!(matches!(decision, Decision::GiveUp { .. }), "{class:?} {stage:?}");
            }
        }
    }
}
