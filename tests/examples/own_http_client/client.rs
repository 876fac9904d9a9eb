//! A client on minreq: a loop around an [`Exchange`], and one function that sends a request.
//!
//! It passes every row of the scenario tables that needs no clock. minreq neither reports progress nor
//! reads while it writes. So a timeout never says that nothing has left (the rows with `reached`), and
//! an answer that comes before the body is sent is lost with the connection.

use std::{
    io,
    sync::Arc,
    task::{Wake, Waker},
    thread::{self, Thread},
    time::Duration,
};

use bytes::Bytes;
use imagesearch_core::{
    Error,
    client::{Config, FromConfig},
    exchange::{
        Answer, Effect, Exchange, Failure, FailurePhase, PreparedCall, RawResponse, Shared,
        Transmit,
    },
};
use imagesearch_system::{Clock, SystemEntropy, load};

/// A client without a pool, which sends one request at a time.
pub(crate) struct Client {
    shared: Arc<Shared>,
    clock: Clock,
}

/// Lets `ClientBuilder` create the client, so that it has the same settings as the others.
impl FromConfig for Client {
    type HttpClient = ();

    fn from_config(config: Config, _http: Option<()>) -> Result<Self, Error> {
        Ok(Self { shared: Arc::new(Shared::new(config)), clock: Clock::start() })
    }
}

impl Client {
    /// Runs a call to its end on this thread.
    pub(crate) fn drive(&self, call: PreparedCall) -> Result<RawResponse, Error> {
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let now = || self.clock.now();
        let mut exchange = Exchange::new(Arc::clone(&self.shared), call, now())?;
        loop {
            match exchange.poll(now(), &mut SystemEntropy, &waker) {
                Effect::Transmit(transmit) => {
                    let id = transmit.id;
                    match send(transmit, now().monotonic) {
                        Ok(answer) => exchange.handle_response(id, now(), answer),
                        Err(failure) => exchange.handle_failure(id, now(), failure),
                    }
                }
                Effect::Load { id, source } => exchange.handle_loaded(id, load(source)),
                // Nothing is in flight here while the exchange is polled.
                Effect::Cancel(_) => {}
                Effect::Wait { until } => {
                    thread::park_timeout(until.saturating_sub(now().monotonic));
                }
                Effect::Done(result) => return result,
            }
        }
    }
}

/// Sends one request on a connection of its own; proxies are not supported, so none is bypassed.
fn send(transmit: Transmit, now: Duration) -> Result<Answer, Failure> {
    let (parts, body) = transmit.request.into_parts();
    let timeout = transmit.deadline.saturating_sub(now).as_millis().div_ceil(1_000);
    let method = minreq::Method::Custom(parts.method.to_string());
    let mut request = minreq::Request::new(method, parts.uri.to_string())
        .with_follow_redirects(false)
        .with_timeout(u64::try_from(timeout).unwrap_or(u64::MAX))
        .with_body(body.to_bytes());
    // The library writes the host of the URL by itself.
    for (name, value) in parts.headers.iter().filter(|(name, _)| *name != "host") {
        let value = value.to_str().map_err(|error| Failure::new(FailurePhase::Connect, error))?;
        request = request.with_header(name.as_str(), value);
    }
    let response = request.send().map_err(failure)?;
    let mut answer = http::Response::builder().status(response.status_code);
    for (name, value) in &response.headers {
        answer = answer.header(name, value);
    }
    if response.as_bytes().len() as u64 > transmit.max_body_bytes {
        return Err(Failure::new(FailurePhase::TooLong, "the answer is too long"));
    }
    let body = Bytes::from(response.into_bytes());
    answer.body(body).map_err(|error| Failure::new(FailurePhase::Response, error))
}

/// Returns how far a request had come: nothing has left without a connection.
fn failure(error: minreq::Error) -> Failure {
    let refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    let phase = match &error {
        minreq::Error::AddressNotFound => FailurePhase::Connect,
        minreq::Error::IoError(error) if refused(error) => FailurePhase::Connect,
        _ => FailurePhase::Response,
    };
    Failure::new(phase, error)
}

/// Wakes the thread of a call.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
