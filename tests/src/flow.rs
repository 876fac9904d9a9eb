//! Drives an exchange by hand: scripted answers, virtual time, foreseeable randomness.

use std::{sync::Arc, task::Waker, time::Duration};

use bytes::Bytes;
use http::Request;
use imagesearch_core::{
    ClientBuilder, Error,
    body::Body,
    client::{Config, FromConfig},
    exchange::{
        Answer, Effect, Entropy, Exchange, Failure, FailurePhase, Now, PreparedCall, RawResponse,
        Shared,
    },
    values::Timestamp,
};

/// A client that is nothing but its settings.
#[derive(Debug)]
pub struct Offline {
    shared: Arc<Shared>,
}

impl FromConfig for Offline {
    type HttpClient = ();

    fn from_config(config: Config, _http: Option<()>) -> Result<Self, Error> {
        Ok(Self { shared: Arc::new(Shared::new(config)) })
    }
}

/// What a call did: the requests it sent, and how it ended.
#[derive(Debug)]
pub struct Course {
    /// The requests in the order they were sent.
    pub requests: Vec<Request<Body>>,
    /// The answer or error at the end.
    pub outcome: Result<RawResponse, Error>,
}

impl Offline {
    /// Returns a builder.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::default()
    }

    /// Carries out a call that begins at a time.
    ///
    /// The script answers each request at once; nothing means that the connection breaks. Time
    /// passes only where the exchange waits.
    pub fn run(
        &self,
        call: PreparedCall,
        start: Timestamp,
        mut script: impl FnMut(&Request<Body>) -> Option<Answer>,
    ) -> Course {
        let mut now = Now::new(Duration::ZERO, start);
        let mut requests = Vec::new();
        let mut exchange = match Exchange::new(Arc::clone(&self.shared), call, now) {
            Ok(exchange) => exchange,
            Err(error) => {
                return Course { requests, outcome: Err(error) };
            }
        };
        let mut entropy = Counter(0);
        // A call of this test suite takes a dozen steps; an endless one must not hang the suite.
        for _ in 0..1_000 {
            match exchange.poll(now, &mut entropy, Waker::noop()) {
                Effect::Transmit(transmit) => {
                    match script(&transmit.request) {
                        Some(answer) => exchange.handle_response(transmit.id, now, answer),
                        None => exchange.handle_failure(
                            transmit.id,
                            now,
                            Failure::new(FailurePhase::Response, "the connection was dropped"),
                        ),
                    }
                    requests.push(transmit.request);
                }
                Effect::Wait { until } => {
                    let passed = until.saturating_sub(now.monotonic);
                    now = Now::new(until, now.system.saturating_add(passed));
                }
                // Every request has been answered by now, so that nothing is left to give up.
                Effect::Cancel(_) => {}
                Effect::Done(outcome) => return Course { requests, outcome },
                Effect::Load { source, .. } => panic!("the script has nothing for {source:?}"),
            }
        }
        panic!("the call does not end");
    }
}

/// Creates an answer of a status, a body and headers.
pub fn answer<'a>(
    status: u16,
    headers: impl IntoIterator<Item = (&'a str, &'a str)>,
    body: impl Into<Bytes>,
) -> Answer {
    let mut builder = http::Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    builder.body(body.into()).expect("the script has valid headers")
}

/// Draws 1, 2, 3 and so on.
struct Counter(u128);

impl Entropy for Counter {
    fn draw(&mut self) -> Option<[u8; 16]> {
        self.0 += 1;
        Some(self.0.to_be_bytes())
    }
}
