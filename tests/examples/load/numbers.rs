//! Which call is the next.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// The numbers of calls that are still to be made.
pub(crate) struct Numbers {
    next: AtomicUsize,
    end: usize,
}

impl Numbers {
    pub(crate) fn new(numbers: Range<usize>) -> Self {
        Self { next: AtomicUsize::new(numbers.start), end: numbers.end }
    }

    /// Takes the next number, which nobody else gets.
    pub(crate) fn take(&self) -> Option<usize> {
        Some(self.next.fetch_add(1, Relaxed)).filter(|number| *number < self.end)
    }
}
