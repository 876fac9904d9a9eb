//! Lets an effect happen to a request.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::response::Parts;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

use super::broken_body::{BrokenBody, Ending};
use super::effect::{ErrorEffect, FaultEffect, Reset};
use crate::http::gateway::answer::{self, REQUEST_ID, refused};
use crate::http::gateway::faults::Circumstances;
use crate::http::gateway::hop::Hop;
use crate::http::oss::refusal::injected;
use crate::http::transport::connection::ConnectionControl;
use crate::service::refusal::Refusal;

/// The longest answer that is taken apart: nothing that the emulator sends is longer.
const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// What a proxy says when it cannot reach what is behind it.
const PROXY_PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n";

/// The request that an effect happens to.
pub(crate) struct FaultContext<'a> {
    pub(crate) hop: Hop,
    pub(crate) request_id: &'a str,
    pub(crate) host: &'a str,
    pub(crate) connection: ConnectionControl,
}

/// Answers a request under an effect; `work` answers it as usual, if it comes to that.
pub(crate) async fn apply<F>(
    effect: &FaultEffect,
    context: FaultContext<'_>,
    work: impl FnOnce(Circumstances) -> F,
) -> Response<Body>
where
    F: Future<Output = Response<Body>>,
{
    let usual = Circumstances::default();
    match effect {
        FaultEffect::Delay { ms } => {
            context.wait(*ms).await;
            work(usual).await
        }
        FaultEffect::DuplicateExecution { then } => {
            let response = work(usual).await;
            context.degrade(then, response).await
        }
        FaultEffect::SkewedClock { seconds } => {
            work(Circumstances { skew: *seconds, ..usual }).await
        }
        FaultEffect::ExpiredPolicy => work(Circumstances { expired_policy: true, ..usual }).await,
        effect if effect.executes() => {
            let response = work(usual).await;
            context.degrade(effect, response).await
        }
        effect => context.degrade(effect, Response::default()).await,
    }
}

impl FaultContext<'_> {
    /// Spoils an answer, or answers something else in its place.
    async fn degrade(&self, effect: &FaultEffect, response: Response<Body>) -> Response<Body> {
        match effect {
            FaultEffect::Error(error) => self.error(error),
            FaultEffect::RejectAfterUpload => self.error(&ErrorEffect::new("PictureError")),
            FaultEffect::Delay { ms } => {
                self.wait(*ms).await;
                response
            }
            FaultEffect::Hang => {
                self.connection.stopped().await;
                self.connection.reset();
                response
            }
            FaultEffect::Reset(Reset::BeforeHeaders) => {
                self.connection.reset();
                response
            }
            FaultEffect::Html502 => self.proxy_page(),
            FaultEffect::WrongContentType => {
                let html = HeaderValue::from_static("text/html; charset=utf-8");
                let mut response = response;
                response.headers_mut().insert(header::CONTENT_TYPE, html);
                response
            }
            FaultEffect::DuplicateExecution { .. }
            | FaultEffect::ExpiredPolicy
            | FaultEffect::SkewedClock { .. } => response,
            FaultEffect::Drip { .. }
            | FaultEffect::Reset(Reset::AfterHeaders | Reset::MidBody)
            | FaultEffect::EmptyBody
            | FaultEffect::TruncateBody
            | FaultEffect::BadJson
            | FaultEffect::DropRequestId => {
                let (mut parts, body) = response.into_parts();
                let whole = axum::body::to_bytes(body, MAX_ANSWER_BYTES).await.unwrap_or_default();
                parts.headers.remove(header::CONTENT_LENGTH);
                let body = self.broken(effect, &mut parts, &whole);
                Response::from_parts(parts, body)
            }
        }
    }

    /// Makes another body of one that is known as a whole.
    fn broken(&self, effect: &FaultEffect, parts: &mut Parts, whole: &Bytes) -> Body {
        let half = whole.len() / 2;
        let reset = || Ending::Reset(self.connection.clone());
        if whole.is_empty() && matches!(effect, FaultEffect::Reset(_)) {
            // A body that is announced as empty is never asked for, so it could not reset anything.
            self.connection.reset();
        }
        match effect {
            FaultEffect::Drip { bytes_per_s } => BrokenBody::drip(whole, *bytes_per_s),
            FaultEffect::Reset(Reset::AfterHeaders) => BrokenBody::cut(whole, 0, reset()),
            FaultEffect::Reset(_) => BrokenBody::cut(whole, half, reset()),
            FaultEffect::EmptyBody => Body::empty(),
            FaultEffect::TruncateBody => BrokenBody::cut(whole, half, Ending::Close),
            FaultEffect::BadJson => Body::from(whole.slice(..half)),
            FaultEffect::DropRequestId => {
                parts.headers.remove(REQUEST_ID);
                Body::from(without_request_id(whole))
            }
            _ => Body::from(whole.clone()),
        }
    }

    fn error(&self, error: &ErrorEffect) -> Response<Body> {
        let mut refusal = Refusal::of(&error.code).with_status(error.status().as_u16());
        if let Some(message) = &error.message {
            refusal = refusal.with_message(message);
        }
        let refusal = refusal.because("this error was ordered by a fault rule of the emulator");
        let mut response = match self.hop {
            Hop::Oss => injected(&refusal, self.request_id, self.host),
            Hop::Api | Hop::Authorize => refused(refusal, self.request_id, self.host),
        };
        for (name, value) in &error.headers {
            // Checked when the rule was set.
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::try_from(value))
            {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }

    fn proxy_page(&self) -> Response<Body> {
        let page = PROXY_PAGE.as_bytes().to_vec();
        let mut response =
            answer::response(StatusCode::BAD_GATEWAY, self.request_id, "text/html", page);
        // A proxy knows nothing of ids.
        response.headers_mut().remove(REQUEST_ID);
        response
    }

    /// Waits, but not beyond the end of the emulator.
    async fn wait(&self, ms: u64) {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(ms)) => {}
            () = self.connection.stopped() => {}
        }
    }
}

/// Takes the request id out of a JSON object; leaves other bodies alone.
fn without_request_id(body: &Bytes) -> Bytes {
    let Ok(serde_json::Value::Object(mut object)) = serde_json::from_slice(body) else {
        return body.clone();
    };
    object.remove("RequestId");
    serde_json::to_vec(&object).map_or_else(|_| body.clone(), Bytes::from)
}
