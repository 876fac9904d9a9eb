//! `Date` of answers: clients correct their clocks by it, so it must be the emulator's.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Shared;
use http::{HeaderValue, Response, header};
use imagesearch_core::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::state::State;

/// Tells the time in an answer that does not tell another one yet.
pub(crate) async fn tell_time(
    Shared(state): Shared<Arc<State>>,
    mut response: Response<Body>,
) -> Response<Body> {
    if !response.headers().contains_key(header::DATE) {
        set_date(&mut response, state.clock.now());
    }
    response
}

/// Says that an answer was made at a time.
pub(crate) fn set_date(response: &mut Response<Body>, at: Timestamp) {
    if let Some(date) = http_date(at) {
        response.headers_mut().insert(header::DATE, date);
    }
}

/// Writes a time as `Date` has it; `None` for years that it cannot write.
fn http_date(at: Timestamp) -> Option<HeaderValue> {
    let at = jiff::Timestamp::from_millisecond(at.as_millisecond()).ok()?;
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&at).ok()?;
    HeaderValue::try_from(date).ok()
}
