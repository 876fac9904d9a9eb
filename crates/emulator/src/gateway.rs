//! The gateway: finds out who calls which operation, and answers.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode, header, request::Parts};
use http_body_util::LengthLimitError;
use imagesearch_core::encode::Placed;
use imagesearch_core::{OPERATIONS, Operation};

use crate::answer::Refusal;
use crate::auth::{AuthFinding, Signed};
use crate::form;
use crate::operations;
use crate::oss;
use crate::state::State;

/// The most bytes of a body.
const MOST_BODY_BYTES: usize = 16 * 1024 * 1024;

/// How long a client may take to send a body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The operation that authorizes uploads, and its version; it belongs to another product.
const AUTHORIZE: (&str, &str) = ("AuthorizeFileUpload", "2019-12-19");

/// Answers a request to the path of an operation, be it a call or an upload.
pub(crate) async fn answer(state: &State, parts: Parts, body: Body) -> Response<Body> {
    let request_id = state.request_ids.next();
    let host = host(&parts.headers);
    let is_upload = parts.method == Method::POST
        && parts.uri.path() == "/"
        && has_type(&parts.headers, "multipart/form-data");
    let body = match read(body).await {
        Ok(body) => body,
        Err(error) if is_upload => return oss::refuse_body(state, &error, &request_id),
        Err(error) => return error.refusal().into_response(&request_id, &host),
    };
    if is_upload {
        return oss::post_object(state, &parts.headers, body, &request_id).await;
    }
    let mut finding = None;
    let called = call(state, &parts, &body, &request_id, &mut finding).await;
    let mut response = called.unwrap_or_else(|refusal| refusal.into_response(&request_id, &host));
    if let Some(finding) = finding {
        response.extensions_mut().insert(finding);
    }
    response
}

/// Why a body could not be read to its end.
#[derive(Debug)]
pub(crate) enum BodyError {
    TooLarge,
    TooSlow,
    CutShort,
}

impl BodyError {
    fn refusal(&self) -> Refusal {
        let refused = |reason| Refusal::of("InvalidParameter").because(reason);
        match self {
            Self::TooLarge => {
                refused("the body is larger than 16 MiB").with_status(StatusCode::PAYLOAD_TOO_LARGE)
            }
            Self::CutShort => refused("the body is cut short, or not framed as HTTP has it"),
            Self::TooSlow => {
                Refusal::of("RequestTimeout").because("the body took longer than 30 s")
            }
        }
    }
}

/// Reads the whole body, within limits on its length and on time.
async fn read(body: Body) -> Result<Bytes, BodyError> {
    match tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, MOST_BODY_BYTES)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if is_too_large(&error) => Err(BodyError::TooLarge),
        Ok(Err(_)) => Err(BodyError::CutShort),
        Err(_) => Err(BodyError::TooSlow),
    }
}

/// Tells whether a body ended at our limit; the error is wrapped, as those of the connection are.
fn is_too_large(error: &axum::Error) -> bool {
    std::error::Error::source(error)
        .and_then(|source| source.downcast_ref::<LengthLimitError>())
        .is_some()
}

async fn call(
    state: &State,
    parts: &Parts,
    body: &Bytes,
    request_id: &str,
    finding: &mut Option<AuthFinding>,
) -> Result<Response<Body>, Refusal> {
    let malformed = |_| {
        Refusal::of("InvalidParameter").because("query and form must be UTF-8, percent-encoded")
    };
    let query = parts.uri.query().unwrap_or_default();
    let query = form::pairs(query.as_bytes()).map_err(malformed)?;
    let form = if has_type(&parts.headers, "application/x-www-form-urlencoded") {
        form::pairs(body).map_err(malformed)?
    } else {
        Vec::new()
    };
    let signed = Signed {
        method: &parts.method,
        path: parts.uri.path(),
        query: &query,
        form: &form,
        headers: &parts.headers,
        body,
    };
    let target = Target::of(&signed)?;
    let (checked, found) = state.auth.check(&signed, state.clock.now());
    *finding = found;
    checked?;
    match target {
        Target::AuthorizeFileUpload => operations::authorize_file_upload(state, &query, request_id),
        Target::Operation(operation) => {
            let placed = Placed { query, form, ..Placed::default() };
            operations::run(state, operation, &placed, body, request_id).await
        }
    }
}

/// What a call is addressed to.
enum Target {
    AuthorizeFileUpload,
    Operation(&'static Operation),
}

impl Target {
    /// Reads operation and version from headers, or from the query as older signatures have it.
    ///
    /// An operation with a path of its own is named by that path. Its name may be sent besides; that
    /// another name is refused is assumed.
    fn of(signed: &Signed<'_>) -> Result<Self, Refusal> {
        let named = |header: &str, parameter: &str| {
            let pair = signed.query.iter().find(|(name, _)| name == parameter);
            let in_query = pair.map(|(_, value)| value.as_str());
            let in_header = signed.headers.get(header).and_then(|it| it.to_str().ok());
            in_query.or(in_header)
        };
        let action = named("x-acs-action", "Action");
        if action.is_none() && signed.path == "/" {
            return Err(Refusal::of("MissingParameter")
                .because("x-acs-action, or Action in the query, must name the operation"));
        }
        let Some(version) = named("x-acs-version", "Version") else {
            return Err(Refusal::of("MissingParameter")
                .because("x-acs-version, or Version in the query, must name the version"));
        };
        if (action, version) == (Some(AUTHORIZE.0), AUTHORIZE.1) && signed.path == "/" {
            return Ok(Self::AuthorizeFileUpload);
        }
        let operation = find(version, signed.path, action)?;
        if *signed.method != operation.method {
            return Err(Refusal::of("UnsupportedHTTPMethod"));
        }
        Ok(Self::Operation(operation))
    }
}

/// Finds the operation of a version at a path.
fn find(version: &str, path: &str, action: Option<&str>) -> Result<&'static Operation, Refusal> {
    let versions: BTreeSet<&str> = OPERATIONS.iter().map(|it| it.version).collect();
    if !versions.contains(version) {
        let versions: Vec<&str> = versions.into_iter().collect();
        let reason =
            format!("this emulator has {}, and {} for uploads", versions.join(", "), AUTHORIZE.1);
        return Err(Refusal::of("NoSuchVersion").because(reason));
    }
    let fits = |it: &&&Operation| {
        it.version == version && it.path() == path && action.is_none_or(|name| name == it.name)
    };
    OPERATIONS.iter().find(fits).copied().ok_or_else(|| {
        let known = action.and_then(|name| Operation::find(version, name));
        let refusal = Refusal::of("InvalidApi.NotFound");
        match known {
            Some(operation) => refusal.because(format!(
                "the path of {} in version {version} is {}",
                operation.name,
                operation.path()
            )),
            None => refusal.because(format!("version {version} has no such operation at {path}")),
        }
    })
}

fn has_type(headers: &HeaderMap, expected: &str) -> bool {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok())
        .and_then(|it| it.split(';').next());
    given.is_some_and(|it| it.trim().eq_ignore_ascii_case(expected))
}

fn host(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    host.unwrap_or_default().to_owned()
}
