//! Answers and refusals as JSON, in the shapes of the service's gateway.

use std::time::Duration;

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode, header};
use imagesearch_core::{ErrorCode, ErrorDescription};
use serde::Serialize;
use serde_json::json;

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

/// Says why a call is refused: a documented code, its status and text, and our own explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) code: String,
    pub(crate) status: StatusCode,
    pub(crate) message: String,
    pub(crate) advice: String,
    /// After how long the call would pass, where that is known.
    pub(crate) retry_after: Option<Duration>,
}

impl Refusal {
    /// Refuses with a code, and with the status and message that the documentation gives it.
    pub(crate) fn of(code: &str) -> Self {
        let known = ErrorCode::from(code).description();
        let status = known.and_then(|it| it.http.first().copied());
        Self {
            code: code.to_owned(),
            status: status
                .and_then(|status| StatusCode::from_u16(status).ok())
                .unwrap_or(StatusCode::BAD_REQUEST),
            message: known.map_or_else(String::new, documented_message),
            advice: known.map_or_else(String::new, |it| it.advice.to_owned()),
            retry_after: None,
        }
    }

    /// Puts what exactly is wrong before the advice; the message stays the documented one.
    #[must_use]
    pub(crate) fn because(mut self, reason: impl Into<String>) -> Self {
        self.advice = reason.into();
        self
    }

    /// Replaces the message, for codes whose documented message is a pattern.
    #[must_use]
    pub(crate) fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Replaces the status.
    #[must_use]
    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Says after how long the call would pass.
    #[must_use]
    pub(crate) fn retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// Writes the refusal as the gateway does.
    pub(crate) fn into_response(self, request_id: &str, host: &str) -> Response<Body> {
        let body = ErrorBody {
            request_id,
            host_id: host,
            code: &self.code,
            message: &self.message,
            recommend: &self.advice,
        };
        let mut response = json(self.status, request_id, &body);
        if let Some(wait) = self.retry_after {
            // Rounded up: a client that waits as long as it is told must not be refused again.
            let wait = HeaderValue::from(wait.as_micros().div_ceil(1_000) as u64);
            response.headers_mut().insert(RETRY_AFTER, wait);
        }
        response.extensions_mut().insert(ErrorOf(self.code));
        response
    }
}

/// Takes the documented message, or for gateway codes, which have none, what the code means.
fn documented_message(description: &ErrorDescription) -> String {
    let message = description.messages.first().copied();
    message.unwrap_or(description.meaning).to_owned()
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
        Ok(body) => response(status, request_id, "application/json;charset=utf-8", body),
        // None of our types has a map with keys that are not strings, the one way to fail.
        Err(_) => response(StatusCode::INTERNAL_SERVER_ERROR, request_id, "text/plain", Vec::new()),
    }
}

/// Writes the answer of a search, with its list even if that is empty.
///
/// The types of the client leave empty lists out; callers that read JSON expect the field. The list
/// is the last of `fields`, which lie in one another.
pub(crate) fn with_list(
    request_id: &str,
    body: &impl Serialize,
    fields: &[&str],
) -> Response<Body> {
    let mut body = serde_json::to_value(body).unwrap_or_default();
    let mut place = &mut body;
    for (left, field) in (0..fields.len()).rev().zip(fields) {
        let Some(object) = place.as_object_mut() else {
            break;
        };
        let empty = || if left == 0 { json!([]) } else { json!({}) };
        place = object.entry(*field).or_insert_with(empty);
    }
    json(StatusCode::OK, request_id, &body)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_take_status_and_message_from_the_table() {
        for (code, status, message) in [
            ("InvalidInstance", 400, "The specified instance name is invalid."),
            ("UnsupportedOperationType", 500, "The specified action is not supported."),
            ("InvalidAccessKeyId.NotFound", 404, "The AccessKey id does not exist."),
            ("NotInTheTable", 400, ""),
        ] {
            let refusal = Refusal::of(code);
            assert_eq!(refusal.status.as_u16(), status, "{code}");
            assert_eq!(refusal.message, message, "{code}");
        }
    }
}
