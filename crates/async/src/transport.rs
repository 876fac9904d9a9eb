use std::{
    convert::Infallible,
    error::Error as StdError,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{
    Method, Version,
    header::{CONNECTION, CONTENT_LENGTH},
};
use http_body::{Frame, SizeHint};
use imagesearch_core::{
    Error, ErrorKind,
    body::{Body, Chunks},
    client::Config,
    exchange::{Answer, Failure, FailurePhase, Transmit},
};
use reqwest::{Client, ClientBuilder, Proxy, Response, redirect, retry};
use tokio::sync::Semaphore;

use crate::{
    connector::{ConnectorLayer, Returning},
    progress::Progress,
    tls,
};

/// Sends requests with reqwest.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    client: Client,
    /// A permit for each concurrent request; other requests wait for one.
    permits: Arc<Semaphore>,
    /// The number of idle connections to keep for each host.
    idle: usize,
    returning: Returning,
    /// A client without proxy, created on first use, which is on ECS instances.
    direct: Arc<OnceLock<Client>>,
    direct_connect_timeout: Duration,
    /// The trusted roots, if not the platform's.
    roots: Option<Arc<[Bytes]>>,
}

impl Transport {
    pub(crate) fn new(client: Client, config: &Config) -> Self {
        let permits = config.max_connections().get().min(Semaphore::MAX_PERMITS);
        Self {
            client,
            permits: Arc::new(Semaphore::new(permits)),
            idle: idle(config),
            returning: Returning::default(),
            direct: Arc::default(),
            direct_connect_timeout: config.direct_connect_timeout(),
            roots: config.tls_roots().map(Arc::from),
        }
    }

    pub(crate) fn from_config(config: &Config) -> Result<Self, Error> {
        let mut builder = settings(tls::config(config.tls_roots())?, idle(config))
            .connect_timeout(config.connect_timeout())
            .connector_layer(ConnectorLayer::new(config.connect_timeout()));
        if let Some(url) = config.proxy() {
            // reqwest's own error shows the password.
            let unusable = |_| Error::new(ErrorKind::Config, "the proxy's URL is invalid");
            builder = builder.proxy(Proxy::all(url).map_err(unusable)?);
        } else if config.endpoint().is_loopback() {
            // The environment's proxy is for other machines.
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| {
            Error::new(ErrorKind::Config, "could not create the HTTP client").with_source(error)
        })?;
        Ok(Self::new(client, config))
    }

    fn direct(&self) -> Result<&Client, Failure> {
        if let Some(client) = self.direct.get() {
            return Ok(client);
        }
        let tls = tls::config(self.roots.as_deref())
            .map_err(|error| Failure::new(FailurePhase::Connect, error))?;
        let client = settings(tls, self.idle)
            .no_proxy()
            .connect_timeout(self.direct_connect_timeout)
            .build()
            .map_err(|error| Failure::new(FailurePhase::Connect, error))?;
        Ok(self.direct.get_or_init(|| client))
    }

    /// Sends a request and reads its response.
    ///
    /// The driver keeps time and drops this future on a timeout.
    pub(crate) async fn transmit(
        self,
        transmit: Transmit,
        progress: Progress,
    ) -> Result<Answer, Failure> {
        let Transmit { mut request, max_body_bytes, bypass_proxy, .. } = transmit;
        // A timeout here occurs before anything was sent. The semaphore is never closed.
        let permit = self.permits.acquire().await;
        let _permit = permit.map_err(|closed| Failure::new(FailurePhase::Connect, closed))?;
        let host = request.uri().authority().cloned();
        if request.method() == Method::POST {
            // hyper omits the length of an empty body, which some gateways refuse.
            let length = request.body().len();
            request.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        if request.body().is_empty() {
            // There is no event when a request without a body is sent.
            progress.sending();
        }
        let sending = progress.clone();
        let request = request.map(|body| reqwest::Body::wrap(Stream::new(&body, sending)));
        let request = reqwest::Request::try_from(request)
            .map_err(|error| Failure::new(FailurePhase::Connect, error.without_url()))?;
        let client = if bypass_proxy { self.direct()? } else { &self.client };
        let response = self.returning.scope(host.as_ref(), client.execute(request)).await;
        let mut response = response.map_err(|error| {
            let phase =
                if error.is_connect() { FailurePhase::Connect } else { FailurePhase::Response };
            failure(phase, error)
        })?;
        progress.answering();
        let mut content = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => content.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(error) => return Err(failure(FailurePhase::Body, error)),
            }
            if content.len() as u64 > max_body_bytes {
                let message = format!("it is longer than {max_body_bytes} bytes");
                return Err(Failure::new(FailurePhase::TooLong, message));
            }
        }
        if is_kept(&response) {
            self.returning.note(host);
        }
        let mut answer = http::Response::new(Bytes::from(content));
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

/// Returns the number of idle connections to keep for each host: calls use three or four.
fn idle(config: &Config) -> usize {
    config.max_connections().get().div_ceil(4)
}

/// The settings of both clients, with and without proxy.
fn settings(tls: rustls::ClientConfig, idle: usize) -> ClientBuilder {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .pool_max_idle_per_host(idle)
        .redirect(redirect::Policy::none())
        // A repeated request would have a nonce that the service has seen.
        .retry(retry::never())
}

/// Returns whether the connection stays open after the response.
fn is_kept(response: &Response) -> bool {
    let connection = response.headers().get(CONNECTION);
    let closes = connection.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"));
    response.version() > Version::HTTP_10 && !closes
}

/// Creates a failure from an error, without the URL: its query may contain a signature or a token.
fn failure(phase: FailurePhase, error: reqwest::Error) -> Failure {
    let timed_out = error.is_timeout();
    let source: Box<dyn StdError + Send + Sync> = error.without_url().into();
    if timed_out { Failure::timeout(phase, source) } else { Failure::new(phase, source) }
}

/// How much of a body to send before hyper checks for a response.
const PIECE: usize = 64 * 1024;

/// Sends a body piece by piece, without joining or copying.
///
/// hyper reads before it writes, but not in between. A server that refuses a long body responds
/// while it is sent, and the response would be lost with the connection.
struct Stream {
    chunks: Chunks,
    /// The rest of a chunk.
    chunk: Bytes,
    left: u64,
    /// Whether to let hyper read next.
    pausing: bool,
    progress: Progress,
}

impl Stream {
    fn new(body: &Body, progress: Progress) -> Self {
        Self {
            chunks: body.chunks(),
            chunk: Bytes::new(),
            left: body.len(),
            pausing: false,
            progress,
        }
    }
}

impl http_body::Body for Stream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.progress.sending();
        if std::mem::take(&mut self.pausing) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.chunk.is_empty() {
            match self.chunks.next() {
                Some(chunk) => self.chunk = chunk,
                None => return Poll::Ready(None),
            }
        }
        let length = self.chunk.len().min(PIECE);
        let piece = self.chunk.split_to(length);
        self.left = self.left.saturating_sub(length as u64);
        self.pausing = length == PIECE && self.left > 0;
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_kept_unless_the_answer_says_otherwise() {
        let table = [
            (Version::HTTP_11, None, true),
            (Version::HTTP_11, Some("keep-alive"), true),
            (Version::HTTP_11, Some("Close"), false),
            (Version::HTTP_10, None, false),
        ];
        for (version, connection, kept) in table {
            let mut answer = http::Response::builder().version(version);
            if let Some(connection) = connection {
                answer = answer.header(CONNECTION, connection);
            }
            let answer = Response::from(answer.body("").unwrap());
            assert_eq!(is_kept(&answer), kept, "{version:?} {connection:?}");
        }
    }
}
