//! What becomes of an attempt: the next stage, another attempt, or the end of the call.

use super::{
    Answer, Exchange, Now,
    classify::{Fault, judge_answer, judge_upload},
    reply::{Meta, Reply},
    track::{Picture, Stage, State, Track},
};
use crate::{
    error::{Error, ErrorKind, Hop},
    error_table::RetryClass,
    upload::UploadAuthorization,
};

impl Exchange {
    /// Takes a track one stage further, or ends the call with its answer.
    pub(super) fn take_answer(&mut self, index: usize, answer: Answer) -> Result<(), Box<Fault>> {
        let Some(track) = self.tracks.get_mut(index) else {
            return Ok(());
        };
        let signed_with = track.signed_with.clone();
        let secrets = || signed_with.iter().flat_map(|credentials| credentials.secrets());
        match &track.stage {
            Stage::Authorize(picture) => {
                judge_answer(&answer, secrets())?;
                let authorization = UploadAuthorization::read(answer.body()).map_err(|error| {
                    Box::new(Fault { error, class: RetryClass::Transient, maybe_applied: false })
                })?;
                let stage = Stage::Upload(picture.clone(), authorization);
                track.enter(stage);
            }
            Stage::Upload(picture, authorization) => {
                judge_upload(&answer)?;
                self.call.replace_image(picture.parameter, authorization.object_url());
            }
            Stage::Invoke => {
                let request_id = judge_answer(&answer, secrets())?;
                let attempts = track.attempts;
                let (parts, body) = answer.into_parts();
                self.span.succeeded(request_id.as_deref(), attempts);
                self.finish(Ok(Reply::new(Meta {
                    status: parts.status,
                    headers: parts.headers,
                    request_id,
                    attempts,
                    body,
                })));
            }
        }
        Ok(())
    }

    /// Adds what may be behind a host that cannot be reached: a region that does not exist.
    pub(super) fn explain_connect(&self, hop: Hop, error: Error) -> Error {
        let region = self.shared.config.region.as_ref();
        let suggestion = region.and_then(|region| Some((region, region.suggestion()?)));
        match suggestion {
            Some((region, meant)) if hop == Hop::Invoke && error.kind() == ErrorKind::Connect => {
                error.with_advice(format!(
                    "`{region}` is not a known region; did you mean `{meant}`?"
                ))
            }
            _ => error,
        }
    }

    /// Decides whether a failed attempt is repeated, and ends the call if not.
    pub(super) fn fail_attempt(&mut self, index: usize, fault: Fault, now: Now) {
        let invoking = self.hop(index) == Hop::Invoke;
        let repeatable = !invoking || !fault.maybe_applied || self.call.is_idempotent();
        if invoking && fault.maybe_applied && self.call.writes() {
            self.maybe_applied = true;
        }
        let Some(track) = self.tracks.get_mut(index) else {
            return;
        };
        let (hop, attempts) = (track.hop(), track.attempts);
        self.span.failed(hop, &fault.error);

        // A refused upload usually means a policy that has expired: one new authorization.
        if let Stage::Upload(picture, _) = &track.stage
            && fault.class == RetryClass::Never
            && fault.error.code().is_some()
            && track.renewals == 0
            && self.retry.max_attempts() > 1
        {
            let again = Stage::Authorize(Picture::clone(picture));
            track.renewals += 1;
            track.enter(again);
            return;
        }
        let delay = self.retry.delay(attempts, fault.class, track.jitter).filter(|_| repeatable);
        let until = delay.map(|delay| now.mono.saturating_add(delay));
        match until.filter(|until| *until < self.deadline) {
            Some(until) => track.state = State::Backoff { until },
            None => {
                let error = self.explain_connect(hop, fault.error).with_attempts(hop, attempts);
                let retryable = error.is_retryable() && repeatable;
                self.finish(Err(error.with_retryable(retryable)));
            }
        }
    }

    /// Ends the call and gives up what is still under way.
    pub(super) fn finish(&mut self, outcome: Result<Reply, Error>) {
        let outcome = outcome.map_err(|error| {
            let maybe_applied = self.maybe_applied && self.call.writes();
            error.with_operation(self.call.name()).with_maybe_applied(maybe_applied)
        });
        self.cancelled.extend(self.tracks.iter().filter_map(Track::in_flight));
        self.cancelled.extend(self.credentials.outstanding());
        self.credentials.abandon();
        self.tracks.clear();
        self.outcome = Some(outcome);
    }
}
