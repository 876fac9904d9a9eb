use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;

use super::{Config, ExtraHeaders, Transfer};
use crate::{
    credentials::CredentialsProvider,
    endpoint::Endpoint,
    error::Error,
    observer::{AttemptRecord, Observer},
    pacing::Pacing,
    retry::RetryPolicy,
    sign::SignatureMethod,
    values::{InvalidValue, Region},
};

/// A client that a [`ClientBuilder`] can build.
pub trait FromConfig: Sized {
    /// The underlying HTTP client, which can be passed in ready-made.
    type HttpClient;

    /// Creates the client, and an HTTP client unless one is given.
    ///
    /// # Errors
    ///
    /// The proxy or the certificates are invalid.
    fn from_config(config: Config, http: Option<Self::HttpClient>) -> Result<Self, Error>;
}

/// Builds a client, blocking or async.
///
/// A region or an endpoint is all that is needed: credentials are found as the official SDKs find them
/// ([`CredentialsChain`](crate::credentials::CredentialsChain)) unless they are given. Nothing is checked before [`build`](Self::build), which reports what is wrong.
pub struct ClientBuilder<C: FromConfig> {
    pub(super) region: Option<Result<Region, InvalidValue>>,
    pub(super) endpoint: Option<Result<Endpoint, InvalidValue>>,
    pub(super) open_platform: Option<Result<Endpoint, InvalidValue>>,
    pub(super) vpc: bool,
    pub(super) accelerate_upload: bool,
    pub(super) trusted_upload_hosts: Vec<Result<Endpoint, InvalidValue>>,
    pub(super) insecure_http: bool,
    pub(crate) credentials: Option<Arc<dyn CredentialsProvider>>,
    pub(super) signature: SignatureMethod,
    pub(super) user_agent: Option<String>,
    pub(super) headers: ExtraHeaders,
    pub(super) connect_timeout: Duration,
    pub(super) attempt_timeout: Duration,
    pub(super) timeout: Duration,
    pub(super) retry: RetryPolicy,
    pub(super) pacing: Pacing,
    pub(super) clock_correction: bool,
    pub(super) validate: bool,
    pub(super) transfer: Transfer,
    pub(super) max_connections: usize,
    pub(super) proxy: Option<String>,
    pub(super) tls_roots: Option<Vec<Bytes>>,
    pub(super) observer: Observer,
    pub(super) http: Option<C::HttpClient>,
}

impl<C: FromConfig> Default for ClientBuilder<C> {
    fn default() -> Self {
        Self {
            region: None,
            endpoint: None,
            open_platform: None,
            vpc: false,
            accelerate_upload: false,
            trusted_upload_hosts: Vec::new(),
            insecure_http: false,
            credentials: None,
            signature: SignatureMethod::default(),
            user_agent: None,
            headers: ExtraHeaders::default(),
            connect_timeout: Duration::from_secs(5),
            attempt_timeout: Duration::from_secs(20),
            timeout: Duration::from_secs(60),
            retry: RetryPolicy::default(),
            pacing: Pacing::off(),
            clock_correction: true,
            validate: true,
            transfer: Transfer::default(),
            max_connections: MAX_CONNECTIONS,
            proxy: None,
            tls_roots: None,
            observer: Observer::default(),
            http: None,
        }
    }
}

impl<C: FromConfig> ClientBuilder<C> {
    /// Sets the region, a [`Region`] or its name.
    #[must_use]
    pub fn with_region(mut self, region: impl TryInto<Region, Error: Into<InvalidValue>>) -> Self {
        self.region = Some(region.try_into().map_err(Into::into));
        self
    }

    /// Sets the host of the API, if it is not the region's public one.
    #[must_use]
    pub fn with_endpoint(
        mut self,
        endpoint: impl TryInto<Endpoint, Error: Into<InvalidValue>>,
    ) -> Self {
        self.endpoint = Some(endpoint.try_into().map_err(Into::into));
        self
    }

    /// Sets the host that authorizes uploads. The default is `openplatform.aliyuncs.com`.
    #[must_use]
    pub fn with_open_platform_endpoint(
        mut self,
        endpoint: impl TryInto<Endpoint, Error: Into<InvalidValue>>,
    ) -> Self {
        self.open_platform = Some(endpoint.try_into().map_err(Into::into));
        self
    }

    /// Sets whether to use the hosts inside the region's VPC for the API and uploads.
    ///
    /// They are reachable only from the same region. Uploads are still authorized by the public
    /// open platform.
    #[must_use]
    pub fn with_vpc(mut self, vpc: bool) -> Self {
        self.vpc = vpc;
        self
    }

    /// Sets whether to upload through OSS's accelerated host, if the authorization offers it. Not
    /// for use in a VPC.
    #[must_use]
    pub fn with_upload_acceleration(mut self, accelerate: bool) -> Self {
        self.accelerate_upload = accelerate;
        self
    }

    /// Allows uploads to a host outside `aliyuncs.com`, with the given scheme and port.
    #[must_use]
    pub fn with_trusted_upload_host(
        mut self,
        host: impl TryInto<Endpoint, Error: Into<InvalidValue>>,
    ) -> Self {
        self.trusted_upload_hosts.push(host.try_into().map_err(Into::into));
        self
    }

    /// Sends all requests to an emulator: API, upload authorizations and uploads.
    ///
    /// If only the endpoint is an emulator, uploads are still authorized by the public open
    /// platform.
    #[must_use]
    pub fn with_emulator(mut self, url: &str) -> Self {
        let endpoint: Result<Endpoint, InvalidValue> = url.parse();
        self.region.get_or_insert(Ok(Region::CN_SHANGHAI));
        self.endpoint = Some(endpoint.clone());
        self.open_platform = Some(endpoint.clone());
        self.trusted_upload_hosts.push(endpoint);
        self
    }

    /// Sets whether to allow `http://` for hosts other than this machine. Anyone on the network can
    /// then read pictures and replay requests for 15 minutes.
    #[must_use]
    pub fn with_insecure_http(mut self, allow: bool) -> Self {
        self.insecure_http = allow;
        self
    }

    /// Sets what requests are signed with; unless set, the first source of the default
    /// [`CredentialsChain`](crate::credentials::CredentialsChain) that has a key: environment, OIDC role, CLI profile, shared file, RAM role
    /// of the ECS instance, credentials URI.
    #[must_use]
    pub fn with_credentials(mut self, credentials: impl CredentialsProvider + 'static) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }

    /// Sets the signature method.
    #[must_use]
    pub fn with_signature(mut self, signature: SignatureMethod) -> Self {
        self.signature = signature;
        self
    }

    /// Sets the first part of the `User-Agent` header, before this SDK's name.
    #[must_use]
    pub fn with_user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Adds a header to every request, including uploads and their authorizations.
    ///
    /// Signatures do not cover it. [`build`](Self::build) refuses headers that the client sets
    /// itself: `authorization`, `host`, `x-acs-*`, `content-*` and those of the connection.
    /// `with_header` of a call overrides it.
    #[must_use]
    pub fn with_default_header(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.headers.push(name, value);
        self
    }

    /// Sets the timeout for connecting. The default is 5 seconds.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the timeout of each request. The default is 20 seconds.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets the timeout of a call, including uploads, waits and retries. The default is 60 seconds.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the retry policy. The default is 3 attempts.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets the rate limits for the calls of each instance. The default is no limit.
    ///
    /// An instance handle and a call can override it. Calls start in order, so in the async client poll a
    /// call or drop it: a call that is held and not polled keeps its place.
    #[must_use]
    pub fn with_pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// Sets whether signatures follow the service's clock after it refused a timestamp. The default
    /// is `true`.
    ///
    /// The offset comes from the `Date` of the refusal, and applies to other calls only after the
    /// service has accepted a request signed with it.
    #[must_use]
    pub fn with_clock_correction(mut self, correct: bool) -> Self {
        self.clock_correction = correct;
        self
    }

    /// Sets whether requests are validated before they are sent. The default is `true`.
    #[must_use]
    pub fn with_validation(mut self, validate: bool) -> Self {
        self.validate = validate;
        self
    }

    /// Sets how pictures are sent. The default is an upload.
    #[must_use]
    pub fn with_transfer(mut self, transfer: Transfer) -> Self {
        self.transfer = transfer;
        self
    }

    /// Sets the maximum number of concurrent requests of the async client, each on its own
    /// connection: at least 1. The default is 128.
    ///
    /// Further requests wait in order, within their timeouts, so that thousands of concurrent calls
    /// do not run out of file descriptors. Besides its picture, which is not copied, a call takes
    /// about 10 KiB, and a connection about 40 KiB without TLS. Up to a quarter of this number,
    /// rounded up, of idle connections is kept for each host, for 90 seconds; an upload uses three
    /// hosts. A ready-made client has its own limit.
    ///
    /// The blocking client has at most one request per calling thread, on connections of about 70
    /// KiB each without TLS. It keeps at most this many idle connections, for 15 seconds.
    #[must_use]
    pub fn with_max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Sets the URL of an HTTP proxy. The default comes from the environment.
    ///
    /// The form is `http://user:password@proxy.example:8080`, with special characters of user and
    /// password percent-encoded; both are optional.
    #[must_use]
    pub fn with_proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Sets the trusted certificates (DER), instead of the platform's roots.
    #[must_use]
    pub fn with_tls_roots(mut self, certificates: impl IntoIterator<Item = Bytes>) -> Self {
        self.tls_roots = Some(certificates.into_iter().collect());
        self
    }

    /// Sets a ready-made HTTP client, with its own proxy, TLS and connect timeout.
    #[must_use]
    pub fn with_http_client(mut self, http: C::HttpClient) -> Self {
        self.http = Some(http);
        self
    }

    /// Sets a function that is called after every attempt of every call, for metrics.
    ///
    /// It may be called from several threads and delays the call, so it should return quickly.
    ///
    /// ```
    /// # use imagesearch_core::{ClientBuilder, client::FromConfig};
    /// use std::sync::{Arc, atomic::{AtomicUsize, Ordering}};
    ///
    /// fn counted<C: FromConfig>(builder: ClientBuilder<C>, failures: Arc<AtomicUsize>) -> ClientBuilder<C> {
    ///     builder.with_observer(move |attempt| {
    ///         if attempt.error.is_some() {
    ///             failures.fetch_add(1, Ordering::Relaxed);
    ///         }
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn with_observer(
        mut self,
        observe: impl Fn(&AttemptRecord<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.observer = Observer::new(observe);
        self
    }

    /// Reads region and endpoint from environment variables, unless they are set.
    ///
    /// `ALIBABA_CLOUD_REGION_ID` (or `ALIBABA_CLOUD_REGION`), `IMAGESEARCH_ENDPOINT` and
    /// `IMAGESEARCH_EMULATOR`, the URL of an emulator, are read with the given function.
    #[must_use]
    pub fn with_environment(mut self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let region =
            variable("ALIBABA_CLOUD_REGION_ID").or_else(|| variable("ALIBABA_CLOUD_REGION"));
        if let (None, Some(region)) = (&self.region, region) {
            self.region = Some(region.parse());
        }
        if self.endpoint.is_none() {
            if let Some(url) = variable("IMAGESEARCH_EMULATOR") {
                return self.with_emulator(&url);
            }
            self.endpoint = variable("IMAGESEARCH_ENDPOINT").map(|endpoint| endpoint.parse());
        }
        self
    }
}

/// Half of the lowest default limit of open files (256, on macOS).
const MAX_CONNECTIONS: usize = 128;

impl<C: FromConfig> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ClientBuilder")
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .field("open_platform", &self.open_platform)
            .field("vpc", &self.vpc)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}
