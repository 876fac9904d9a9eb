use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;

use crate::{
    body::Body,
    credentials::Credentials,
    endpoint::Endpoint,
    error::Error,
    exchange::{Entropy, Failure, LoadError, Now, Source},
    hidden::show_request,
};

/// Where credentials come from.
///
/// A provider performs no I/O: it hands out a [`CredentialsFetch`], which says what to load or send
/// and is told what came back. So every client has every provider.
pub trait CredentialsProvider: fmt::Debug + Send + Sync {
    /// Starts to fetch credentials.
    fn fetch(&self) -> Box<dyn CredentialsFetch>;
}

/// One attempt to fetch credentials.
///
/// After a [`FetchStep::Load`] or [`FetchStep::Send`], exactly one of the `on_` methods is called
/// before the next step is asked for; after [`FetchStep::Wait`] the time has come.
pub trait CredentialsFetch: Send {
    /// Says what to do next.
    fn next(&mut self, context: &mut FetchContext<'_>) -> FetchStep;

    /// Takes what was loaded; without loads it is never called.
    fn on_loaded(&mut self, _result: Result<Bytes, LoadError>) {}

    /// Takes the answer to a request; without requests it is never called.
    fn on_response(&mut self, _response: http::Response<Bytes>) {}

    /// Takes the failure of a request; without requests it is never called.
    fn on_failure(&mut self, _failure: Failure) {}
}

/// What a [`CredentialsFetch`] may know of the call that it runs in.
#[non_exhaustive]
pub struct FetchContext<'a> {
    /// The time. That of day is corrected by what is known of the service's clock.
    pub now: Now,
    /// When the call ends at the latest, on the clock of [`Now::mono`].
    pub deadline: Duration,
    /// Whether a refused time stamp may be corrected by the `Date` of the refusal.
    pub clock_correction: bool,
    /// Randomness, for nonces and delays.
    pub entropy: &'a mut dyn Entropy,
}

impl<'a> FetchContext<'a> {
    /// Makes a context in which clocks are corrected.
    pub fn new(now: Now, deadline: Duration, entropy: &'a mut dyn Entropy) -> Self {
        Self { now, deadline, clock_correction: true, entropy }
    }
}

impl fmt::Debug for FetchContext<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FetchContext")
            .field("now", &self.now)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// What a [`CredentialsFetch`] wants done.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchStep {
    /// Load this and hand it to [`CredentialsFetch::on_loaded`].
    Load(Source),
    /// Send this and hand the answer to [`CredentialsFetch::on_response`].
    Send(FetchRequest),
    /// Ask again at this time, on the clock of [`Now::mono`].
    Wait(Duration),
    /// The credentials, or why there are none.
    Done(Result<Credentials, Error>),
}

/// A request for credentials. `Debug` leaves out its query, its headers and its body.
#[non_exhaustive]
pub struct FetchRequest {
    /// What is sent; redirects are not followed.
    pub request: http::Request<Body>,
    /// How long it may take, if less than an attempt of the call.
    pub timeout: Option<Duration>,
    /// Whether it must not go through a proxy.
    pub direct: bool,
}

impl FetchRequest {
    /// Takes a request that may take as long as an attempt of the call; one to this machine or its
    /// link goes past any proxy.
    pub fn new(request: http::Request<Body>) -> Self {
        let authority = request.uri().authority().map(http::uri::Authority::as_str);
        let host = authority.and_then(|it| it.parse::<Endpoint>().ok());
        let direct = host.is_some_and(|host| host.is_near());
        Self { request, timeout: None, direct }
    }

    /// Sets how long it may take.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sends it past any proxy: what answers is the machine that this one runs on, which takes half a
    /// second at most to connect to.
    #[must_use]
    pub fn directly(mut self) -> Self {
        self.direct = true;
        self
    }
}

impl fmt::Debug for FetchRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_request(&mut formatter.debug_struct("FetchRequest"), &self.request)
            .field("timeout", &self.timeout)
            .field("direct", &self.direct)
            .finish_non_exhaustive()
    }
}

impl CredentialsProvider for Credentials {
    fn fetch(&self) -> Box<dyn CredentialsFetch> {
        Box::new(Known(self.clone()))
    }
}

impl<P: CredentialsProvider + ?Sized> CredentialsProvider for Arc<P> {
    fn fetch(&self) -> Box<dyn CredentialsFetch> {
        (**self).fetch()
    }
}

/// Credentials that need no fetching.
struct Known(Credentials);

impl CredentialsFetch for Known {
    fn next(&mut self, _context: &mut FetchContext<'_>) -> FetchStep {
        FetchStep::Done(Ok(self.0.clone()))
    }
}
