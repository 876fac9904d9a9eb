//! Decides what an answer or a failure means: success, or an error and whether to try again.

use http::StatusCode;
use serde_json::{Map, Value};

use super::{FailedResponse, Target};
use crate::{
    error::{Error, ErrorKind, ServiceError},
    error_table::RetryClass,
    io::{Answer, Failure, FailurePhase},
    secret::{Secret, redact},
    tolerant,
};

const TOO_MANY_REQUESTS: StatusCode = StatusCode::TOO_MANY_REQUESTS;

/// The maximum length of an excerpt, in characters.
const EXCERPT: usize = 200;

/// How much of a body is searched for secrets: enough that no excerpt ends in half a secret.
const SEARCHED: usize = 64 * 1024;

/// A successful response.
#[derive(Debug)]
pub(crate) struct Accepted {
    /// The body, parsed.
    pub(crate) object: Map<String, Value>,
    pub(crate) request_id: Option<String>,
}

/// Classifies the response of an operation or of an authorization.
pub(crate) fn classify_answer<'a>(
    answer: &Answer,
    secrets: impl Iterator<Item = &'a Secret> + Clone,
) -> Result<Accepted, Box<FailedResponse>> {
    let status = answer.status();
    let header_id = request_id_header(answer, secrets.clone());
    if status.is_success() {
        let Ok(object) = tolerant::parse(answer.body()) else {
            return Err(Box::new(unreadable(answer, "the response is not a JSON object", secrets)));
        };
        let Some(mut failure) = ServiceError::read_business_failure(&object) else {
            let request_id = request_id(&object).or(header_id);
            return Ok(Accepted { object, request_id });
        };
        failure.redact(&secrets);
        return Err(Box::new(refused(failure, answer, header_id)));
    }
    if status.is_redirection() {
        let mut failed =
            unreadable(answer, "the response is a redirect, which is not followed", secrets);
        failed.class = RetryClass::Never;
        failed.maybe_applied = false;
        return Err(Box::new(failed));
    }
    let Some(mut error) = ServiceError::read(answer.body()) else {
        return Err(Box::new(unreadable(
            answer,
            "the response did not come from the service",
            secrets,
        )));
    };
    error.redact(&secrets);
    Err(Box::new(refused(error, answer, header_id)))
}

/// Classifies the response of the object storage to an upload.
pub(crate) fn classify_upload<'a>(
    answer: &Answer,
    secrets: impl Iterator<Item = &'a Secret> + Clone,
) -> Result<(), Box<FailedResponse>> {
    // We request 201; the default is 204, and other object storages return 200.
    if matches!(answer.status(), StatusCode::CREATED | StatusCode::OK | StatusCode::NO_CONTENT) {
        return Ok(());
    }
    Err(Box::new(match ServiceError::read(answer.body()) {
        Some(mut error) => {
            error.redact(&secrets);
            let mut failed = refused(error, answer, request_id_header(answer, secrets));
            // Uploading the same object again is harmless.
            if answer.status().is_server_error() {
                failed.class = RetryClass::Transient;
                failed.error = failed.error.with_retryable(true);
            }
            failed
        }
        None => unreadable(answer, "the object storage refused the picture", secrets),
    }))
}

/// Classifies a request that got no complete response.
pub(crate) fn classify_failure(failure: Failure, target: &Target) -> FailedResponse {
    let phase = failure.phase;
    let class = match phase {
        FailurePhase::TooLong => RetryClass::Never,
        _ => RetryClass::Transient,
    };
    let error = target.error(failure).with_retryable(class != RetryClass::Never);
    FailedResponse {
        maybe_applied: phase.left(),
        connection_lost: phase != FailurePhase::TooLong,
        ..FailedResponse::new(error, class)
    }
}

/// Returns the request id from the headers, for responses without one in the body.
fn request_id_header<'a>(
    answer: &Answer,
    secrets: impl Iterator<Item = &'a Secret>,
) -> Option<String> {
    let names = ["x-acs-request-id", "x-oss-request-id"];
    let id = names.iter().find_map(|name| answer.headers().get(*name)?.to_str().ok());
    let mut id = id?.to_owned();
    redact(&mut id, secrets);
    Some(id)
}

/// Returns the request id from an otherwise useless body.
fn request_id_body(answer: &Answer) -> Option<String> {
    match serde_json::from_str(&String::from_utf8_lossy(answer.body())) {
        Ok(Value::Object(object)) => request_id(&object),
        _ => None,
    }
}

/// Returns why a response cannot be read, if its headers or bytes show it.
fn unreadable_form(answer: &Answer) -> Option<String> {
    let header = |name| answer.headers().get(name)?.to_str().ok();
    if let Some(coding) = header(http::header::CONTENT_ENCODING).filter(|it| *it != "identity") {
        return Some(format!("it is compressed as `{coding}`, which was not requested"));
    }
    let declared = header(http::header::CONTENT_TYPE).and_then(|it| it.split_once("charset="));
    match (std::str::from_utf8(answer.body()), declared) {
        (Ok(_), _) => None,
        (Err(_), Some((_, charset))) => Some(format!("it is not UTF-8 but `{charset}`")),
        (Err(_), None) => Some("it is not UTF-8".to_owned()),
    }
}

fn request_id(object: &Map<String, Value>) -> Option<String> {
    object.get("RequestId").cloned().and_then(tolerant::as_text)
}

/// Creates the failure from an error of the service, gateway or object storage.
fn refused(error: ServiceError, answer: &Answer, header_id: Option<String>) -> FailedResponse {
    let known = error.class();
    // A server error that is not in the table counts as transient, like those that are.
    let class = match known {
        RetryClass::Never if error.is_unknown() && answer.status().is_server_error() => {
            RetryClass::Transient
        }
        RetryClass::Never if error.is_unknown() && answer.status() == TOO_MANY_REQUESTS => {
            RetryClass::Throttle
        }
        class => class,
    };
    let error = Error::new(ErrorKind::Service, "the service returned an error without a reason")
        .with_answer(answer.status().as_u16(), None)
        .with_service_error(error)
        .or_request_id(header_id)
        .with_retryable(class != RetryClass::Never);
    let maybe_applied = matches!(class, RetryClass::Transient | RetryClass::NewNonce);
    FailedResponse { maybe_applied, ..FailedResponse::new(error, class) }
}

/// Returns the beginning of a body, with secrets redacted.
pub(crate) fn excerpt<'a>(body: &[u8], secrets: impl Iterator<Item = &'a Secret>) -> String {
    let text = String::from_utf8_lossy(body.get(..SEARCHED).unwrap_or(body));
    let mut text = text.into_owned();
    redact(&mut text, secrets);
    text.trim().chars().take(EXCERPT).collect()
}

/// Creates the failure from a response that does not follow the API.
fn unreadable<'a>(
    answer: &Answer,
    message: &str,
    secrets: impl Iterator<Item = &'a Secret> + Clone,
) -> FailedResponse {
    let status = answer.status();
    let excerpt = excerpt(answer.body(), secrets.clone());
    let mut request_id = request_id_body(answer);
    if let Some(id) = &mut request_id {
        redact(id, secrets.clone());
    }
    // A proxy's error page, or half a document: the same request may succeed next time.
    let transient = status.is_server_error() || status.is_success() || status == TOO_MANY_REQUESTS;
    let class = match status {
        // A rate limiter has not forwarded the request.
        TOO_MANY_REQUESTS => RetryClass::Throttle,
        _ if transient => RetryClass::Transient,
        _ => RetryClass::Never,
    };
    let mut message = match unreadable_form(answer) {
        Some(form) => format!("{message}: {form}"),
        None => message.to_owned(),
    };
    redact(&mut message, secrets.clone());
    let error = Error::new(ErrorKind::UnexpectedResponse, message)
        .with_answer(status.as_u16(), Some(excerpt))
        .or_request_id(request_id.or_else(|| request_id_header(answer, secrets)))
        .with_retryable(transient);
    let maybe_applied = class == RetryClass::Transient;
    FailedResponse { maybe_applied, ..FailedResponse::new(error, class) }
}
