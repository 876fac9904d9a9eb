use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use super::ServiceClock;
use crate::{
    error_table::RetryClass,
    observer::Observer,
    retry::{RetryPolicy, RetryTokens},
    trace::CallSpan,
};

/// The state that the attempts of one call share.
#[derive(Debug)]
pub(crate) struct AttemptContext {
    /// The name of the operation on the wire.
    pub(crate) operation: String,
    pub(crate) policy: RetryPolicy,
    /// The cost of retries so far, returned when the call is dropped.
    pub(crate) tokens: Mutex<RetryTokens>,
    pub(crate) clock: Arc<ServiceClock>,
    pub(crate) is_idempotent: bool,
    pub(crate) span: CallSpan,
    pub(crate) observer: Observer,
    /// Whether an earlier attempt of the operation may have been carried out.
    pub(crate) in_doubt: AtomicBool,
}

impl AttemptContext {
    /// Withdraws the cost of another attempt from the budget. Returns whether there was enough.
    pub(super) fn withdraw(&self, class: RetryClass) -> bool {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).withdraw(class)
    }

    /// Settles the budget: a success returns the tokens, a failure spends them.
    pub(crate) fn settle(&self, succeeded: bool) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if succeeded { tokens.succeed() } else { tokens.fail() }
    }

    /// Records that the operation may have been carried out.
    pub(crate) fn note_doubt(&self) {
        self.in_doubt.store(true, Ordering::Relaxed);
    }

    /// Returns whether the operation may have been carried out.
    pub(crate) fn is_in_doubt(&self) -> bool {
        self.in_doubt.load(Ordering::Relaxed)
    }
}
