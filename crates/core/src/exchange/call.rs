//! A call from top to bottom: upload the pictures side by side, then invoke the operation.

use std::{sync::Arc, time::Duration};

use super::{
    RawResponse,
    context::CallContext,
    response::{Content, Meta},
    signed_request::SignedRequest,
    signing::Signing,
    turn::Turn,
    upload::upload,
};
use crate::{
    attempt::{Accepted, History, attempt},
    error::{Error, ErrorKind, Hop},
    image::Image,
    io::{Io, Part, try_join},
    pacing::Limiter,
    wire::WireRequest,
};

/// Runs a call to its end.
pub(super) async fn run(
    io: &Io,
    call: &CallContext,
    mut request: WireRequest,
    uploads: Vec<(&'static str, Image)>,
    mut earlier: Vec<(&'static str, String)>,
    limiter: Option<(Arc<Limiter>, Duration)>,
) -> Result<RawResponse, Error> {
    type Uploading<'a> = Part<'a, (&'static str, String), Error>;
    let uploading = uploads.into_iter().map(|(parameter, image)| -> Uploading<'_> {
        Box::pin(async move { Ok((parameter, upload(io, call, &image).await?)) })
    });
    let mut uploaded = try_join(io, uploading.collect()).await?;
    uploaded.append(&mut earlier);
    for (parameter, url) in &uploaded {
        request.set_url(parameter, url.clone());
    }
    invoke(io, call, &request, uploaded, limiter).await
}

/// Invokes the operation and returns the response, not yet decoded.
async fn invoke(
    io: &Io,
    call: &CallContext,
    request: &WireRequest,
    uploads: Vec<(&'static str, String)>,
    limiter: Option<(Arc<Limiter>, Duration)>,
) -> Result<RawResponse, Error> {
    let turn = limiter.map(|(limiter, interval)| Turn::new(limiter, interval));
    let mut invoke = SignedRequest {
        stage: Hop::Invoke,
        request,
        method: call.shared.config.signature,
        signing: Signing::new(io, call),
        turn,
        read: |accepted, answer| Ok((accepted, answer)),
    };
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
