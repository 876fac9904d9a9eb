//! One request from its arrival to its answer: read, let fail if that was ordered, and answered.

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Request, Response, header};

use crate::answer::Refusal;
use crate::date::set_date;
use crate::faults::{self, Circumstances, Struck};
use crate::gateway;
use crate::observed::Observed;
use crate::oss;
use crate::server::ConnectionControl;
use crate::state::State;
use crate::subject::{Subject, is_upload};

/// Serves a request to the path of an operation, be it a call or an upload.
pub(crate) async fn serve(state: &State, request: Request<Body>) -> Response<Body> {
    let request_id = state.request_ids.next();
    let connection = request.extensions().get::<ConnectionControl>().cloned();
    let mut observed = Observed::begin(state, &request_id);
    let response = respond(state, request, connection.as_ref(), &request_id, &mut observed).await;
    // An answer that nobody will see is none.
    if !connection.is_some_and(|it| it.is_reset()) {
        observed.answered(&response);
    }
    response
}

async fn respond(
    state: &State,
    request: Request<Body>,
    connection: Option<&ConnectionControl>,
    request_id: &str,
    observed: &mut Observed<'_>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let host = host(&parts.headers);
    if !state.is_ready() {
        return Refusal::of("ServiceUnavailable")
            .because("the emulator is starting; /_emulator/health says when it is ready")
            .into_response(request_id, &host);
    }
    // The client may give up while it sends the body.
    observed.describe(&Subject::of(&parts, &Bytes::new()));
    let read = match state.bodies.read(body).await {
        Ok(read) => read,
        Err(error) if is_upload(&parts) => return oss::refuse_body(state, error, request_id),
        Err(error) => return error.refusal().into_response(request_id, &host),
    };
    let body = &read.bytes;
    let subject = Subject::of(&parts, body);
    observed.describe(&subject);
    let answer = async |circumstances: Circumstances| {
        let mut response =
            gateway::answer(state, &parts, body, &subject, circumstances, request_id).await;
        set_date(&mut response, circumstances.now(&state.clock));
        response
    };
    match (state.faults.choose(&subject), connection) {
        (Err(refusal), _) => refusal.into_response(request_id, &host),
        (Ok(Some(chosen)), Some(connection)) => {
            observed.struck_by(&chosen.rule);
            let (hop, connection) = (subject.hop, connection.clone());
            let struck = Struck { hop, request_id, host: &host, connection };
            faults::apply(&chosen.effect, struck, answer).await
        }
        // Every request comes over a connection; without one there is nothing to do wrong.
        (Ok(_), _) => answer(Circumstances::default()).await,
    }
}

fn host(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok());
    host.unwrap_or_default().to_owned()
}
