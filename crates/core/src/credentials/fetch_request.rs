use std::{fmt, time::Duration};

use crate::{body::Body, endpoint::Endpoint, redacted::show_request};

/// A request for credentials. `Debug` omits its query, its headers and its body.
#[non_exhaustive]
pub struct FetchRequest {
    /// The request; redirects are not followed.
    pub request: http::Request<Body>,
    /// The timeout, if shorter than the attempt timeout of the client.
    pub timeout: Option<Duration>,
    /// Whether to bypass any proxy.
    pub bypass_proxy: bool,
}

impl FetchRequest {
    /// Creates a request that may take as long as an attempt of the client.
    ///
    /// A request to this machine or its link bypasses proxies.
    pub fn new(request: http::Request<Body>) -> Self {
        let authority = request.uri().authority().map(http::uri::Authority::as_str);
        let host = authority.and_then(|it| it.parse::<Endpoint>().ok());
        let bypass_proxy = host.is_some_and(|host| host.is_near());
        Self { request, timeout: None, bypass_proxy }
    }

    /// Sets the timeout.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Bypasses proxies: the server is the host that this machine runs on. Connecting to it may take
    /// half a second.
    #[must_use]
    pub fn bypassing_proxy(mut self) -> Self {
        self.bypass_proxy = true;
        self
    }
}

impl fmt::Debug for FetchRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_request(&mut formatter.debug_struct("FetchRequest"), &self.request)
            .field("timeout", &self.timeout)
            .field("bypass_proxy", &self.bypass_proxy)
            .finish_non_exhaustive()
    }
}
