//! Metrics in the text format of Prometheus.
//!
//! Written by hand: the format is lines of text, and half of the figures are read off the state when
//! they are asked for, which the libraries for it make harder and not easier.

mod exposition;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use imagesearch_core::OPERATIONS;

use crate::journal::RequestRecord;
use crate::state::State;
use exposition::Exposition;

/// The upper ends of the buckets of durations, in seconds.
const BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Counts what there is to count as it happens.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<Requests>,
    uploaded_bytes: AtomicU64,
    connections: AtomicU64,
    open_connections: AtomicU64,
}

#[derive(Debug, Default)]
struct Requests {
    counts: BTreeMap<(&'static str, String), u64>,
    durations: BTreeMap<&'static str, Histogram>,
}

/// How many durations lie in each bucket, and what they sum up to.
#[derive(Debug, Default)]
struct Histogram {
    counts: [u64; BUCKETS.len()],
    count: u64,
    seconds: f64,
}

impl Metrics {
    /// Counts a request that has ended.
    pub(crate) fn count(&self, record: &RequestRecord, elapsed: Duration) {
        let action = known(record.action.as_deref());
        let code = match (&record.code, record.status) {
            (Some(code), _) => code.clone(),
            (None, Some(_)) => "OK".to_owned(),
            (None, None) => "unanswered".to_owned(),
        };
        if action == UPLOAD && code == "OK" {
            let bytes = record.picture_bytes.unwrap_or(0) as u64;
            self.uploaded_bytes.fetch_add(bytes, Ordering::Relaxed);
        }
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.counts.entry((action, code)).or_default() += 1;
        requests.durations.entry(action).or_default().observe(elapsed.as_secs_f64());
    }

    /// Writes all metrics.
    pub(crate) fn exposition(&self, state: &State) -> String {
        let mut text = Exposition::default();
        {
            let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            text.family("requests_total", "counter", "Requests by operation and error code.");
            for ((action, code), count) in &requests.counts {
                text.sample(&[("action", action), ("code", code)], *count);
            }
            text.family(
                "request_duration_seconds",
                "histogram",
                "Time from the head of a request to the head of its answer.",
            );
            for (action, histogram) in &requests.durations {
                histogram.write(action, &mut text);
            }
        }
        text.family("images", "gauge", "Pictures that are stored.");
        for instance in state.store.instances() {
            text.sample(&[("instance", &instance.settings.name)], instance.len());
        }
        text.family("stored_bytes", "gauge", "Memory that pictures and snapshots take.");
        text.sample(&[], state.store.bytes());
        text.family("fault_hits_total", "counter", "Requests that a fault rule has hit.");
        for (rule, hits) in state.faults.hits() {
            text.sample(&[("rule", &rule)], hits);
        }
        text.family("throttled_total", "counter", "Calls that came faster than their limit.");
        for (instance, group, count) in state.limiter.refused() {
            text.sample(&[("instance", &instance), ("group", group)], count);
        }
        text.family("uploaded_bytes_total", "counter", "Bytes of pictures that were uploaded.");
        text.sample(&[], self.uploaded_bytes.load(Ordering::Relaxed));
        text.family("connections_total", "counter", "Connections that were accepted.");
        text.sample(&[], self.connections.load(Ordering::Relaxed));
        text.family("open_connections", "gauge", "Connections that are open.");
        text.sample(&[], self.open_connections.load(Ordering::Relaxed));
        text.into_string()
    }
}

/// A connection, which counts as open until this is dropped.
pub(crate) struct OpenConnection(Arc<State>);

impl OpenConnection {
    pub(crate) fn count(state: &Arc<State>) -> Self {
        state.metrics.connections.fetch_add(1, Ordering::Relaxed);
        state.metrics.open_connections.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(state))
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.metrics.open_connections.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What an upload is called.
const UPLOAD: &str = "PostObject";

/// Names an operation. What callers make up is one name, so that they cannot fill the memory.
fn known(action: Option<&str>) -> &'static str {
    let action = action.unwrap_or_default();
    let others = [UPLOAD, "AuthorizeFileUpload"];
    let names = OPERATIONS.iter().map(|operation| operation.name).chain(others);
    names.into_iter().find(|name| *name == action).unwrap_or("other")
}

impl Histogram {
    fn observe(&mut self, seconds: f64) {
        if let Some(place) = BUCKETS.iter().position(|end| seconds <= *end) {
            self.counts[place] += 1;
        }
        self.count += 1;
        self.seconds += seconds;
    }

    fn write(&self, action: &str, text: &mut Exposition) {
        let mut below = 0;
        for (end, count) in BUCKETS.iter().zip(self.counts) {
            below += count;
            text.sample_of("_bucket", &[("action", action), ("le", &end.to_string())], below);
        }
        text.sample_of("_bucket", &[("action", action), ("le", "+Inf")], self.count);
        text.sample_of("_sum", &[("action", action)], self.seconds);
        text.sample_of("_count", &[("action", action)], self.count);
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

    #[test]
    fn buckets_count_what_is_below_their_end() {
        let mut histogram = Histogram::default();
        for seconds in [0.0, 0.001, 0.3, 11.0] {
            histogram.observe(seconds);
        }
        let mut text = Exposition::default();
        text.family("d", "histogram", "Durations.");
        histogram.write("A", &mut text);
        let text = text.into_string();
        for line in [
            "imagesearch_emulator_d_bucket{action=\"A\",le=\"0.001\"} 2",
            "imagesearch_emulator_d_bucket{action=\"A\",le=\"0.25\"} 2",
            "imagesearch_emulator_d_bucket{action=\"A\",le=\"0.5\"} 3",
            "imagesearch_emulator_d_bucket{action=\"A\",le=\"10\"} 3",
            "imagesearch_emulator_d_bucket{action=\"A\",le=\"+Inf\"} 4",
            "imagesearch_emulator_d_count{action=\"A\"} 4",
            "imagesearch_emulator_d_sum{action=\"A\"} 11.301",
        ] {
            assert!(text.lines().any(|it| it == line), "{line} is not in:\n{text}");
        }
    }
}
