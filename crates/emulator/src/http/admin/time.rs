//! The clock of the emulator, told and set.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::routing::get;
use http::Response;
use imagesearch_core::values::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::answer::{self, AdminError, Answer};
use crate::http::context::Context;

pub(super) fn routes() -> Router<Arc<Context>> {
    Router::new().route("/clock", get(tell).post(set))
}

/// Orders a change of the clock.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    /// Moves the clock on by so many milliseconds.
    advance_ms: Option<u64>,
    /// Sets the time, RFC 3339.
    set: Option<String>,
    /// Lets the clock run from the time that is set, or with the machine's; `false` stops it.
    auto: Option<bool>,
}

async fn tell(Shared(context): Shared<Arc<Context>>) -> Response<Body> {
    let clock = &context.service.clock;
    answer::json(&json!({ "now": clock.now().to_string(), "auto": clock.is_running() }))
}

async fn set(Shared(context): Shared<Arc<Context>>, body: Body) -> Answer {
    let clock = &context.service.clock;
    match answer::read(body).await? {
        Order { advance_ms: Some(ms), set: None, auto: None } => {
            clock.advance(Duration::from_millis(ms));
        }
        Order { advance_ms: None, set: Some(time), auto } => {
            let time: Timestamp = time.parse().map_err(AdminError::bad)?;
            if auto == Some(true) { clock.run_from(time) } else { clock.stop_at(time) }
        }
        Order { advance_ms: None, set: None, auto: Some(true) } => clock.follow_system(),
        Order { advance_ms: None, set: None, auto: Some(false) } => clock.stop_at(clock.now()),
        _ => {
            return Err(AdminError::bad(
                "give `advance_ms`, or `set` with or without `auto`, or `auto` alone",
            ));
        }
    }
    Ok(tell(Shared(context)).await)
}
