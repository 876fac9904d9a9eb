//! What becomes of an attempt: the next stage, another attempt, or the end of the call.

use http::HeaderMap;

use super::{
    Answer, Exchange, Now,
    classify::{Accepted, Fault, judge_answer, judge_upload},
    clock_skew,
    reply::{Content, Meta, Reply},
    signature_mismatch::explain,
    track::{Picture, Stage, State, Track},
};
use crate::{
    error::{Error, ErrorKind, Hop},
    error_table::RetryClass,
    generated::error_code::ErrorCode,
    retry::{self, FailedAttempt},
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
                let accepted = judge_answer(&answer, secrets())?;
                let authorization =
                    UploadAuthorization::read(&accepted.object).map_err(|error| {
                        let class = RetryClass::Transient;
                        Box::new(Fault { class, ..Fault::lasting(error) })
                    })?;
                let stage = Stage::Upload(picture.clone(), authorization);
                track.enter(stage);
            }
            Stage::Upload(picture, authorization) => {
                judge_upload(&answer, secrets().chain(authorization.secrets()))?;
                self.call.replace_image(picture.parameter, authorization.object_url());
            }
            Stage::Invoke => {
                let Accepted { object, request_id } = judge_answer(&answer, secrets())?;
                self.budget.succeed();
                let attempts = track.attempts;
                let (parts, body) = answer.into_parts();
                self.span.succeeded(request_id.as_deref(), attempts);
                self.finish(Ok(Reply {
                    meta: Meta {
                        status: parts.status,
                        headers: parts.headers,
                        request_id,
                        attempts,
                        body,
                    },
                    content: Box::new(Content {
                        object,
                        operation: self.call.name().to_owned(),
                        writes: self.call.writes(),
                        signed_with,
                    }),
                }));
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

    /// Adds to a fault what else the answer says: waits, clocks, and what the service signed.
    pub(super) fn examine(
        &self,
        index: usize,
        fault: &mut Fault,
        head: &HeaderMap,
        body: &[u8],
        now: Now,
    ) {
        let Some(track) = self.tracks.get(index) else {
            return;
        };
        fault.retry_after = retry::retry_after(head, fault.class, now.wall);
        // Uploads carry no time of this machine's.
        let stamped = !matches!(track.stage, Stage::Upload(..));
        if fault.class == RetryClass::Clock && stamped && fault.error.request_id().is_some() {
            fault.clock_offset = clock_skew::measure(head, track.sent_at, now.wall);
        }
        let mismatch = fault.error.code() == Some(&ErrorCode::SignatureDoesNotMatch);
        if let Some(credentials) = track.signed_with.as_deref().filter(|_| mismatch) {
            // Uploads are signed by whoever authorized them, over another text.
            let ours = track.stages.as_ref().filter(|_| stamped);
            let explained = ours.and_then(|ours| explain(body, ours, credentials));
            // The echo names the key as well, which is nobody else's business.
            fault.map_error(|error| {
                let error = error.hiding(credentials.access_key_id().unwrap_or_default());
                match explained {
                    Some(explained) => error.with_advice(explained),
                    None => error,
                }
            });
        }
    }

    /// Corrects the clock for all calls, once the service has taken a time stamp.
    ///
    /// The trial is over then: what another call measures later holds for this one as well.
    pub(super) fn trust_clock(&mut self, index: usize, trial: Option<i64>) {
        let Some(offset) = trial else { return };
        self.shared.clock_offset.set(offset);
        // By another clock, those that look expired may be good.
        self.shared.credentials.wake_all();
        if let Some(track) = self.tracks.get_mut(index) {
            track.trial_offset = None;
        }
    }

    /// Decides whether a failed attempt is repeated, and ends the call if not.
    pub(super) fn fail_attempt(&mut self, index: usize, mut fault: Fault, now: Now) {
        let hop = self.hop(index);
        let invoking = hop == Hop::Invoke;
        let repeatable = !invoking || !fault.maybe_applied || self.call.is_idempotent();
        if invoking && fault.maybe_applied && self.call.writes() {
            self.maybe_applied = true;
        }
        if invoking && fault.class == RetryClass::Throttle {
            let asked = fault.retry_after.map(|asked| self.retry.longest_wait(asked));
            self.turn.throttled(now, asked);
        }
        let Some(track) = self.tracks.get(index) else {
            return;
        };
        let attempts = track.attempts;
        self.span.failed(hop, &fault.error);
        let mut failed = FailedAttempt::new(self.call.name(), &fault.error, fault.class);
        (failed.hop, failed.attempts) = (hop, attempts);
        failed.class = self.retry.classify(&failed);
        let class = failed.class;
        let again = repeatable && attempts < self.retry.max_attempts();
        let expired = [fault.class, class].contains(&RetryClass::Credentials);
        let newer = expired && self.drop_refused(index, now);
        let Some(track) = self.tracks.get_mut(index) else {
            return;
        };

        // A refused upload usually means a policy that has expired: one new authorization.
        if let Stage::Upload(picture, _) = &track.stage
            && class == RetryClass::Never
            && fault.error.code().is_some()
            && track.renewals == 0
            && self.retry.max_attempts() > 1
        {
            let again = Stage::Authorize(Picture::clone(picture));
            track.renewals += 1;
            track.enter(again);
            return;
        }
        // Nothing is overloaded, so there is nothing to wait for, and once must do.
        if class == RetryClass::NewNonce && again && !track.nonce_replaced {
            track.nonce_replaced = true;
            track.state = State::Ready;
            return;
        }
        if class == RetryClass::Credentials && again && newer && !track.credentials_renewed {
            Self::renew_credentials(track, fault.error);
            return;
        }
        if class == RetryClass::Clock {
            let correct = again && self.shared.config.clock_correction && !track.clock_corrected;
            track.trial_offset = None;
            match fault.clock_offset {
                Some(offset)
                    if correct && offset.abs_diff(track.signed_offset) >= clock_skew::SMALLEST =>
                {
                    track.trial_offset = Some(offset);
                    track.clock_corrected = true;
                    track.state = State::Ready;
                    return;
                }
                Some(offset) if offset.unsigned_abs() >= clock_skew::SMALLEST => {
                    fault.map_error(|error| error.with_note(clock_skew::describe(offset)));
                }
                _ => {}
            }
        }
        let mut failed = FailedAttempt::new(self.call.name(), &fault.error, class);
        (failed.hop, failed.attempts) = (hop, attempts);
        let delay = self.retry.delay(&failed, fault.retry_after, track.jitter);
        let until = delay.filter(|_| again).map(|delay| now.mono.saturating_add(delay));
        let until = until.filter(|until| *until < self.deadline);
        if let Some(until) = until {
            if self.budget.withdraw(class) {
                track.state = State::Backoff { until };
                return;
            }
            fault.map_error(|error| {
                error.with_note("not repeated, since the client's retry budget is used up")
            });
        } else if let (true, Some(wait)) = (again, fault.retry_after) {
            let wait = wait.as_millis();
            fault.map_error(|error| error.with_note(format!("the service asks to wait {wait} ms")));
        }
        let error = self.explain_connect(hop, fault.error).with_attempts(hop, attempts);
        let retryable = error.is_retryable() && repeatable;
        self.finish(Err(error.with_retryable(retryable)));
    }

    /// Ends the call and gives up what is still under way.
    pub(super) fn finish(&mut self, outcome: Result<Reply, Error>) {
        if outcome.is_err() {
            self.budget.fail();
        }
        let outcome = outcome.map_err(|error| {
            let maybe_applied = self.maybe_applied && self.call.writes();
            error.with_operation(self.call.name()).with_maybe_applied(maybe_applied)
        });
        self.cancelled.extend(self.tracks.iter().filter_map(Track::in_flight));
        self.cancelled.extend(self.credentials.outstanding());
        self.credentials.abandon();
        self.turn.give_up();
        self.tracks.clear();
        self.outcome = Some(outcome);
    }
}
