use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;

use super::{
    Answer, Effect, Entropy, Failure, FailurePhase, Id, Io, LoadError, Now, mailbox::Reply,
};
use crate::error::Error;

/// How often one poll draws randomness for a block; a call draws a few times an attempt.
const MAX_DRAWS: u32 = 64;

/// Runs an async block without a runtime: polling returns the next effect.
///
/// The block awaits effects only.
pub(crate) struct Task<T> {
    /// `None` after its end.
    block: Option<Block<T>>,
    io: Io,
    outcome: Option<Result<T, Error>>,
}

type Block<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

impl<T> Task<T> {
    /// Creates a task with a deadline.
    pub(crate) fn new<F>(deadline: Duration, block: impl FnOnce(Io) -> F) -> Self
    where
        F: Future<Output = Result<T, Error>> + Send + 'static,
    {
        let io = Io::new(deadline);
        Self { block: Some(Box::pin(block(io.clone()))), io, outcome: None }
    }

    /// Returns what to do next.
    ///
    /// Replies that were passed in count, even after the deadline. Then the deadline ends the block
    /// with the error of `expired`.
    pub(crate) fn poll(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        waker: &Waker,
        expired: impl FnOnce(&Io) -> Error,
    ) -> Effect<T> {
        self.advance(now, entropy, waker, expired);
        // Aborts come before the result, since they may be caused by it.
        let mut mailbox = self.io.mailbox();
        if let Some(id) = mailbox.next_cancel() {
            return Effect::Cancel(id);
        }
        if let Some(outcome) = self.outcome.take() {
            return Effect::Done(outcome);
        }
        if self.block.is_none() {
            return Effect::Done(Err(Error::misuse("the call was polled after its end")));
        }
        match mailbox.next_effect(now) {
            Some(effect) => effect,
            None => Effect::Wait { until: mailbox.due() },
        }
    }

    /// Ends the block and returns what `inspect` sees of it before.
    pub(crate) fn abort<S>(&mut self, inspect: impl FnOnce(&Io) -> S) -> S {
        let seen = inspect(&self.io);
        self.block = None;
        seen
    }

    pub(crate) fn handle_response(&mut self, id: Id, now: Now, answer: Answer) {
        self.io.mailbox().handle(id, Some(now), Reply::Answered(Ok(answer)));
    }

    pub(crate) fn handle_failure(&mut self, id: Id, now: Now, failure: Failure) {
        self.io.mailbox().handle(id, Some(now), Reply::Answered(Err(failure)));
    }

    pub(crate) fn handle_loaded(&mut self, id: Id, result: Result<Bytes, LoadError>) {
        self.io.mailbox().handle(id, None, Reply::Loaded(result));
    }

    pub(crate) fn handle_progress(&mut self, id: Id, phase: FailurePhase) {
        self.io.mailbox().handle_progress(id, phase);
    }

    /// Polls the block until it ends or waits for something from outside.
    fn advance(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        waker: &Waker,
        expired: impl FnOnce(&Io) -> Error,
    ) {
        let Some(block) = &mut self.block else { return };
        let mut draws = 0;
        let outcome = loop {
            self.io.mailbox().begin_poll(now);
            match block.as_mut().poll(&mut Context::from_waker(waker)) {
                Poll::Ready(outcome) => break outcome,
                Poll::Pending if draws < MAX_DRAWS && self.io.mailbox().draw(|| entropy.draw()) => {
                    draws += 1;
                }
                Poll::Pending if self.io.is_late() => break Err(expired(&self.io)),
                Poll::Pending => {
                    if draws == MAX_DRAWS {
                        // Lets time pass, so that a block that only draws ends at its deadline.
                        self.io.mailbox().wake_at(now.monotonic);
                    }
                    return;
                }
            }
        };
        // Dropping the block aborts its pending effects.
        self.block = None;
        self.outcome = Some(outcome);
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Task").field("ended", &self.block.is_none()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
