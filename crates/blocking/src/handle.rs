use std::sync::Arc;

use imagesearch_core::{
    Error,
    client::{ClientBuilder, Config, FromConfig},
    exchange::Shared,
};
use imagesearch_system::Clock;

use crate::{closing::Closing, transport::Transport};

/// A blocking client of Image Search.
///
/// # Example
///
/// ```
/// use imagesearch_blocking::{Client, Credentials};
///
/// let client = Client::builder()
///     .with_region("cn-shanghai")
///     .with_credentials(Credentials::access_key("id", "secret"))
///     .build()?;
/// let shop = client.instance("shop");
/// # Ok::<(), imagesearch_blocking::Error>(())
/// ```
///
/// # Configuration
///
/// [`Client::builder`] sets region or endpoint, credentials, timeouts, retries, proxy, TLS roots or
/// a ready-made [`ureq::Agent`]; [`Client::from_env`] reads the environment.
///
/// Policies, headers and credentials can be set for the client, and otherwise for a call:
///
/// ```
/// use std::time::Duration;
/// use imagesearch_blocking::{Client, Credentials, RetryPolicy, requests::DetailRequest};
///
/// let client = Client::builder()
///     .with_region("cn-shanghai")
///     .with_credentials(Credentials::access_key("id", "secret"))
///     .with_retry(RetryPolicy::default().with_max_attempts(5))
///     .with_default_header("x-team", "catalogue")
///     .build()?;
/// let call = client
///     .instance("shop")
///     .detail(DetailRequest::new())
///     .with_retry(RetryPolicy::never())
///     .with_timeout(Duration::from_secs(2))
///     .with_header("x-trace-id", "42")
///     .with_credentials(Credentials::sts("temporary id", "secret", "token"));
/// # let _ = call;
/// # Ok::<(), imagesearch_blocking::Error>(())
/// ```
///
/// # Pooling and Cloning
///
/// Clones are cheap and share the connection pool and the credentials. Create one client and clone
/// it.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) shared: Arc<Shared>,
    pub(crate) transport: Transport,
    pub(crate) clock: Clock,
    pub(crate) closing: Closing,
    /// Answers the calls in place of the transport.
    #[cfg(feature = "testing")]
    pub(crate) mock: Option<Arc<imagesearch_core::testing::MockService>>,
}

impl Client {
    /// Returns a builder.
    pub fn builder() -> ClientBuilder<Self> {
        ClientBuilder::default()
    }

    /// Creates a client from the environment.
    ///
    /// The first call finds credentials as the official SDKs do
    /// ([`CredentialsChain`](crate::credentials::CredentialsChain)): in
    /// `ALIBABA_CLOUD_ACCESS_KEY_ID` and `ALIBABA_CLOUD_ACCESS_KEY_SECRET`, in files, then from the
    /// machine's host. The region comes from `ALIBABA_CLOUD_REGION_ID`. `IMAGESEARCH_ENDPOINT` sets
    /// another host, and `IMAGESEARCH_EMULATOR` an emulator.
    ///
    /// # Errors
    ///
    /// No region, endpoint or emulator is set, or one is malformed.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().with_environment(|name| std::env::var(name).ok()).build()
    }

    /// Closes the client and its clones, and ends their calls on other threads.
    ///
    /// Each of those calls returns an error of the kind [`Closed`](imagesearch_core::ErrorKind::Closed) at
    /// once. Only a call that resolves a name, connects, or reads a file or program of its credentials
    /// finishes that step first. A change that was being sent may have been applied
    /// ([`Error::may_have_been_applied`]). Calls that are made later fail in the same way. Connections
    /// that are kept for later calls are closed.
    ///
    /// A ready-made agent ([`with_http_client`](imagesearch_core::ClientBuilder::with_http_client)) is
    /// shut down with everything else that uses it.
    ///
    /// ```
    /// use imagesearch_blocking::{Client, Credentials, ErrorKind, requests::DetailRequest};
    ///
    /// let client = Client::builder()
    ///     .with_region("cn-shanghai")
    ///     .with_credentials(Credentials::access_key("id", "secret"))
    ///     .build()?;
    /// client.close();
    /// let error = client.instance("shop").detail(DetailRequest::new()).send().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Closed);
    /// # Ok::<(), imagesearch_blocking::Error>(())
    /// ```
    pub fn close(&self) {
        self.inner.closing.close();
        self.inner.transport.shut_down();
    }
}

impl FromConfig for Client {
    type HttpClient = ureq::Agent;

    fn from_config(config: Config, agent: Option<ureq::Agent>) -> Result<Self, Error> {
        Ok(Self { inner: Arc::new(Inner::new(config, agent)?) })
    }
}

impl Inner {
    pub(crate) fn new(config: Config, agent: Option<ureq::Agent>) -> Result<Self, Error> {
        let transport = match agent {
            Some(agent) => Transport::new(agent),
            None => Transport::from_config(&config)?,
        };
        Ok(Self {
            shared: Arc::new(Shared::new(config)),
            transport,
            clock: Clock::start(),
            closing: Closing::default(),
            #[cfg(feature = "testing")]
            mock: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn can_be_shared_between_threads() {
        fn shared<T: Send + Sync + Clone>() {}
        shared::<Client>();
    }
}
