//! The state machine behind every call of every client.
//!
//! An [`Exchange`] performs no I/O. It says what to do next ([`Step`]) and is told what came of it,
//! with the time and randomness handed in. A client is a loop around it, which hands in what has come
//! back before it asks what to do next, so that an answer that is there counts:
//!
//! ```text
//! loop {
//!     match exchange.next(now, entropy, waker) {
//!         Send(request)  => start it; later on_response or on_failure
//!         Load { .. }    => read it;  later on_loaded
//!         Cancel(id)     => give that request up
//!         Wait { until } => until something comes back, the waker is called, or the time has come
//!         Done(result)   => return it
//!     }
//! }
//! ```

mod attempt;
mod classify;
pub(crate) mod clock_skew;
mod credentials_access;
mod credentials_renewal;
mod outcome;
mod prepared;
mod reply;
mod shared;
mod signature_mismatch;
mod step;
mod track;
mod turn;

pub(crate) use classify::{Fault, judge_answer, judge_failure};

pub use prepared::Prepared;
pub use reply::{Meta, Reply, Response};
pub use shared::Shared;
pub use step::{Answer, Entropy, Failure, FailurePhase, Id, LoadError, Now, Send, Source, Step};

use std::{fmt, sync::Arc, task::Waker, time::Duration};

use bytes::Bytes;

use self::{
    credentials_access::{CredentialsAccess, Progress},
    track::{Stage, State, Track},
    turn::Turn,
};
use crate::{
    config::Transfer,
    credentials::{CredentialsCell, FetchContext},
    error::{Error, ErrorKind, Hop, TimeoutPhase},
    error_table::RetryClass,
    retry::{RetryPolicy, Withdrawn},
    trace::CallSpan,
};

/// One call, from validation to the decoded answer or error.
///
/// Dropping it returns all that it shares with other calls; a credentials refresh that it was doing
/// for them goes to the next one.
pub struct Exchange {
    shared: Arc<Shared>,
    call: Prepared,
    credentials: CredentialsAccess,
    turn: Turn,
    retry: RetryPolicy,
    /// What retries have cost so far; comes back when the call is dropped.
    budget: Withdrawn,
    /// What the caller adds to each request.
    headers: http::HeaderMap,
    attempt_timeout: Duration,
    deadline: Duration,
    tracks: Vec<Track>,
    cancelled: Vec<Id>,
    next_id: u64,
    /// Whether an earlier attempt of the operation may have been carried out.
    maybe_applied: bool,
    waiting_for_credentials: bool,
    outcome: Option<Result<Reply, Error>>,
    span: CallSpan,
}

impl Exchange {
    /// Begins a call; its deadline counts from now.
    ///
    /// # Errors
    ///
    /// The request breaks documented limits, has a parameter without a place or a header that is
    /// not the caller's to set, or needs a region to upload its picture and the client has none.
    /// Nothing is sent then.
    pub fn new(shared: Arc<Shared>, call: Prepared, now: Now) -> Result<Self, Error> {
        let (config, options) = (&shared.config, &call.options);
        let named = |error: Error| error.with_operation(call.name());
        call.check(options.validate.unwrap_or(config.validate)).map_err(named)?;

        let mut tracks = Vec::new();
        let transfer = options.transfer.unwrap_or(config.transfer);
        // Pictures that do not travel ahead are placed in the form as Base64.
        if transfer == Transfer::Upload {
            let images = call.images().into_iter();
            tracks.extend(images.map(|(parameter, image)| Track::picture(parameter, image)));
        }
        if !tracks.is_empty() && config.region.is_none() {
            return Err(Error::config("the client has no region, which an upload needs")
                .with_advice("set the region beside the endpoint")
                .with_operation(call.name()));
        }
        tracks.push(Track::invoke());

        let options = &call.options;
        let mut headers = config.headers.clone();
        headers.extend(options.headers.check().map_err(named)?);
        let cell = match &options.credentials {
            Some(own) => Arc::new(CredentialsCell::new(Arc::clone(own))),
            None => Arc::clone(&shared.credentials),
        };
        Ok(Self {
            credentials: CredentialsAccess::new(cell),
            turn: Turn::new(shared.limiter(&call, now)),
            headers,
            budget: Withdrawn::nothing(Arc::clone(
                options.retry.as_ref().and_then(RetryPolicy::budget).unwrap_or(&shared.budget),
            )),
            retry: options.retry.clone().unwrap_or_else(|| config.retry.clone()),
            attempt_timeout: options.attempt_timeout.unwrap_or(config.attempt_timeout),
            deadline: now.mono.saturating_add(options.timeout.unwrap_or(config.timeout)),
            tracks,
            cancelled: Vec::new(),
            next_id: 0,
            maybe_applied: false,
            waiting_for_credentials: false,
            outcome: None,
            span: CallSpan::new(call.name()),
            call,
            shared,
        })
    }

    /// Says what to do next.
    ///
    /// The waker is called when another call has done what this one waits for. After
    /// [`Step::Done`] the exchange must not be asked again; it then answers with an error.
    pub fn next(&mut self, now: Now, entropy: &mut dyn Entropy, waker: &Waker) -> Step {
        if self.is_running() {
            self.expire(now, entropy);
        }
        if let Some(id) = self.cancelled.pop() {
            return Step::Cancel(id);
        }
        if self.is_running() {
            match self.advance(now, entropy, waker) {
                Ok(Some(step)) => return step,
                Ok(None) => {
                    let dues = self.tracks.iter().filter_map(Track::due);
                    let dues = dues.chain(self.credentials.due()).chain(self.turn.due());
                    let until = dues.chain([self.deadline]).min();
                    return Step::Wait { until };
                }
                Err(error) => self.finish(Err(error)),
            }
        }
        // Finishing may have left requests to give up.
        if let Some(id) = self.cancelled.pop() {
            return Step::Cancel(id);
        }
        let over = || Err(Error::config("the exchange was asked again after it was over"));
        Step::Done(self.outcome.take().unwrap_or_else(over))
    }

    /// Takes the answer to a request.
    pub fn on_response(&mut self, id: Id, now: Now, answer: Answer) {
        self.came_back(id);
        if self.credentials.outstanding() == Some(id) {
            self.credentials.on_response(id, answer);
            return;
        }
        let Some(index) = self.land(id) else { return };
        self.span.answered(self.hop(index), answer.status().as_u16());
        // Bytes are shared and the headers of an answer are few.
        let (head, body) = (answer.headers().clone(), answer.body().clone());
        // The track is gone once it has ended the call.
        let trial = self.tracks.get(index).and_then(|track| track.trial_offset);
        match self.take_answer(index, answer) {
            Ok(()) => self.trust_clock(index, trial),
            Err(mut fault) => {
                let error = &fault.error;
                // A proxy has error codes as well, and no request ids.
                let by_service = error.code().is_some() && error.request_id().is_some();
                if by_service && fault.class != RetryClass::Clock {
                    self.trust_clock(index, trial);
                }
                self.examine(index, &mut fault, &head, &body, now);
                self.fail_attempt(index, *fault, now);
            }
        }
    }

    /// Takes note of how far a request has come, for the error if time runs out.
    ///
    /// Transports that cannot tell leave it out: a request counts as sent from the start.
    pub fn on_progress(&mut self, id: Id, phase: FailurePhase) {
        let track = self.tracks.iter_mut().find(|track| track.in_flight() == Some(id));
        if let Some(State::InFlight { reached, .. }) = track.map(|track| &mut track.state) {
            *reached = phase;
        }
    }

    /// Takes the failure of a request.
    pub fn on_failure(&mut self, id: Id, now: Now, failure: Failure) {
        self.came_back(id);
        if self.credentials.outstanding() == Some(id) {
            self.credentials.on_failure(id, failure);
            return;
        }
        if let Some(index) = self.land(id) {
            self.fail_attempt(index, judge_failure(failure), now);
        }
    }

    /// Finds the track of a request that has come back; it is in flight no longer.
    fn land(&mut self, id: Id) -> Option<usize> {
        let index = self.tracks.iter().position(|track| track.in_flight() == Some(id))?;
        self.tracks.get_mut(index)?.state = State::Finished;
        Some(index)
    }

    /// Takes what was loaded.
    pub fn on_loaded(&mut self, id: Id, result: Result<Bytes, LoadError>) {
        self.came_back(id);
        self.credentials.on_loaded(id, result);
    }

    /// Takes note that there is nothing left to give up of what may have been about to be.
    fn came_back(&mut self, id: Id) {
        self.cancelled.retain(|cancelled| *cancelled != id);
    }

    /// Ends what has run out of time: single attempts, or the whole call.
    fn expire(&mut self, now: Now, entropy: &mut dyn Entropy) {
        if now.mono >= self.deadline {
            let (phase, track) = self.timeout_phase();
            let context = FetchContext::new(self.corrected(now), self.deadline, entropy);
            let unfetched = self.credentials.settle(context);
            let error = Error::new(
                ErrorKind::Timeout(phase),
                format!("the call's deadline passed {phase}"),
            )
            .with_advice("raise the timeout, or look for what is slow");
            let error = match track.and_then(|index| self.tracks.get(index)) {
                Some(track) => error.with_attempts(track.hop(), track.attempts),
                None => error,
            };
            let error = match unfetched {
                Some(why) => {
                    error.with_note(format!("fetching credentials has just failed: {why}"))
                }
                None => error,
            };
            let invoking = self.tracks.iter().any(|it| {
                matches!(it.stage, Stage::Invoke) && it.reached().is_some_and(FailurePhase::left)
            });
            self.maybe_applied |= invoking;
            let error = error.with_retryable(self.call.is_idempotent() || !self.maybe_applied);
            self.finish(Err(error));
            return;
        }
        let late = |phase| Failure::timeout(phase, "no complete answer in time");
        if self.credentials.due().is_some_and(|by| now.mono >= by)
            && let Some(id) = self.credentials.outstanding()
        {
            self.cancelled.push(id);
            self.credentials.on_failure(id, late(FailurePhase::Response));
        }
        for index in 0..self.tracks.len() {
            let (id, reached) = match self.tracks.get(index).map(|track| &track.state) {
                Some(State::InFlight { id, by, reached }) if now.mono >= *by => (*id, *reached),
                _ => continue,
            };
            self.cancelled.push(id);
            self.land(id);
            self.fail_attempt(index, judge_failure(late(reached)), now);
        }
    }

    /// Says what the call is waiting for, and in which track.
    fn timeout_phase(&self) -> (TimeoutPhase, Option<usize>) {
        let active = self.tracks.iter().position(|track| track.in_flight().is_some());
        let backoff =
            || self.tracks.iter().position(|track| matches!(track.state, State::Backoff { .. }));
        match active {
            Some(index) => {
                let reached = self.tracks.get(index).and_then(Track::reached);
                (reached.unwrap_or(FailurePhase::Response).timeout(), active)
            }
            None if self.waiting_for_credentials => (TimeoutPhase::Credentials, None),
            None if self.turn.has_place() => {
                (TimeoutPhase::Pacing, self.tracks.len().checked_sub(1))
            }
            None => (TimeoutPhase::Backoff, backoff()),
        }
    }

    /// Finds the next thing to do, if there is one before time passes or something comes back.
    fn advance(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        waker: &Waker,
    ) -> Result<Option<Step>, Error> {
        self.waiting_for_credentials = false;
        for index in 0..self.tracks.len() {
            if !self.is_due(index, now) {
                continue;
            }
            if let Some(track) = self.tracks.get_mut(index) {
                // Time alone changes nothing any more, whatever else has to be waited for.
                track.state = State::Ready;
            }
            let invoking = self.hop(index) == Hop::Invoke;
            // Who fetches is waited for by others, and has stepped aside.
            if invoking && !self.credentials.is_fetching() && self.turn.is_awaited(now, waker) {
                continue;
            }
            let credentials = if self.hop(index) == Hop::Upload {
                None
            } else {
                let mut context = FetchContext::new(self.corrected(now), self.deadline, entropy);
                context.clock_correction = self.shared.config.clock_correction;
                let progress = self.credentials.advance(&mut context, waker);
                if !matches!(progress, Progress::Ready(_)) {
                    // Others need not wait for what may take long.
                    self.turn.step_aside();
                    self.waiting_for_credentials = true;
                }
                match progress {
                    Progress::Ready(credentials) => {
                        self.check_renewal(index, &credentials)?;
                        Some(credentials)
                    }
                    Progress::Wait => continue,
                    Progress::Load(source) => {
                        let id = self.new_id();
                        self.credentials.sent_as(id, None);
                        return Ok(Some(Step::Load { id, source }));
                    }
                    Progress::Send(request) => {
                        let id = self.new_id();
                        let send = self.fetch_request(id, *request, now);
                        self.credentials.sent_as(id, Some(send.by));
                        return Ok(Some(Step::Send(send)));
                    }
                    Progress::Failed(error) => {
                        return Err(self.explain_renewal(index, error));
                    }
                }
            };
            if invoking && !self.turn.has_come(now, waker) {
                continue;
            }
            let request = self.build(index, now, credentials, entropy)?;
            let id = self.new_id();
            let by = self.attempt_deadline(now);
            if let Some(track) = self.tracks.get_mut(index) {
                track.attempts += 1;
                // Drawn ahead, so that only `next` needs randomness; none means the longest delay.
                track.jitter = entropy.draw().map_or(u64::MAX, |[a, b, c, d, e, f, g, h, ..]| {
                    u64::from_be_bytes([a, b, c, d, e, f, g, h])
                });
                track.state = State::InFlight { id, by, reached: FailurePhase::Response };
                self.span.attempt(track.hop(), track.attempts);
            }
            return Ok(Some(Step::Send(self.send(id, request, now))));
        }
        Ok(None)
    }

    /// Tells whether a track has something to send now.
    fn is_due(&self, index: usize, now: Now) -> bool {
        let Some(track) = self.tracks.get(index) else {
            return false;
        };
        let others_finished =
            || self.tracks.iter().all(|it| matches!(it.stage, Stage::Invoke) || it.is_finished());
        let time = match track.state {
            State::Ready => true,
            State::Backoff { until } => now.mono >= until,
            State::InFlight { .. } | State::Finished => false,
        };
        time && (!matches!(track.stage, Stage::Invoke) || others_finished())
    }

    /// Tells whether there is something left to do: the track of the operation ends the call.
    fn is_running(&self) -> bool {
        !self.tracks.is_empty()
    }

    fn hop(&self, index: usize) -> Hop {
        self.tracks.get(index).map_or(Hop::Invoke, Track::hop)
    }

    fn new_id(&mut self) -> Id {
        self.next_id += 1;
        Id(self.next_id)
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Exchange")
            .field("operation", &self.call.name())
            .field("tracks", &self.tracks.len())
            .finish_non_exhaustive()
    }
}
