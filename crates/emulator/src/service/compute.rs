//! Work for the processor, kept off the threads that serve connections.

use std::sync::Arc;
use std::thread;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, TryAcquireError};

use super::refusal::Refusal;

/// How many pieces of work may wait for a processor.
const WAITING: usize = 64;

/// Runs work on as many threads as there are processors, and refuses what would queue too long.
#[derive(Clone, Debug)]
pub(crate) struct Compute {
    places: Arc<Semaphore>,
    processors: Arc<Semaphore>,
}

/// The right of a piece of work to a processor, and to those that nobody else needs.
#[derive(Debug)]
pub(crate) struct Turn {
    processors: Arc<Semaphore>,
    _own: OwnedSemaphorePermit,
}

/// Threads that a piece of work may use until this is dropped.
#[derive(Debug)]
pub(crate) struct Threads {
    /// How many, the one that the work runs on included.
    pub(crate) count: usize,
    _more: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// Takes all processors that are idle now, so that all work together never has more threads than
    /// there are processors.
    pub(crate) fn threads(&self) -> Threads {
        let idle = u32::try_from(self.processors.available_permits()).unwrap_or(u32::MAX);
        // Others may have taken some of them meanwhile; the work goes on alone then.
        let more = Arc::clone(&self.processors).try_acquire_many_owned(idle).ok();
        let count = 1 + more.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
        Threads { count, _more: more }
    }
}

impl Compute {
    pub(crate) fn new() -> Self {
        Self::with_processors(thread::available_parallelism().map_or(1, usize::from))
    }

    fn with_processors(processors: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(processors + WAITING)),
            processors: Arc::new(Semaphore::new(processors)),
        }
    }

    /// Runs work and waits for its result.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Turn) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let place = match Arc::clone(&self.places).try_acquire_owned() {
            Ok(place) => place,
            Err(TryAcquireError::NoPermits | TryAcquireError::Closed) => {
                return Err(Refusal::of("ServiceUnavailable")
                    .because("too many pictures are waiting to be decoded"));
            }
        };
        let Ok(own) = Arc::clone(&self.processors).acquire_owned().await else {
            return Err(Refusal::of("ServiceUnavailable"));
        };
        let turn = Turn { processors: Arc::clone(&self.processors), _own: own };
        let done = tokio::task::spawn_blocking(move || {
            let result = work(&turn);
            // Given back by the work, not the waiter: a caller that left still occupies a thread.
            drop((place, turn));
            result
        });
        done.await
            .unwrap_or_else(|_| Err(Refusal::of("InternalError").because("the work panicked")))
    }

    /// Runs work on the thread of a background task, when it is its turn; it is never refused.
    pub(crate) fn run_blocking<T>(
        &self,
        work: impl FnOnce(&Turn) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let own = Arc::clone(&self.processors).acquire_owned();
        // The semaphore is never closed, so that waiting does not fail.
        let own = tokio::runtime::Handle::current().block_on(own);
        let own = own.map_err(|_| Refusal::of("ServiceUnavailable"))?;
        work(&Turn { processors: Arc::clone(&self.processors), _own: own })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn all_work_together_has_no_more_threads_than_processors() {
        let compute = Compute::with_processors(4);
        let one_after_the_other = compute.run(|turn| {
            let first = turn.threads().count;
            Ok([first, turn.threads().count])
        });
        assert_eq!(one_after_the_other.await, Ok([4, 4]), "what was taken is given back");
        let held = compute.run(|turn| {
            let (first, second) = (turn.threads(), turn.threads());
            Ok([first.count, second.count])
        });
        assert_eq!(held.await, Ok([4, 1]));
        let both = Arc::new(Barrier::new(2));
        let work = || {
            let both = Arc::clone(&both);
            compute.run(move |turn| {
                both.wait();
                let threads = turn.threads();
                both.wait();
                Ok(threads.count)
            })
        };
        let (first, second) = tokio::join!(work(), work());
        let counts = [first.unwrap(), second.unwrap()];
        assert!(counts.iter().sum::<usize>() <= 4, "{counts:?}");
    }
}
