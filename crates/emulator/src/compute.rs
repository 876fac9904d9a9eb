//! Work for the processor, kept off the threads that serve connections.

use std::sync::Arc;
use std::thread;

use tokio::sync::{Semaphore, TryAcquireError};

use crate::answer::Refusal;

/// How many pieces of work may wait for a processor.
const WAITING: usize = 64;

/// Runs work on as many threads as there are processors, and refuses what would queue too long.
#[derive(Clone, Debug)]
pub(crate) struct Compute {
    places: Arc<Semaphore>,
    processors: Arc<Semaphore>,
}

impl Compute {
    pub(crate) fn new() -> Self {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        Self {
            places: Arc::new(Semaphore::new(processors + WAITING)),
            processors: Arc::new(Semaphore::new(processors)),
        }
    }

    /// Runs work and waits for its result.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => place,
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => {
                return Err(Refusal::of("ServiceUnavailable")
                    .because("too many pictures are waiting to be decoded"));
            }
        };
        let Ok(processor) = Arc::clone(&self.processors).acquire_owned().await else {
            return Err(Refusal::of("ServiceUnavailable"));
        };
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            // Given back by the work, not the waiter: a caller that left still occupies a thread.
            drop((place, processor));
            result
        });
        done.await
            .unwrap_or_else(|_| Err(Refusal::of("InternalError").because("the work panicked")))
    }

    /// Runs work on the thread of a background task, when it is its turn; it is never refused.
    pub(crate) fn run_blocking<T>(
        &self,
        work: impl FnOnce() -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let turn = Arc::clone(&self.processors).acquire_owned();
        // The semaphore is never closed, so that waiting does not fail.
        let _processor = tokio::runtime::Handle::current().block_on(turn);
        work()
    }
}
