//! Sends a request of any kind until it is accepted or a retry makes no sense.
//!
//! The operation, uploads and requests for credentials all go through [`attempt`], so that there is
//! a single retry decision ([`decide`](decision::decide)).

mod classify;
mod clock_skew;
mod context;
mod decision;
mod failed_response;
mod history;
mod target;

pub(crate) use classify::{Accepted, classify_answer, classify_failure, classify_upload, excerpt};
pub(crate) use clock_skew::{ServiceClock, corrected};
pub(crate) use context::AttemptContext;
pub(crate) use failed_response::FailedResponse;
pub(crate) use history::History;
pub(crate) use target::{Limit, Seconds, Target};

use std::{future::Future, time::Duration};

use self::decision::{Correction, Decision, Rules, decide};
use crate::{
    error::{Error, Hop},
    error_table::RetryClass,
    io::{Activity, Answer, Exchanged, Io, Outgoing, Waiting},
    observer::AttemptRecord,
    retry::{FailedAttempt, retry_after},
};

/// A request that can be retried, built and signed again each time.
pub(crate) trait Attempt: Send {
    /// The type of an accepted response.
    type Accepted: Send;

    /// Whether it contains this machine's time, which the service may refuse.
    const IS_STAMPED: bool = true;

    /// Whether an accepted time correction applies to all calls.
    const TRUSTS_CLOCK: bool = true;

    fn stage(&self) -> Hop;

    /// Waits for credentials or a turn, then builds the request; `trial` is a clock correction.
    fn build(
        &mut self,
        activity: &Activity,
        trial: Option<i64>,
    ) -> impl Future<Output = Result<Built, Error>> + Send;

    fn classify(&self, answer: Answer) -> Result<Self::Accepted, Box<FailedResponse>>;

    /// Adds details from the response to a failure.
    fn explain(&self, _failed: &mut FailedResponse, _body: &[u8]) {}

    /// Records that the service throttled the request, and for how long.
    fn throttled(&mut self, _asked: Option<Duration>) {}

    /// Drops credentials that were refused as expired, for all calls. Returns whether fetching
    /// newer ones may help.
    fn drop_credentials(&mut self) -> bool {
        false
    }

    /// Tells the next attempt to fetch newer credentials; if there are none, the call fails with the
    /// refusal.
    fn renew_credentials(&mut self, _refusal: Error) {}

    /// Records that the clock correction applies to all calls.
    fn clock_corrected(&self) {}
}

/// A request ready to send, with its clock correction in milliseconds.
pub(crate) struct Built {
    pub(crate) outgoing: Outgoing,
    pub(crate) clock_offset: i64,
}

/// Why a request is not retried.
#[derive(Debug)]
pub(crate) enum Stop {
    Failed(Error),
    /// The object storage refused an upload, usually because the policy has expired.
    Reauthorize,
}

impl Stop {
    /// Returns the error. Only uploads are authorized again.
    pub(crate) fn into_error(self) -> Error {
        match self {
            Self::Failed(error) => error,
            Self::Reauthorize => Error::config("only an upload can be authorized again"),
        }
    }
}

/// Sends a request until it is accepted, within policy, budget and deadline.
pub(crate) async fn attempt<A: Attempt>(
    io: &Io,
    context: &AttemptContext,
    history: &mut History,
    request: &mut A,
) -> Result<A::Accepted, Stop> {
    let stage = request.stage();
    let activity = io.activity(stage);
    let mut fresh_connection = false;
    loop {
        let built = request.build(&activity, history.trial_offset).await.map_err(Stop::Failed)?;
        // A request after the deadline does not count as an attempt.
        io.still_in_time().await;
        history.attempts += 1;
        history.signed_offset = built.clock_offset;
        let left = io.deadline().saturating_sub(io.now().monotonic);
        let target = Target::new(&built.outgoing, left, stage != Hop::Credentials);
        activity.sending(history.attempts, target.host());
        context.span.attempt(stage, history.attempts);
        let pending = io.transmit(Outgoing { fresh_connection, ..built.outgoing });
        activity.set(Waiting::Answer(pending.id()));
        let Exchanged { sent, received, result } = pending.answer().await;
        activity.set(Waiting::Nothing);

        let mut record = AttemptRecord::new(&context.operation, stage, history.attempts);
        record.duration = received.monotonic.saturating_sub(sent.monotonic);
        let mut failed = match result {
            Ok(answer) => {
                let (status, headers) = (answer.status(), answer.headers().clone());
                let body = answer.body().clone();
                record.status = Some(status.as_u16());
                context.span.answered(stage, status.as_u16());
                let mut failed = match request.classify(answer) {
                    Ok(accepted) => {
                        trust_clock::<A>(context, history, request);
                        context.observer.observe(&record);
                        return Ok(accepted);
                    }
                    Err(failed) => *failed,
                };
                // Proxies have error codes too, but no request ids.
                let by_service =
                    failed.error.code().is_some() && failed.error.request_id().is_some();
                if by_service && failed.class != RetryClass::Clock {
                    trust_clock::<A>(context, history, request);
                }
                failed.retry_after = retry_after(&headers, failed.class, received.system);
                let stamped = A::IS_STAMPED && failed.error.request_id().is_some();
                if failed.class == RetryClass::Clock && stamped {
                    failed.clock_offset =
                        clock_skew::measure(&headers, sent.system, received.system);
                }
                request.explain(&mut failed, &body);
                failed
            }
            Err(failure) => classify_failure(failure, &target),
        };
        context.span.failed(stage, &failed.error);

        if stage == Hop::Invoke && failed.maybe_applied {
            context.note_doubt();
        }
        if failed.class == RetryClass::Throttle {
            request.throttled(failed.retry_after.map(|asked| context.policy.longest_wait(asked)));
        }
        let mut attempted = FailedAttempt::new(&context.operation, &failed.error, failed.class);
        (attempted.hop, attempted.attempts) = (stage, history.attempts);
        let class = context.policy.classify(&attempted);
        let expired = [failed.class, class].contains(&RetryClass::Credentials);
        let rules = Rules {
            policy: &context.policy,
            operation: &context.operation,
            stage,
            class,
            is_idempotent: context.is_idempotent,
            corrects_clock: context.clock.is_corrected(),
            has_newer_credentials: expired && request.drop_credentials(),
            deadline: io.deadline(),
        };
        let random = io.jitter().await;
        match decide(&failed, history, &rules, received.monotonic, random) {
            Decision::Correct(correction) => {
                record.error = Some(&failed.error);
                context.observer.observe(&record);
                match correction {
                    Correction::Nonce => history.nonce_replaced = true,
                    Correction::Clock(offset) => {
                        history.clock_corrected = true;
                        history.trial_offset = Some(offset);
                    }
                    Correction::Credentials => {
                        history.credentials_renewed = true;
                        request
                            .renew_credentials(failed.error.with_attempts(stage, history.attempts));
                    }
                    Correction::Authorization => return Err(Stop::Reauthorize),
                }
            }
            Decision::Retry { at, fresh_connection: fresh } if context.withdraw(class) => {
                record.error = Some(&failed.error);
                record.retry_after = Some(at.saturating_sub(received.monotonic));
                context.observer.observe(&record);
                fresh_connection = fresh;
                activity.set(Waiting::Backoff);
                io.sleep_until(at).await;
                activity.set(Waiting::Nothing);
            }
            decision => {
                let note = match decision {
                    Decision::GiveUp { note } => note,
                    _ => Some("not retried: the client's retry budget is used up".to_owned()),
                };
                if let Some(note) = note {
                    failed.map_error(|error| error.with_note(note));
                }
                record.error = Some(&failed.error);
                context.observer.observe(&record);
                let safe = rules.is_safe(&failed);
                let retryable = failed.error.is_retryable() && safe;
                let error = failed.error.with_attempts(stage, history.attempts);
                return Err(Stop::Failed(error.with_retryable(retryable)));
            }
        }
    }
}

/// Corrects the clock for all calls, once the service has accepted a corrected time.
fn trust_clock<A: Attempt>(context: &AttemptContext, history: &mut History, request: &A) {
    if !A::TRUSTS_CLOCK {
        return;
    }
    if let Some(offset) = history.trial_offset.take() {
        context.clock.correct(offset);
        request.clock_corrected();
    }
}
