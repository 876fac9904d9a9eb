//! Bodies of the admin API: JSON both ways.

use std::fmt::Display;

use axum::body::Body;
use axum::response::IntoResponse;
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::http::transport::request_body::{self, BodyError};
use crate::store::StoreError;

/// The longest body that is read, in bytes.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// What a route of the admin API answers.
pub(crate) type Answer = Result<Response<Body>, AdminError>;

/// Why a request to the admin API is refused.
#[derive(Debug)]
pub(crate) struct AdminError {
    status: StatusCode,
    reason: String,
}

impl AdminError {
    pub(crate) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self { status, reason: reason.into() }
    }

    /// Refuses what cannot be understood or is out of range.
    pub(crate) fn bad(reason: impl Display) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("{reason}"))
    }
}

impl From<StoreError> for AdminError {
    fn from(error: StoreError) -> Self {
        let status = match error {
            StoreError::NoInstance { .. } | StoreError::NoSnapshot { .. } => StatusCode::NOT_FOUND,
            StoreError::OutOfMemory { .. } => StatusCode::INSUFFICIENT_STORAGE,
            StoreError::Data { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        };
        Self::new(status, error.to_string())
    }
}

impl IntoResponse for AdminError {
    fn into_response(self) -> Response<Body> {
        json_with(self.status, &json!({ "error": self.reason }))
    }
}

/// Answers 200 with JSON.
pub(crate) fn json(body: &impl Serialize) -> Response<Body> {
    json_with(StatusCode::OK, body)
}

/// Answers with JSON.
pub(crate) fn json_with(status: StatusCode, body: &impl Serialize) -> Response<Body> {
    // Our types have no map with keys that are not strings, the one way to fail.
    let body = serde_json::to_vec(body).unwrap_or_default();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// Reads JSON, whatever its content type says; nothing is an empty object.
pub(crate) async fn read<T: DeserializeOwned>(body: Body) -> Result<T, AdminError> {
    let mut body = body;
    let body = request_body::collect(&mut body, MAX_BODY_BYTES).await.map_err(|error| {
        if error == BodyError::TooLarge {
            let reason = format!("the body must be at most {MAX_BODY_BYTES} bytes");
            return AdminError::new(StatusCode::PAYLOAD_TOO_LARGE, reason);
        }
        AdminError::bad("the body is cut short, or not framed as HTTP has it")
    })?;
    let body = if body.trim_ascii().is_empty() { &b"{}"[..] } else { &body };
    serde_json::from_slice(body).map_err(AdminError::bad)
}
