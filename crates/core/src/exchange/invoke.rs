//! The request of the operation itself.

use std::{sync::Arc, time::Duration};

use super::{
    RawResponse,
    context::CallContext,
    response::{Content, Meta},
    signed::Signing,
    turn::Turn,
};
use crate::{
    attempt::{Accepted, Attempt, Built, FailedResponse, History, attempt, classify_answer},
    error::{Error, ErrorKind, Hop},
    io::{Activity, Answer, Io},
    pacing::Limiter,
    wire::WireRequest,
};

/// Invokes the operation and returns the response, not yet decoded.
pub(super) async fn invoke(
    io: &Io,
    call: &CallContext,
    request: &WireRequest,
    uploads: Vec<(&'static str, String)>,
    limiter: Option<(Arc<Limiter>, Duration)>,
) -> Result<RawResponse, Error> {
    let turn = limiter.map(|(limiter, interval)| Turn::new(limiter, interval));
    let mut invoke = Invoke { signing: Signing::new(io, call), request, turn };
    let mut history = History::default();
    let (accepted, answer) = match attempt(io, &call.attempts, &mut history, &mut invoke).await {
        Ok(accepted) => accepted,
        Err(stop) => return Err(explain_connect(call, stop.into_error())),
    };
    let attempts = history.attempts;
    let Accepted { object, request_id } = accepted;
    call.attempts.span.succeeded(request_id.as_deref(), attempts);
    let (parts, body) = answer.into_parts();
    Ok(RawResponse {
        meta: Meta {
            status: parts.status,
            headers: parts.headers,
            request_id,
            attempts,
            body,
            uploads,
        },
        content: Box::new(Content {
            object,
            operation: call.attempts.operation.clone(),
            writes: call.writes,
            signed_with: invoke.signing.signed_with,
        }),
    })
}

struct Invoke<'a> {
    signing: Signing<'a>,
    request: &'a WireRequest,
    /// `None` if the call is not paced.
    turn: Option<Turn>,
}

impl Attempt for Invoke<'_> {
    type Accepted = (Accepted, Answer);

    fn stage(&self) -> Hop {
        Hop::Invoke
    }

    async fn build(&mut self, activity: &Activity, trial: Option<i64>) -> Result<Built, Error> {
        let prepared = self.signing.prepare(activity, self.turn.as_mut()).await?;
        let method = self.signing.call.shared.config.signature;
        self.signing.sign(self.request, method, prepared, trial)
    }

    fn classify(&self, answer: Answer) -> Result<Self::Accepted, Box<FailedResponse>> {
        Ok((classify_answer(&answer, self.signing.secrets())?, answer))
    }

    fn explain(&self, failed: &mut FailedResponse, body: &[u8]) {
        self.signing.explain(failed, body);
    }

    fn throttled(&mut self, asked: Option<Duration>) {
        if let Some(turn) = &self.turn {
            turn.throttled(self.signing.io.now(), asked);
        }
    }

    fn drop_credentials(&mut self) -> bool {
        self.signing.drop_credentials()
    }

    fn renew_credentials(&mut self, refusal: Error) {
        self.signing.renew_credentials(refusal);
    }

    fn clock_corrected(&self) {
        self.signing.clock_corrected();
    }
}

/// Adds a likely reason why a host is unreachable: an unknown region.
fn explain_connect(call: &CallContext, error: Error) -> Error {
    let region = call.shared.config.region.as_ref();
    match region.and_then(|region| Some((region, region.suggestion()?))) {
        Some((region, meant)) if error.kind() == ErrorKind::Connect => {
            error.with_advice(format!("`{region}` is not a known region; did you mean `{meant}`?"))
        }
        _ => error,
    }
}
