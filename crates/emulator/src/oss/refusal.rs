//! Errors of OSS, which are XML.

use axum::body::Body;
use http::{Response, StatusCode};

use crate::answer::{self, Refusal};

/// Says why an upload is refused, with a code of OSS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OssRefusal {
    status: StatusCode,
    code: &'static str,
    message: &'static str,
}

impl OssRefusal {
    pub(super) const INVALID_ACCESS_KEY_ID: Self = Self::new(
        StatusCode::FORBIDDEN,
        "InvalidAccessKeyId",
        "No account has this OSSAccessKeyId.",
    );
    pub(super) const SIGNATURE_DOES_NOT_MATCH: Self = Self::new(
        StatusCode::FORBIDDEN,
        "SignatureDoesNotMatch",
        "The Signature is not that of the policy.",
    );
    pub(super) const INVALID_POLICY_DOCUMENT: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "InvalidPolicyDocument",
        "The policy is not Base64 of JSON with an expiration and conditions.",
    );
    pub(super) const POLICY_EXPIRED: Self =
        Self::new(StatusCode::FORBIDDEN, "AccessDenied", "The policy has expired.");
    pub(super) const POLICY_CONDITION_FAILED: Self = Self::new(
        StatusCode::FORBIDDEN,
        "AccessDenied",
        "A form field does not meet a condition of the policy.",
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
        "The body is not a well-formed multipart/form-data.",
    );
    pub(super) const NO_FILE: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "IncorrectNumberOfFilesInPOSTRequest",
        "The form must have one file, after all other fields.",
    );
    pub(super) const NO_KEY: Self = Self::new(
        StatusCode::BAD_REQUEST,
        "InvalidArgument",
        "The form has no field `key` before the file, or its name is longer than 1,023 bytes.",
    );
    pub(super) const ANONYMOUS: Self = Self::new(
        StatusCode::FORBIDDEN,
        "AccessDenied",
        "The form has no OSSAccessKeyId, policy or Signature before the file.",
    );

    const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message }
    }

    /// Writes the refusal as OSS does.
    pub(super) fn into_response(self, request_id: &str, host: &str) -> Response<Body> {
        error(self.status, self.code, self.message, request_id, host)
    }
}

/// Writes a refusal that a fault rule ordered.
pub(crate) fn injected(refusal: &Refusal, request_id: &str, host: &str) -> Response<Body> {
    error(refusal.status, &refusal.code, &refusal.message, request_id, host)
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
    xml(status, request_id, body)
}

/// Writes an XML answer.
pub(super) fn xml(status: StatusCode, request_id: &str, body: String) -> Response<Body> {
    answer::response(status, request_id, "application/xml", body.into_bytes())
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
