//! Figures that are counted as requests end.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use imagesearch_core::operations::OPERATIONS;

/// The upper ends of the buckets of durations, in seconds.
const BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Counts what there is to count as it happens.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<Requests>,
    uploaded_bytes: AtomicU64,
}

#[derive(Debug, Default)]
struct Requests {
    counts: BTreeMap<(&'static str, String), u64>,
    durations: BTreeMap<&'static str, Histogram>,
}

/// How many durations lie in each bucket, and what they sum up to.
#[derive(Debug, Default)]
pub(crate) struct Histogram {
    counts: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    /// Counts a request that has ended.
    pub(crate) fn count(&self, action: Option<&str>, outcome: &str, elapsed: Duration) {
        let action = known(action);
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.counts.entry((action, outcome.to_owned())).or_default() += 1;
        requests.durations.entry(action).or_default().observe(elapsed.as_secs_f64());
    }

    /// Counts the bytes of a picture that was uploaded.
    pub(crate) fn count_upload(&self, bytes: usize) {
        self.uploaded_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Visits the requests that have ended, by operation and error code, and how long they took.
    pub(crate) fn visit(
        &self,
        mut count: impl FnMut(&'static str, &str, u64),
        mut durations: impl FnMut(&'static str, &Histogram),
    ) {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.counts.iter().for_each(|((action, code), number)| count(action, code, *number));
        requests.durations.iter().for_each(|(action, histogram)| durations(action, histogram));
    }

    /// Returns how many bytes of pictures were uploaded.
    pub(crate) fn uploaded_bytes(&self) -> u64 {
        self.uploaded_bytes.load(Ordering::Relaxed)
    }
}

/// What an upload is called.
pub(super) const UPLOAD: &str = "PostObject";

/// Names an operation. What callers make up is one name, so that they cannot fill the memory.
fn known(action: Option<&str>) -> &'static str {
    let action = action.unwrap_or_default();
    let others = [UPLOAD, "AuthorizeFileUpload"];
    let names = OPERATIONS.iter().map(|operation| operation.name).chain(others);
    names.into_iter().find(|name| *name == action).unwrap_or("other")
}

impl Histogram {
    pub(crate) fn observe(&mut self, seconds: f64) {
        if let Some(place) = BUCKETS.iter().position(|end| seconds <= *end) {
            self.counts[place] += 1;
        }
        self.count += 1;
        self.seconds += seconds;
    }

    /// Returns the end of each bucket, and how many durations are at or below it.
    pub(crate) fn cumulated(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        BUCKETS.iter().zip(self.counts).scan(0, |below, (end, count)| {
            *below += count;
            Some((*end, *below))
        })
    }

    /// Returns how many durations there are.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Returns the sum of the durations, in seconds.
    pub(crate) fn seconds(&self) -> f64 {
        self.seconds
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_callers_make_up_is_one_name() {
        for (action, expected) in [
            (Some("AddImage"), "AddImage"),
            (Some("AddItem"), "AddItem"),
            (Some("PostObject"), "PostObject"),
            (Some("addimage"), "other"),
            (None, "other"),
        ] {
            assert_eq!(known(action), expected, "{action:?}");
        }
    }
}
