//! Both real clients in front of one wiremock server on loopback.

use std::{
    collections::BTreeMap,
    future::IntoFuture,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::Request;
use imagesearch_core::{
    ClientBuilder, Credentials, Error, RetryPolicy,
    body::Body,
    client::FromConfig,
    exchange::{Answer, RawResponse},
    parameters::Parameters,
    requests::RawRequest,
    retry::FullJitter,
};
use tokio::runtime::Runtime;
use wiremock::{Mock, MockServer, Respond, ResponseTemplate, matchers::any};

use crate::fake::answer;

/// The access key id that tests sign with.
pub const KEY: &str = "testid";

/// The secret that tests sign with, and that nothing may print.
pub const SECRET: &str = "testsecret";

/// A server, and a runtime for it and the async client.
pub struct Wire {
    runtime: Runtime,
    server: MockServer,
    desk: Arc<Desk>,
}

type Answering = Box<dyn FnMut(&Request<Body>) -> Answer + Send>;

/// What answers requests and keeps them.
struct Desk {
    answering: Mutex<Answering>,
    requests: Mutex<Vec<Request<Body>>>,
}

impl Wire {
    /// Starts a server that answers every request with HTTP 599.
    pub fn start() -> Self {
        let runtime = runtime();
        let desk = Arc::new(Desk {
            answering: Mutex::new(Box::new(|_| answer(599, "no answer was set"))),
            requests: Mutex::default(),
        });
        let server = runtime.block_on(async {
            let server = MockServer::builder().disable_request_recording().start().await;
            Mock::given(any()).respond_with(Responder(Arc::clone(&desk))).mount(&server).await;
            server
        });
        Self { runtime, server, desk }
    }

    /// Returns the server's URL.
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// Sets what answers from now on.
    pub fn answer_with(&self, answering: impl FnMut(&Request<Body>) -> Answer + Send + 'static) {
        *self.desk.answering.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(answering);
    }

    /// Takes the requests that have arrived since the last time.
    pub fn take(&self) -> Vec<Request<Body>> {
        std::mem::take(&mut *self.desk.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Creates a blocking client of the server.
    pub fn blocking(&self) -> Blocking {
        Blocking(settings(&self.uri()).build().expect("is complete"))
    }

    /// Creates an async client of the server, on the server's runtime.
    pub fn asynchronous(&self) -> Async<'_> {
        Async(settings(&self.uri()).build().expect("is complete"), &self.runtime)
    }

    /// Returns the runtime.
    pub fn runtime(&self) -> &Runtime {
        &self.runtime
    }
}

/// Creates a runtime for tests.
pub fn runtime() -> Runtime {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("can spawn threads")
}

/// Waits for something to become true, but not for ever.
pub async fn until(mut is_true: impl FnMut() -> bool) {
    let given_up = Instant::now() + Duration::from_secs(30);
    while !is_true() {
        assert!(Instant::now() < given_up, "it does not become true");
        tokio::task::yield_now().await;
    }
}

/// Sets up a client of an emulator, with the tests' key and delays that nobody notices.
pub fn settings<C: FromConfig>(url: &str) -> ClientBuilder<C> {
    ClientBuilder::default()
        .with_emulator(url)
        .with_credentials(Credentials::access_key(KEY, SECRET))
        .with_timeout(Duration::from_secs(30))
        .with_retry(swift_retry())
}

/// Creates a policy of 3 attempts and next to no delay.
pub fn swift_retry() -> RetryPolicy {
    let swift = Duration::from_millis(1);
    let jitter = FullJitter::default().with_max_delay(swift);
    RetryPolicy::default().with_backoff(jitter).with_max_retry_after(swift)
}

/// Something that can make a call: one of the two clients.
pub trait Caller {
    /// Calls an operation by name and waits for the answer.
    fn call(&self, instance: &str, call: RawRequest) -> Result<RawResponse, Error> {
        self.call_with(instance, call, &BTreeMap::new())
    }

    /// Calls an operation by name with headers of the caller's.
    fn call_with(
        &self,
        instance: &str,
        call: RawRequest,
        headers: &BTreeMap<String, String>,
    ) -> Result<RawResponse, Error>;

    /// Returns which client it is.
    fn name(&self) -> &'static str;
}

/// The blocking client.
pub struct Blocking(pub imagesearch_blocking::Client);

/// The async client and its runtime.
pub struct Async<'a>(pub imagesearch_async::Client, pub &'a Runtime);

impl Caller for Blocking {
    fn call_with(
        &self,
        instance: &str,
        call: RawRequest,
        headers: &BTreeMap<String, String>,
    ) -> Result<RawResponse, Error> {
        let call = self.0.instance(instance).raw(call);
        headers.iter().fold(call, |call, (name, value)| call.with_header(name, value)).send()
    }

    fn name(&self) -> &'static str {
        "blocking"
    }
}

impl Caller for Async<'_> {
    fn call_with(
        &self,
        instance: &str,
        call: RawRequest,
        headers: &BTreeMap<String, String>,
    ) -> Result<RawResponse, Error> {
        let call = self.0.instance(instance).raw(call);
        let call = headers.iter().fold(call, |call, (name, value)| call.with_header(name, value));
        self.1.block_on(call.into_future())
    }

    fn name(&self) -> &'static str {
        "async"
    }
}

/// Makes both clients of a server.
pub fn clients<'a>(
    url: &str,
    runtime: &'a Runtime,
    retry: &RetryPolicy,
    attempt_timeout: Duration,
) -> [Box<dyn Caller + 'a>; 2] {
    fn client<C: FromConfig>(url: &str, retry: &RetryPolicy, attempt_timeout: Duration) -> C {
        let settings = settings(url).with_retry(retry.clone());
        settings.with_attempt_timeout(attempt_timeout).build().expect("is complete")
    }
    [
        Box::new(Blocking(client(url, retry, attempt_timeout))),
        Box::new(Async(client(url, retry, attempt_timeout), runtime)),
    ]
}

/// Creates a call of an operation with parameters.
pub fn raw_call(operation: &str, parameters: &Parameters) -> RawRequest {
    parameters.iter().fold(RawRequest::new(operation), |call, (name, value)| {
        call.parameter(name.to_owned(), value.clone())
    })
}

struct Responder(Arc<Desk>);

impl Respond for Responder {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        // The URL as the client wrote it: wiremock puts a host of its own into its copy.
        let host = request.headers.get("host").and_then(|host| host.to_str().ok());
        let query = request.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let uri = format!("http://{}{}{query}", host.unwrap_or_default(), request.url.path());
        let mut builder = Request::builder().method(request.method.clone()).uri(uri);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let body = Body::new([Bytes::from(request.body.clone())]);
        let request = builder.body(body).expect("has arrived");
        let answer = {
            let mut answering = self.0.answering.lock().unwrap_or_else(PoisonError::into_inner);
            answering(&request)
        };
        self.0.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        let (parts, body) = answer.into_parts();
        let mut template = ResponseTemplate::new(parts.status).set_body_bytes(body);
        for (name, value) in &parts.headers {
            template = template.append_header(name, value);
        }
        template
    }
}
