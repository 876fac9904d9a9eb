use std::{fmt, future::Future, pin::Pin, sync::Arc};

use super::{Credentials, FetchContext};
use crate::error::Error;

/// Where credentials come from.
///
<<<<<<< HEAD
/// A provider is an async block that reads from top to bottom. What it loads or sends goes through the
/// [`FetchContext`], which the client that runs it carries out, so every client has every provider and
/// no provider needs a runtime.
///
/// ```
/// use imagesearch_core::{
///     Credentials, Error, ErrorKind,
///     credentials::{CredentialsFuture, CredentialsProvider, FetchContext},
/// };
///
/// /// The key that two variables of the environment hold.
/// #[derive(Debug)]
/// struct OurVariables;
///
/// impl CredentialsProvider for OurVariables {
///     fn fetch(&self, context: FetchContext) -> CredentialsFuture {
///         Box::pin(async move {
///             match (context.variable("OUR_ID").await, context.variable("OUR_SECRET").await) {
///                 (Some(id), Some(secret)) => Ok(Credentials::access_key(id, secret)),
///                 _ => Err(Error::new(ErrorKind::Credentials, "OUR_ID or OUR_SECRET is not set")),
///             }
///         })
///     }
/// }
/// ```
pub trait CredentialsProvider: fmt::Debug + Send + Sync {
    /// Starts to fetch credentials.
    fn fetch(&self, context: FetchContext) -> CredentialsFuture;
}

/// A fetch of credentials under way.
pub type CredentialsFuture = Pin<Box<dyn Future<Output = Result<Credentials, Error>> + Send>>;
=======
/// A provider performs no I/O. It returns a [`CredentialsFetch`], which asks its driver to load or
/// send something and receives the result. So every provider works with every client.
pub trait CredentialsProvider: fmt::Debug + Send + Sync {
    /// Starts fetching credentials.
    fn fetch(&self) -> Box<dyn CredentialsFetch>;
}

/// One attempt to fetch credentials.
///
/// After [`FetchStep::Load`] or [`FetchStep::Send`], the driver calls exactly one of the `on_`
/// methods before it calls `next` again. After [`FetchStep::Wait`] it calls `next` when the time
/// has come.
pub trait CredentialsFetch: Send {
    /// Returns what to do next.
    fn next(&mut self, context: &mut FetchContext<'_>) -> FetchStep;

    /// Receives the loaded value. Never called unless something was loaded.
    fn on_loaded(&mut self, _result: Result<Bytes, LoadError>) {}

    /// Receives the response to a request. Never called unless a request was sent.
    fn on_response(&mut self, _response: http::Response<Bytes>) {}

    /// Receives the failure of a request. Never called unless a request was sent.
    fn on_failure(&mut self, _failure: Failure) {}
}

/// The context of the call that a [`CredentialsFetch`] runs in.
#[non_exhaustive]
pub struct FetchContext<'a> {
    /// The time. The system time is corrected by the known offset of the service's clock.
    pub now: Now,
    /// The deadline of the call, on the clock of [`Now::mono`].
    pub deadline: Duration,
    /// Whether a refused timestamp may be corrected by the `Date` of the response.
    pub clock_correction: bool,
    /// Randomness, for nonces and delays.
    pub entropy: &'a mut dyn Entropy,
}

impl<'a> FetchContext<'a> {
    /// Creates a context with clock correction.
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

/// What a [`CredentialsFetch`] asks its driver to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchStep {
    /// Load this and pass it to [`CredentialsFetch::on_loaded`].
    Load(Source),
    /// Send this and pass the response to [`CredentialsFetch::on_response`].
    Send(FetchRequest),
    /// Call `next` again at this time, on the clock of [`Now::mono`].
    Wait(Duration),
    /// The credentials, or why there are none.
    Done(Result<Credentials, Error>),
}

/// A request for credentials. `Debug` omits its query, headers and body.
#[non_exhaustive]
pub struct FetchRequest {
    /// The HTTP request. Redirects are not followed.
    pub request: http::Request<Body>,
    /// The timeout, if shorter than the attempt timeout of the call.
    pub timeout: Option<Duration>,
    /// Whether to bypass any proxy.
    pub direct: bool,
}

impl FetchRequest {
    /// Creates a request with the attempt timeout of the call. A loopback or link-local host
    /// bypasses any proxy.
    pub fn new(request: http::Request<Body>) -> Self {
        let authority = request.uri().authority().map(http::uri::Authority::as_str);
        let host = authority.and_then(|it| it.parse::<Endpoint>().ok());
        let direct = host.is_some_and(|host| host.is_near());
        Self { request, timeout: None, direct }
    }

    /// Sets the timeout.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Bypasses any proxy, for services of the machine's host. The connect timeout is half a
    /// second.
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
>>>>>>> 4657f92 (Say in plain words why a source has no credentials)

impl CredentialsProvider for Credentials {
    fn fetch(&self, _context: FetchContext) -> CredentialsFuture {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

impl<P: CredentialsProvider + ?Sized> CredentialsProvider for Arc<P> {
<<<<<<< HEAD
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        (**self).fetch(context)
=======
    fn fetch(&self) -> Box<dyn CredentialsFetch> {
        (**self).fetch()
    }
}

/// Credentials that are already known.
struct Known(Credentials);

impl CredentialsFetch for Known {
    fn next(&mut self, _context: &mut FetchContext<'_>) -> FetchStep {
        FetchStep::Done(Ok(self.0.clone()))
>>>>>>> 4657f92 (Say in plain words why a source has no credentials)
    }
}
