//! Errors of OSS, which are XML.

use std::borrow::Cow;

use axum::body::Body;
use http::{HeaderValue, Response, StatusCode};
use serde_json::Value;

use crate::http::gateway::answer::{self, ErrorOf};
use crate::service::refusal::Refusal;

/// Why an upload is refused, with a code of OSS and, where they are documented, its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OssRefusal {
    status: StatusCode,
    code: &'static str,
    message: Cow<'static, str>,
}

impl OssRefusal {
    pub(super) const INVALID_ACCESS_KEY_ID: Self = Self::new(
        StatusCode::FORBIDDEN,
        "InvalidAccessKeyId",
        "The OSS Access Key Id you provided does not exist in our records.",
    );
    pub(super) const SIGNATURE_DOES_NOT_MATCH: Self = Self::new(
        StatusCode::FORBIDDEN,
        "SignatureDoesNotMatch",
        "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    );
    pub(super) const INVALID_POLICY_DOCUMENT: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "InvalidPolicyDocument",
        "Invalid Policy: it is not Base64 of JSON with an expiration and conditions.",
    );
    pub(super) const POLICY_EXPIRED: Self = Self::new(
        StatusCode::FORBIDDEN,
        "AccessDenied",
        "Invalid according to Policy: Policy expired.",
    );
    pub(super) const ENTITY_TOO_SMALL: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "EntityTooSmall",
        "The file is smaller than the policy allows.",
    );
    pub(super) const ENTITY_TOO_LARGE: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "EntityTooLarge",
        "The file is larger than the policy allows.",
    );
    pub(super) const REQUEST_TIMEOUT: Self =
        Self::new(StatusCode::BAD_REQUEST, "RequestTimeout", "The body took too long to arrive.");
    pub(super) const SERVICE_UNAVAILABLE: Self = Self::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "ServiceUnavailable",
        "Too many large bodies are being worked on.",
    );
    pub(super) const FIELD_TOO_LONG: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "FieldItemTooLong",
        "A form field other than the file is too long.",
    );
    pub(super) const MALFORMED: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "MalformedPOSTRequest",
        "The body of your POST request is not well-formed multipart/form-data.",
    );
    pub(super) const NO_FILE: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "IncorrectNumberOfFilesInPOSTRequest",
        "The form must have one file, after all other fields.",
    );
    pub(super) const NO_KEY: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "InvalidArgument",
        "The form has no field `key` before the file.",
    );
    pub(super) const INVALID_OBJECT_NAME: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "InvalidObjectName",
        "The key must have 1 to 1,023 bytes, and begin with neither a slash nor a backslash.",
    );
    pub(super) const ANONYMOUS: Self = Self::new(
        StatusCode::FORBIDDEN,
        "AccessDenied",
        "The form has no OSSAccessKeyId, policy or Signature before the file.",
    );

    const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message: Cow::Borrowed(message) }
    }

    /// Refuses an upload that does not meet a condition of its policy.
    pub(super) fn condition_failed(condition: &Value) -> Self {
        let message = format!("Invalid according to Policy: Policy Condition failed: {condition}");
        Self { message: Cow::Owned(message), ..Self::POLICY_EXPIRED }
    }

    /// Writes the refusal as OSS does.
    pub(super) fn into_response(self, request_id: &str, host: &str) -> Response<Body> {
        error(self.status, self.code, &self.message, request_id, host)
    }
}

/// Writes a refusal that a fault rule ordered.
pub(crate) fn injected(refusal: &Refusal, request_id: &str, host: &str) -> Response<Body> {
    error(answer::status_of(refusal), &refusal.code, &refusal.message, request_id, host)
}

fn error(
    status: StatusCode,
    code: &str,
    message: &str,
    request_id: &str,
    host: &str,
) -> Response<Body> {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>{}</Code>\n  \
         <Message>{}</Message>\n  <RequestId>{}</RequestId>\n  <HostId>{}</HostId>\n</Error>\n",
        escape(code),
        escape(message),
        escape(request_id),
        escape(host)
    );
    let mut response = xml(status, request_id, body);
    response.extensions_mut().insert(ErrorOf(code.to_owned()));
    response
}

/// Writes an XML answer, with the id of the request in the header that OSS has for it.
pub(super) fn xml(status: StatusCode, request_id: &str, body: String) -> Response<Body> {
    let mut answer = answer::response(status, request_id, "application/xml", body.into_bytes());
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        answer.headers_mut().insert("x-oss-request-id", request_id);
    }
    answer
}

/// Escapes a text for XML, and leaves out what XML cannot hold.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => {}
            other => escaped.push(other),
        }
    }
    escaped
}
