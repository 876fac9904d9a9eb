//! `Date` of answers: clients correct their clocks by it, so it must be the emulator's.

use axum::body::Body;
use http::{HeaderValue, Response, header};
use imagesearch_core::values::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

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
