//! The state machine of every call.
//!
//! An [`Exchange`] performs no I/O. [`poll`](Exchange::poll) returns what to do next ([`Effect`]),
//! and the `handle_` methods receive the results; time and randomness are arguments. A client is a
//! loop around it. It passes results in before it polls, so that a response counts even if the
//! client is late:
//!
//! ```text
//! loop {
//!     match exchange.poll(now, entropy, waker) {
//!         Transmit(request) => start it; later handle_response or handle_failure
//!         Load { .. }       => read it;  later handle_loaded
//!         Cancel(id)        => abort that request
//!         Wait { until }    => until something comes back, the waker is called, or the time has come
//!         Done(result)      => return it
//!     }
//! }
//! ```

mod call;
mod callable;
mod context;
mod prepared_call;
mod response;
mod shared;
mod signature_mismatch;
mod signed_request;
mod signing;
mod turn;
mod upload;

pub use crate::io::{
    Answer, Effect, Entropy, Failure, FailurePhase, Id, LoadError, Now, Source, Transmit,
};
pub use callable::Callable;
pub use prepared_call::PreparedCall;
pub use response::{Meta, RawResponse, Response};
pub use shared::Shared;

use std::{fmt, sync::Arc, task::Waker};

use bytes::Bytes;

use self::context::CallContext;
use crate::{config::Transfer, error::Error, io::Task};

/// One call, from validation to the response or error.
///
/// Dropping it aborts the call. A credentials refresh that other calls wait for passes to one of
/// them, and the call leaves the pacing queue.
pub struct Exchange {
    call: Arc<CallContext>,
    task: Task<RawResponse>,
}

impl Exchange {
    /// Starts a call. Its timeout starts now.
    ///
    /// # Errors
    ///
    /// The request breaks documented limits, has a parameter without a place or a header that only
    /// the client sets, or uploads a picture although the client has no region. Nothing is sent.
    pub fn new(shared: Arc<Shared>, mut prepared: PreparedCall, now: Now) -> Result<Self, Error> {
        let (config, options) = (&shared.config, &prepared.options);
        let named = |error: Error| error.with_operation(prepared.name());
        let validate = options.validate.unwrap_or(config.validate);
        let request = prepared.encode(&config.api, validate).map_err(named)?;
        let uploads = match options.transfer.unwrap_or(config.transfer) {
            Transfer::Upload => {
                let earlier = |name| options.uploads.iter().any(|(uploaded, _)| *uploaded == name);
                prepared.images().into_iter().filter(|(name, _)| !earlier(*name)).collect()
            }
            // Sent as Base64 in the form.
            Transfer::Base64 => Vec::new(),
        };
        if !uploads.is_empty() && config.region.is_none() {
            return Err(Error::config("the client has no region, which uploads require")
                .with_advice("set the region in addition to the endpoint")
                .with_operation(prepared.name()));
        }
        let deadline = now.monotonic.saturating_add(options.timeout.unwrap_or(config.timeout));
        let limiter = shared.limiter(&prepared, now);
        let call = Arc::new(CallContext::new(shared, &prepared).map_err(named)?);
        let uploaded = std::mem::take(&mut prepared.options.uploads);
        let running = Arc::clone(&call);
        let task = Task::new(deadline, |io| async move {
            call::run(&io, &running, request, uploads, uploaded, limiter).await
        });
        Ok(Self { call, task })
    }

    /// Returns what to do next.
    ///
    /// The waker is called when another call unblocks this one. Polling again after
    /// [`Effect::Done`] returns an error.
    pub fn poll(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        waker: &Waker,
    ) -> Effect<RawResponse> {
        match self.task.poll(now, entropy, waker, |io| self.call.expired(io)) {
            Effect::Done(result) => Effect::Done(self.call.finish(result)),
            effect => effect,
        }
    }

    /// Ends the call for a reason of the client's own, and completes that error with the data of
    /// the call: how often it was sent, and whether a change may have been applied.
    ///
    /// A request that has been handed out counts as sent, unless
    /// [`handle_progress`](Self::handle_progress) says that it never was.
    pub fn abort(&mut self, reason: Error) -> Error {
        let error = self.task.abort(|io| self.call.interrupted(io, |_| reason));
        self.call.complete(error)
    }

    /// Receives the response to a request.
    pub fn handle_response(&mut self, id: Id, now: Now, answer: Answer) {
        self.task.handle_response(id, now, answer);
    }

    /// Receives the failure of a request.
    pub fn handle_failure(&mut self, id: Id, now: Now, failure: Failure) {
        self.task.handle_failure(id, now, failure);
    }

    /// Receives the result of a load.
    pub fn handle_loaded(&mut self, id: Id, result: Result<Bytes, LoadError>) {
        self.task.handle_loaded(id, result);
    }

    /// Records the progress of a request, for the error of a timeout.
    ///
    /// Optional: without it, a request counts as sent from the start.
    pub fn handle_progress(&mut self, id: Id, phase: FailurePhase) {
        self.task.handle_progress(id, phase);
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Exchange")
            .field("operation", &self.call.attempts.operation)
            .field("task", &self.task)
            .finish_non_exhaustive()
    }
}
