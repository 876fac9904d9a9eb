//! The gateway: finds out who calls which operation, and answers.

use std::collections::BTreeSet;

use axum::body::Body;
use bytes::Bytes;
use http::{Response, header, request::Parts};
use imagesearch_core::encode::Placed;
use imagesearch_core::{OPERATIONS, Operation};

use crate::answer::Refusal;
use crate::auth::{AuthFinding, Signed};
use crate::faults::{Circumstances, Hop};
use crate::form::{self, MOST_PARAMETERS, Unreadable};
use crate::operations;
use crate::oss;
use crate::state::State;
use crate::subject::{Subject, has_type};

/// The operation that authorizes uploads, and its version; it belongs to another product.
const AUTHORIZE: (&str, &str) = ("AuthorizeFileUpload", "2019-12-19");

/// Answers a call or an upload whose body has been read.
pub(crate) async fn answer(
    state: &State,
    parts: &Parts,
    body: &Bytes,
    subject: &Subject,
    circumstances: Circumstances,
    request_id: &str,
) -> Response<Body> {
    if subject.hop == Hop::Oss {
        return oss::post_object(state, &parts.headers, body.clone(), circumstances, request_id)
            .await;
    }
    let mut finding = None;
    let called = call(state, parts, body, circumstances, request_id, &mut finding).await;
    if let (Ok(_), Hop::Api, Some(id)) = (&called, subject.hop, &subject.call) {
        state.executions.count(id);
    }
    let mut response = called.unwrap_or_else(|refusal| {
        let host = parts.headers.get(header::HOST).and_then(|it| it.to_str().ok());
        refusal.into_response(request_id, host.unwrap_or_default())
    });
    if let Some(finding) = finding {
        response.extensions_mut().insert(finding);
    }
    response
}

async fn call(
    state: &State,
    parts: &Parts,
    body: &Bytes,
    circumstances: Circumstances,
    request_id: &str,
    finding: &mut Option<AuthFinding>,
) -> Result<Response<Body>, Refusal> {
    let malformed = |error| {
        Refusal::of("InvalidParameter").because(match error {
            Unreadable::Malformed => "query and form must be UTF-8, percent-encoded".to_owned(),
            Unreadable::TooMany => {
                format!("query and form may have {MOST_PARAMETERS} parameters each, and not more")
            }
        })
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
    let (checked, found) = state.auth.check(&signed, circumstances.now(&state.clock));
    *finding = found;
    checked?;
    match target {
        Target::AuthorizeFileUpload => {
            operations::authorize_file_upload(state, &query, circumstances, request_id)
        }
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
