use std::sync::Arc;

use imagesearch_core::{
    Error,
    client::{ClientBuilder, Config, FromConfig},
    exchange::Shared,
};
use imagesearch_system::Clock;

use crate::transport::Transport;

/// An async client of Image Search.
///
/// # Example
///
/// ```
/// use imagesearch_async::{Client, Credentials};
///
/// let client = Client::builder()
///     .with_region("cn-shanghai")
///     .with_credentials(Credentials::access_key("id", "secret"))
///     .build()?;
/// let shop = client.instance("shop");
/// # Ok::<(), imagesearch_async::Error>(())
/// ```
///
/// # Configuration
///
/// [`Client::builder`] sets region or endpoint, credentials, timeouts, retries, proxy, TLS roots or
/// a ready-made [`reqwest::Client`]; [`Client::from_env`] reads the environment.
///
/// Policies, headers and credentials can be set for the client, and otherwise for a call:
///
/// ```
/// use std::time::Duration;
/// use imagesearch_async::{Client, Credentials, RetryPolicy, requests::DetailRequest};
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
/// # Ok::<(), imagesearch_async::Error>(())
/// ```
///
/// # Pooling and Cloning
///
/// Clones are cheap and share the connection pool and the credentials. Create one client and clone
/// it.
///
/// Thousands of calls can run concurrently: at most 128 requests are in flight
/// ([`with_max_connections`](ClientBuilder::with_max_connections)), and pictures stay in the
/// `Bytes` that you passed, shared by all calls.
///
/// A ready-made client must not follow redirects, which would carry the security token along, nor
/// retry, since a signature is valid only once.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) shared: Arc<Shared>,
    pub(crate) transport: Transport,
    pub(crate) clock: Clock,
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
}

impl FromConfig for Client {
    type HttpClient = reqwest::Client;

    fn from_config(config: Config, http: Option<reqwest::Client>) -> Result<Self, Error> {
        Ok(Self { inner: Arc::new(Inner::new(config, http)?) })
    }
}

impl Inner {
    pub(crate) fn new(config: Config, http: Option<reqwest::Client>) -> Result<Self, Error> {
        let transport = match http {
            Some(http) => Transport::new(http, &config),
            None => Transport::from_config(&config)?,
        };
        Ok(Self {
            shared: Arc::new(Shared::new(config)),
            transport,
            clock: Clock::start(),
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
