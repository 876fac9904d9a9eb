//! Answers and refusals as JSON, in the shapes of the service's gateway.

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;

use crate::service::refusal::Refusal;

/// The header that names the request in every answer.
pub(crate) const REQUEST_ID: &str = "x-acs-request-id";

/// The header that says after how many milliseconds to try again, as the official SDKs read it.
const RETRY_AFTER: &str = "x-acs-retry-after";

/// The error code of an answer; answers carry it as an extension, for who keeps a journal.
#[derive(Clone, Debug)]
pub(crate) struct ErrorOf(pub(crate) String);

/// The length of a picture that was uploaded; the answer carries it as an extension.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PictureBytes(pub(crate) usize);

/// Writes a refusal as the gateway does.
pub(crate) fn refused(refusal: Refusal, request_id: &str, host: &str) -> Response<Body> {
    let body = ErrorBody {
        request_id,
        host_id: host,
        code: &refusal.code,
        message: &refusal.message,
        recommend: &refusal.advice,
    };
    let mut response = json(status_of(&refusal), request_id, &body);
    if let Some(wait) = refusal.retry_after {
        // Rounded up: a client that waits this long must not be refused again.
        let wait = HeaderValue::from(wait.as_micros().div_ceil(1_000) as u64);
        response.headers_mut().insert(RETRY_AFTER, wait);
    }
    response.extensions_mut().insert(ErrorOf(refusal.code));
    response
}

/// Returns the status of a refusal.
pub(crate) fn status_of(refusal: &Refusal) -> StatusCode {
    StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorBody<'a> {
    request_id: &'a str,
    host_id: &'a str,
    code: &'a str,
    message: &'a str,
    recommend: &'a str,
}

/// Writes a JSON answer.
pub(crate) fn json(status: StatusCode, request_id: &str, body: &impl Serialize) -> Response<Body> {
    match serde_json::to_vec(body) {
        Ok(body) => json_text(status, request_id, body),
        // None of our types has a map with keys that are not strings, the one way to fail.
        Err(_) => response(StatusCode::INTERNAL_SERVER_ERROR, request_id, "text/plain", Vec::new()),
    }
}

/// Writes an answer that is JSON already.
pub(crate) fn json_text(status: StatusCode, request_id: &str, body: Vec<u8>) -> Response<Body> {
    response(status, request_id, "application/json;charset=utf-8", body)
}

/// Writes an answer of any type.
pub(crate) fn response(
    status: StatusCode,
    request_id: &str,
    content_type: &'static str,
    body: impl Into<Body>,
) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, request_id);
    }
    response
}
