//! One request from its arrival to its answer: read, let fail if that was ordered, and answered.

use axum::body::Body;
use http::{HeaderMap, HeaderValue, Request, Response, header};
use imagesearch_core::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

use crate::faults::{self, Circumstances, Struck};
use crate::gateway;
use crate::oss;
use crate::server::ConnectionControl;
use crate::state::State;
use crate::subject::{Subject, is_upload};

/// Serves a request to the path of an operation, be it a call or an upload.
pub(crate) async fn serve(state: &State, request: Request<Body>) -> Response<Body> {
    let request_id = state.request_ids.next();
    let (parts, body) = request.into_parts();
    let host = host(&parts.headers);
    let read = match state.bodies.read(body).await {
        Ok(read) => read,
        Err(error) if is_upload(&parts) => return oss::refuse_body(state, error, &request_id),
        Err(error) => return error.refusal().into_response(&request_id, &host),
    };
    let body = &read.bytes;
    let subject = Subject::of(&parts, body);
    let answer = async |circumstances: Circumstances| {
        let mut response =
            gateway::answer(state, &parts, body, &subject, circumstances, &request_id).await;
        if let Some(date) = http_date(circumstances.now(&state.clock)) {
            response.headers_mut().insert(header::DATE, date);
        }
        response
    };
    let connection = parts.extensions.get::<ConnectionControl>().cloned();
    match (state.faults.choose(&subject), connection) {
        (Err(refusal), _) => refusal.into_response(&request_id, &host),
        (Ok(Some(effect)), Some(connection)) => {
            let hop = subject.hop;
            let struck = Struck { hop, request_id: &request_id, host: &host, connection };
            faults::apply(&effect, struck, answer).await
        }
        // Every request comes over a connection; without one there is nothing to do wrong.
        (Ok(_), _) => answer(Circumstances::default()).await,
    }
}

fn host(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    host.unwrap_or_default().to_owned()
}

/// Writes a time as `Date` has it: clients correct their clocks by it, so it must be the emulator's.
fn http_date(now: Timestamp) -> Option<HeaderValue> {
    let now = jiff::Timestamp::from_millisecond(now.as_millisecond()).ok()?;
    let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&now).ok()?;
    HeaderValue::try_from(date).ok()
}
