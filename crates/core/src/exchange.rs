//! The state machine behind every call of every client.
//!
//! An [`Exchange`] performs no I/O. [`poll`](Exchange::poll) says what to do next ([`Effect`]), and
//! the `handle_` methods take the outcomes, with time and randomness handed in. A client is a loop
//! around it. It hands in what has come back before it polls, so that an answer counts however late
//! the client is:
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

mod access;
mod call;
mod callable;
mod context;
mod invoke;
mod prepared;
mod response;
mod shared;
mod signature_mismatch;
mod signed;
mod turn;
mod upload;

pub use crate::io::{
    Answer, Effect, Entropy, Failure, FailurePhase, Id, LoadError, Now, Source, Transmit,
};
pub use callable::Callable;
pub use prepared::Prepared;
pub use response::{Meta, RawResponse, Response};
pub use shared::Shared;

use std::{fmt, sync::Arc, task::Waker};

use bytes::Bytes;

use self::context::CallContext;
use crate::{config::Transfer, error::Error, io::Task};

/// One call, from validation to the decoded answer or error.
///
/// Dropping it gives the call up: a credentials refresh that it did for other calls goes to the next
/// one, and its place in a queue becomes free.
pub struct Exchange {
    call: Arc<CallContext>,
    task: Task<RawResponse>,
}

impl Exchange {
    /// Begins a call; its deadline counts from now.
    ///
    /// # Errors
    ///
    /// The request breaks documented limits, has a parameter without a place or a header that only
    /// the client sets, or needs a region to upload its picture and the client has none. Nothing is
    /// sent then.
    pub fn new(shared: Arc<Shared>, request: Prepared, now: Now) -> Result<Self, Error> {
        let (config, options) = (&shared.config, &request.options);
        let named = |error: Error| error.with_operation(request.name());
        request.check(options.validate.unwrap_or(config.validate)).map_err(named)?;
        let uploads = match options.transfer.unwrap_or(config.transfer) {
            Transfer::Upload => {
                let earlier = |name| options.uploads.iter().any(|(uploaded, _)| *uploaded == name);
                request.images().into_iter().filter(|(name, _)| !earlier(*name)).collect()
            }
            // Placed in the form as Base64.
            Transfer::Base64 => Vec::new(),
        };
        if !uploads.is_empty() && config.region.is_none() {
            return Err(Error::config("the client has no region, which an upload needs")
                .with_advice("set the region beside the endpoint")
                .with_operation(request.name()));
        }
        let deadline = now.monotonic.saturating_add(options.timeout.unwrap_or(config.timeout));
        let limiter = shared.limiter(&request, now);
        let call = Arc::new(CallContext::new(shared, &request).map_err(named)?);
        let running = Arc::clone(&call);
        let task = Task::new(deadline, |io| async move {
            call::run(&io, &running, request, uploads, limiter).await
        });
        Ok(Self { call, task })
    }

    /// Returns what to do next.
    ///
    /// The waker is called when another call has done what this one waits for. After
    /// [`Effect::Done`] the exchange must not be polled again; it then answers with an error.
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

    /// Ends the call for a reason of the client's own, and completes that error with what is known of
    /// the call: how often it was sent, and whether a change may have been applied.
    ///
    /// A request that has been handed out counts as sent, unless
    /// [`handle_progress`](Self::handle_progress) says that it never was.
    pub fn abort(&mut self, reason: Error) -> Error {
        let error = self.task.abort(|io| self.call.interrupted(io, |_| reason));
        self.call.complete(error)
    }

    /// Takes the answer to a request.
    pub fn handle_response(&mut self, id: Id, now: Now, answer: Answer) {
        self.task.handle_response(id, now, answer);
    }

    /// Takes the failure of a request.
    pub fn handle_failure(&mut self, id: Id, now: Now, failure: Failure) {
        self.task.handle_failure(id, now, failure);
    }

    /// Takes the outcome of a load.
    pub fn handle_loaded(&mut self, id: Id, result: Result<Bytes, LoadError>) {
        self.task.handle_loaded(id, result);
    }

    /// Notes how far a request has come, for the error if time runs out.
    ///
    /// Transports that cannot tell leave it out: a request then counts as sent from the start.
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
