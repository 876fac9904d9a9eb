use std::{
    convert::Infallible,
    error::Error as StdError,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{Method, header::CONTENT_LENGTH};
use http_body::{Frame, SizeHint};
use imagesearch_core::{
    Body, Chunks, Config, Error, ErrorKind,
    exchange::{Answer, Failure, FailurePhase},
};
use reqwest::{Client, Proxy, redirect, retry};

use crate::tls;

/// Sends requests with reqwest and tells core what came of them.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    client: Client,
}

impl Transport {
    pub(crate) fn new(client: Client) -> Self {
        Self { client }
    }

    pub(crate) fn from_config(config: &Config) -> Result<Self, Error> {
        let unusable = |message: &'static str| {
            move |error: reqwest::Error| Error::new(ErrorKind::Config, message).with_source(error)
        };
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls::config(config.tls_roots())?)
            .redirect(redirect::Policy::none())
            // A repeated request would carry a nonce that the service has seen.
            .retry(retry::never())
            .connect_timeout(config.connect_timeout());
        if let Some(url) = config.proxy() {
            let proxy = Proxy::all(url).map_err(unusable("the proxy's URL cannot be used"))?;
            builder = builder.proxy(proxy);
        } else if config.endpoint().is_loopback() {
            // The environment's proxy is for other machines.
            builder = builder.no_proxy();
        }
        builder.build().map(Self::new).map_err(unusable("the HTTP client cannot be set up"))
    }

    /// Sends one request and reads its answer.
    ///
    /// Time is kept by the driver, which drops this future when it is over.
    pub(crate) async fn send(
        self,
        mut request: http::Request<Body>,
        cap: u64,
    ) -> Result<Answer, Failure> {
        if request.method() == Method::POST {
            // hyper leaves the length of an empty body out, which some gateways refuse.
            let length = request.body().len();
            request.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        let request = request.map(|body| reqwest::Body::wrap(Stream::new(&body)));
        let request = reqwest::Request::try_from(request)
            .map_err(|error| Failure::new(FailurePhase::Connect, error.without_url()))?;
        let mut response = self.client.execute(request).await.map_err(|error| {
            let phase =
                if error.is_connect() { FailurePhase::Connect } else { FailurePhase::Response };
            failure(phase, error)
        })?;
        let mut content = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => content.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return Err(failure(FailurePhase::Body, error)),
            }
            if content.len() as u64 > cap {
                let message = format!("it is longer than {cap} bytes");
                return Err(Failure::new(FailurePhase::TooLong, message));
            }
        }
        let mut answer = http::Response::new(Bytes::from(content));
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

/// Makes a failure of an error, without the URL: its query may hold a signature or a token.
fn failure(phase: FailurePhase, error: reqwest::Error) -> Failure {
    let timed_out = error.is_timeout();
    let source: Box<dyn StdError + Send + Sync> = error.without_url().into();
    if timed_out { Failure::timeout(phase, source) } else { Failure::new(phase, source) }
}

/// Sends a body chunk by chunk, without joining them.
struct Stream {
    chunks: Chunks,
    left: u64,
}

impl Stream {
    fn new(body: &Body) -> Self {
        Self { chunks: body.chunks(), left: body.len() }
    }
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let chunk = self.chunks.next();
        self.left -= chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        Poll::Ready(chunk.map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
