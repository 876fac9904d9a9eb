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

/// How much of an unreadable answer is kept.
const EXCERPT: usize = 200;

/// How much of it is searched for secrets: so much that half a secret at its end is never shown.
const SEARCHED: usize = 64 * 1024;

/// What an answer says that is a success.
#[derive(Debug)]
pub(crate) struct Accepted {
    /// The body, parsed.
    pub(crate) object: Map<String, Value>,
    pub(crate) request_id: Option<String>,
}

/// Classifies the answer of an operation or of the authorization.
pub(crate) fn classify_answer<'a>(
    answer: &Answer,
    secrets: impl Iterator<Item = &'a Secret> + Clone,
) -> Result<Accepted, Box<FailedResponse>> {
    let status = answer.status();
    let header_id = request_id_header(answer, secrets.clone());
    if status.is_success() {
        let Ok(object) = tolerant::parse(answer.body()) else {
            return Err(Box::new(unreadable(answer, "the answer is not a JSON object", secrets)));
        };
        let Some(mut failure) = ServiceError::read_business_failure(&object) else {
            let request_id = request_id(&object).or(header_id);
            return Ok(Accepted { object, request_id });
        };
        failure.redact(&secrets);
        return Err(Box::new(refused(failure, answer, header_id)));
    }
    if status.is_redirection() {
        let mut failed = unreadable(answer, "a redirect came back, and none is followed", secrets);
        failed.class = RetryClass::Never;
        failed.maybe_applied = false;
        return Err(Box::new(failed));
    }
    let Some(mut error) = ServiceError::read(answer.body()) else {
        return Err(Box::new(unreadable(
            answer,
            "something else than the service answered",
            secrets,
        )));
    };
    error.redact(&secrets);
    Err(Box::new(refused(error, answer, header_id)))
}

/// Classifies the answer of the object storage to an upload.
pub(crate) fn classify_upload<'a>(
    answer: &Answer,
    secrets: impl Iterator<Item = &'a Secret> + Clone,
) -> Result<(), Box<FailedResponse>> {
    // 201 is asked for, and without that it is 204; 200 is what other object storages answer.
    if matches!(answer.status(), StatusCode::CREATED | StatusCode::OK | StatusCode::NO_CONTENT) {
        return Ok(());
    }
    Err(Box::new(match ServiceError::read(answer.body()) {
        Some(mut error) => {
            error.redact(&secrets);
            let mut failed = refused(error, answer, request_id_header(answer, secrets));
            // Putting the same object in the same place again does no harm.
            if answer.status().is_server_error() {
                failed.class = RetryClass::Transient;
                failed.error = failed.error.with_retryable(true);
            }
            failed
        }
        None => unreadable(answer, "the object storage did not take the picture", secrets),
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

/// Finds the id of a request in the headers, for answers without one in the body.
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

/// Finds the id in a body that says nothing else of use.
fn request_id_body(answer: &Answer) -> Option<String> {
    match serde_json::from_str(&String::from_utf8_lossy(answer.body())) {
        Ok(Value::Object(object)) => request_id(&object),
        _ => None,
    }
}

/// Says why an answer cannot be read, where its headers or its bytes tell.
fn unreadable_form(answer: &Answer) -> Option<String> {
    let header = |name| answer.headers().get(name)?.to_str().ok();
    if let Some(coding) = header(http::header::CONTENT_ENCODING).filter(|it| *it != "identity") {
        return Some(format!("it is compressed as `{coding}`, which was not asked for"));
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

/// Creates the failure of an error that the service, gateway or object storage describes.
fn refused(error: ServiceError, answer: &Answer, header_id: Option<String>) -> FailedResponse {
    let known = error.class();
    // An error of the server that the table does not know is as transient as those that it does.
    let class = match known {
        RetryClass::Never if error.is_unknown() && answer.status().is_server_error() => {
            RetryClass::Transient
        }
        RetryClass::Never if error.is_unknown() && answer.status() == TOO_MANY_REQUESTS => {
            RetryClass::Throttle
        }
        class => class,
    };
    let error = Error::new(ErrorKind::Service, "the service refused the call without a reason")
        .with_answer(answer.status().as_u16(), None)
        .with_service_error(error)
        .or_request_id(header_id)
        .with_retryable(class != RetryClass::Never);
    let maybe_applied = matches!(class, RetryClass::Transient | RetryClass::NewNonce);
    FailedResponse { maybe_applied, ..FailedResponse::new(error, class) }
}

/// Cuts the first bytes out of a body, without the secrets in them.
pub(crate) fn excerpt<'a>(body: &[u8], secrets: impl Iterator<Item = &'a Secret>) -> String {
    let text = String::from_utf8_lossy(body.get(..SEARCHED).unwrap_or(body));
    let mut text = text.into_owned();
    redact(&mut text, secrets);
    text.trim().chars().take(EXCERPT).collect()
}

/// Creates the failure of an answer that nobody who knows the API has written.
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
    // A proxy's error page, or half a document: the same request may do better next time.
    let transient = status.is_server_error() || status.is_success() || status == TOO_MANY_REQUESTS;
    let class = match status {
        // Whoever counts requests has not passed this one on.
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
