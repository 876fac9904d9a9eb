//! One call: what it is to do, and how its repetitions are counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use imagesearch_core::{
    RetryPolicy,
    client::Transfer,
    operation::Operation,
    requests::RawRequest,
    retry::{Backoff, FailedAttempt, FullJitter},
};

/// A call that is about to be made.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    pub(crate) operation: &'static Operation,
    pub(crate) call: RawRequest,
    /// What the emulator counts its executions by.
    pub(crate) id: String,
    /// The product that it adds or deletes, if it does.
    pub(crate) product: Option<String>,
    pub(crate) timeout: Duration,
    pub(crate) transfer: Transfer,
    waits: Arc<AtomicU32>,
}

impl Errand {
    pub(crate) fn new(name: &str, id: String, timeout: Duration) -> Self {
        let operation = Operation::find("2020-12-14", name).unwrap();
        Self {
            operation,
            call: RawRequest::new(operation.name),
            id,
            product: None,
            timeout,
            transfer: Transfer::default(),
            waits: Arc::default(),
        }
    }

    pub(crate) fn retry(&self) -> RetryPolicy {
        let jitter = FullJitter::default()
            .with_base_delay(Duration::from_millis(20))
            .with_throttle_delay(Duration::from_millis(100));
        RetryPolicy::default().with_backoff(Counted { jitter, waits: Arc::clone(&self.waits) })
    }

    /// Returns how often a request of the call was to be sent again after a while, uploads included.
    pub(crate) fn waits(&self) -> u32 {
        self.waits.load(Ordering::SeqCst)
    }
}

/// Waits as usual, and counts it.
#[derive(Debug)]
struct Counted {
    jitter: FullJitter,
    waits: Arc<AtomicU32>,
}

impl Backoff for Counted {
    fn delay(&self, failed: &FailedAttempt<'_>, random: u64) -> Duration {
        self.waits.fetch_add(1, Ordering::SeqCst);
        self.jitter.delay(failed, random)
    }
}
