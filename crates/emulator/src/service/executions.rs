//! Counts what was really carried out, by logical call.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The header that says which logical call a request is an attempt of.
pub(crate) const CALL_HEADER: &str = "x-emulator-call";

/// How many calls are remembered; further ones are not counted. Some 100 MiB with ids of usual length.
const MAX_CALLS: usize = 1_000_000;

/// The longest id that is remembered, in bytes.
const MAX_ID_BYTES: usize = 128;

/// Holds how often each call was executed.
#[derive(Debug, Default)]
pub(crate) struct Executions {
    counts: Mutex<BTreeMap<String, u64>>,
}

impl Executions {
    /// Counts an execution of a call.
    pub(crate) fn count(&self, call: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(call) {
            *count += 1;
        } else if counts.len() < MAX_CALLS && call.len() <= MAX_ID_BYTES {
            counts.insert(call.to_owned(), 1);
        }
    }

    /// Forgets all calls.
    pub(crate) fn clear(&self) {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Returns how often a call was executed.
    pub(crate) fn of(&self, call: &str) -> u64 {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(call).copied().unwrap_or(0)
    }
}
