//! The metrics in the text format of Prometheus.
//!
//! Written by hand: the format is lines of text, and half of the figures are read off the state when
//! they are asked for, which the libraries for it make harder and not easier.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::routing::get;
use http::{HeaderValue, Response, header};

use super::exposition::Exposition;
use crate::http::context::Context;
use crate::http::gateway::metrics::Histogram;

pub(super) fn routes() -> Router<Arc<Context>> {
    Router::new().route("/metrics", get(metrics))
}

async fn metrics(Shared(context): Shared<Arc<Context>>) -> Response<Body> {
    let mut response = Response::new(Body::from(exposition(&context)));
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
}

fn exposition(context: &Context) -> String {
    let Context { service, metrics, connections, .. } = context;
    let mut text = Exposition::default();
    text.family("requests_total", "counter", "Requests by operation and error code.");
    let mut durations = Exposition::default();
    durations.family(
        "request_duration_seconds",
        "histogram",
        "Time from the head of a request to the head of its answer.",
    );
    metrics.visit(
        |action, code, count| text.sample(&[("action", action), ("code", code)], count),
        |action, histogram| write(histogram, action, &mut durations),
    );
    text.append(&durations);
    text.family("images", "gauge", "Pictures that are stored.");
    for instance in service.store.instances() {
        text.sample(&[("instance", &instance.settings.name)], instance.len());
    }
    text.family("stored_bytes", "gauge", "Memory that pictures and snapshots take.");
    text.sample(&[], service.store.bytes());
    text.family("fault_hits_total", "counter", "Requests that a fault rule has hit.");
    for (rule, hits) in context.faults.hits() {
        text.sample(&[("rule", &rule)], hits);
    }
    text.family("throttled_total", "counter", "Calls that came faster than their limit.");
    for (instance, group, count) in service.limiter.refused() {
        text.sample(&[("instance", &instance), ("group", group)], count);
    }
    text.family("uploaded_bytes_total", "counter", "Bytes of pictures that were uploaded.");
    text.sample(&[], metrics.uploaded_bytes());
    text.family("connections_total", "counter", "Connections that were accepted.");
    text.sample(&[], connections.total());
    text.family("open_connections", "gauge", "Connections that are open.");
    text.sample(&[], connections.now_open());
    text.into_string()
}

fn write(histogram: &Histogram, action: &str, text: &mut Exposition) {
    for (end, below) in histogram.cumulated() {
        text.sample_of("_bucket", &[("action", action), ("le", &end.to_string())], below);
    }
    text.sample_of("_bucket", &[("action", action), ("le", "+Inf")], histogram.count());
    text.sample_of("_sum", &[("action", action)], histogram.seconds());
    text.sample_of("_count", &[("action", action)], histogram.count());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_count_what_is_below_their_end() {
        let mut histogram = Histogram::default();
        for seconds in [0.0, 0.001, 0.3, 11.0] {
            histogram.observe(seconds);
        }
        let mut text = Exposition::default();
        text.family("d", "histogram", "Durations.");
        write(&histogram, "A", &mut text);
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
