//! Lets an effect happen to a request.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::response::Parts;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use imagesearch_core::Timestamp;

use super::bent_body::{BentBody, Ending};
use super::effect::{ErrorEffect, FaultEffect, Reset};
use super::rule::Hop;
use crate::answer::{self, REQUEST_ID, Refusal};
use crate::clock::Clock;
use crate::oss;
use crate::server::ConnectionControl;

/// The longest answer that is taken apart: nothing that the emulator sends is longer.
const MOST_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// What a proxy says when it cannot reach what is behind it.
const PROXY_PAGE: &str = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
    <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n";

/// In what a request is answered other than usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Circumstances {
    /// How far ahead the clock is, in seconds.
    pub(crate) skew: i64,
    /// Whether policies have expired.
    pub(crate) expired_policy: bool,
}

impl Circumstances {
    /// Returns the time as this request sees it.
    pub(crate) fn now(self, clock: &Clock) -> Timestamp {
        let milliseconds = clock.now().as_millisecond();
        Timestamp::from_millisecond(milliseconds.saturating_add(self.skew.saturating_mul(1000)))
    }
}

/// The request that an effect happens to.
pub(crate) struct Struck<'a> {
    pub(crate) hop: Hop,
    pub(crate) request_id: &'a str,
    pub(crate) host: &'a str,
    pub(crate) connection: ConnectionControl,
}

/// Answers a request under an effect; `work` answers it as usual, if it comes to that.
pub(crate) async fn apply<F>(
    effect: &FaultEffect,
    struck: Struck<'_>,
    work: impl FnOnce(Circumstances) -> F,
) -> Response<Body>
where
    F: Future<Output = Response<Body>>,
{
    let usual = Circumstances::default();
    match effect {
        FaultEffect::Delay { ms } => {
            struck.wait(*ms).await;
            work(usual).await
        }
        FaultEffect::DuplicateExecution { then } => {
            let response = work(usual).await;
            struck.lose(then, response).await
        }
        FaultEffect::SkewedClock { seconds } => {
            work(Circumstances { skew: *seconds, ..usual }).await
        }
        FaultEffect::ExpiredPolicy => work(Circumstances { expired_policy: true, ..usual }).await,
        effect if effect.executes() => {
            let response = work(usual).await;
            struck.lose(effect, response).await
        }
        effect => struck.lose(effect, Response::default()).await,
    }
}

impl Struck<'_> {
    /// Spoils an answer, or answers something else in its place.
    async fn lose(&self, effect: &FaultEffect, response: Response<Body>) -> Response<Body> {
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
                let whole = axum::body::to_bytes(body, MOST_ANSWER_BYTES).await.unwrap_or_default();
                parts.headers.remove(header::CONTENT_LENGTH);
                let body = self.bend(effect, &mut parts, &whole);
                Response::from_parts(parts, body)
            }
        }
    }

    /// Makes another body of one that is known as a whole.
    fn bend(&self, effect: &FaultEffect, parts: &mut Parts, whole: &Bytes) -> Body {
        let half = whole.len() / 2;
        let reset = || Ending::Reset(self.connection.clone());
        if whole.is_empty() && matches!(effect, FaultEffect::Reset(_)) {
            // A body that is announced as empty is never asked for, so it could not reset anything.
            self.connection.reset();
        }
        match effect {
            FaultEffect::Drip { bytes_per_s } => BentBody::drip(whole, *bytes_per_s),
            FaultEffect::Reset(Reset::AfterHeaders) => BentBody::cut(whole, 0, reset()),
            FaultEffect::Reset(_) => BentBody::cut(whole, half, reset()),
            FaultEffect::EmptyBody => Body::empty(),
            FaultEffect::TruncateBody => BentBody::cut(whole, half, Ending::Close),
            FaultEffect::BadJson => Body::from(whole.slice(..half)),
            FaultEffect::DropRequestId => {
                parts.headers.remove(REQUEST_ID);
                Body::from(without_request_id(whole))
            }
            _ => Body::from(whole.clone()),
        }
    }

    fn error(&self, error: &ErrorEffect) -> Response<Body> {
        let mut refusal = Refusal::of(&error.code).with_status(error.status());
        if let Some(message) = &error.message {
            refusal = refusal.with_message(message);
        }
        let refusal = refusal.because("this error was ordered by a fault rule of the emulator");
        let mut response = match self.hop {
            Hop::Oss => oss::injected(&refusal, self.request_id, self.host),
            Hop::Api | Hop::Authorize => refusal.into_response(self.request_id, self.host),
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
