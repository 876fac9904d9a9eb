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

/// A client that can be made of settings and an HTTP client of its kind.
pub trait FromConfig: Sized {
    /// The HTTP client underneath, which can be handed in ready-made.
    type HttpClient;

    /// Makes the client; without an HTTP client it makes its own.
    ///
    /// # Errors
    ///
    /// The proxy or the certificates cannot be used.
    fn from_config(config: Config, http: Option<Self::HttpClient>) -> Result<Self, Error>;
}

/// Sets up a client, blocking or async alike.
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

    /// Sets the host of the API, for one that does not follow from the region.
    #[must_use]
    pub fn with_endpoint(
        mut self,
        endpoint: impl TryInto<Endpoint, Error: Into<InvalidValue>>,
    ) -> Self {
        self.endpoint = Some(endpoint.try_into().map_err(Into::into));
        self
    }

    /// Sets the host that authorizes uploads; `openplatform.aliyuncs.com` unless set.
    #[must_use]
    pub fn with_open_platform_endpoint(
        mut self,
        endpoint: impl TryInto<Endpoint, Error: Into<InvalidValue>>,
    ) -> Self {
        self.open_platform = Some(endpoint.try_into().map_err(Into::into));
        self
    }

    /// Uses the hosts inside the region's network for the API and uploads.
    ///
    /// They can be reached only from the same region. The open platform stays public.
    #[must_use]
    pub fn with_vpc(mut self, vpc: bool) -> Self {
        self.vpc = vpc;
        self
    }

    /// Uploads through OSS's accelerated host where the authorization offers it; not with a VPC.
    #[must_use]
    pub fn with_upload_acceleration(mut self, accelerate: bool) -> Self {
        self.accelerate_upload = accelerate;
        self
    }

    /// Lets pictures go to a host outside `aliyuncs.com`, with the scheme and port given.
    #[must_use]
    pub fn with_trusted_upload_host(
        mut self,
        host: impl TryInto<Endpoint, Error: Into<InvalidValue>>,
    ) -> Self {
        self.trusted_upload_hosts.push(host.try_into().map_err(Into::into));
        self
    }

    /// Sends everything to an emulator: API, upload authorizations and uploads.
    ///
    /// Without it, a client whose endpoint is an emulator still asks the public open platform where
    /// to upload, and so leaves the machine.
    #[must_use]
    pub fn with_emulator(mut self, url: &str) -> Self {
        let endpoint: Result<Endpoint, InvalidValue> = url.parse();
        self.region.get_or_insert(Ok(Region::CN_SHANGHAI));
        self.endpoint = Some(endpoint.clone());
        self.open_platform = Some(endpoint.clone());
        self.trusted_upload_hosts.push(endpoint);
        self
    }

    /// Allows `http://` for hosts other than this machine. Whoever listens can then read pictures
    /// and replay requests for 15 minutes.
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

    /// Sets the kind of signature.
    #[must_use]
    pub fn with_signature(mut self, signature: SignatureMethod) -> Self {
        self.signature = signature;
        self
    }

    /// Sets what is put before this SDK's name in the `User-Agent` header.
    #[must_use]
    pub fn with_user_agent(mut self, product: impl Into<String>) -> Self {
        self.user_agent = Some(product.into());
        self
    }

    /// Adds a header to every request, uploads and their authorizations included.
    ///
    /// Signatures do not cover it. [`build`](Self::build) refuses headers that the client sets
    /// itself: `authorization`, `host`, `x-acs-*`, `content-*` and those of the connection. A call
    /// replaces it with its own `with_header`.
    #[must_use]
    pub fn with_default_header(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.headers.push(name, value);
        self
    }

    /// Sets how long connecting may take; 5 seconds unless set.
    #[must_use]
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets how long one request may take; 20 seconds unless set.
    #[must_use]
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Sets how long a call may take in all, uploads, waiting and retries included; 60 seconds
    /// unless set.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets how often calls are tried; 3 times unless set.
    #[must_use]
    pub fn with_retry(mut self, retry: RetryPolicy) -> Self {
        self.retry = retry;
        self
    }

    /// Sets how many calls a second are made of each instance; no limit unless set.
    ///
    /// An instance handle can have a pacing of its own, and so can a call.
    #[must_use]
    pub fn with_pacing(mut self, pacing: Pacing) -> Self {
        self.pacing = pacing;
        self
    }

    /// Sets whether signatures follow the service's clock once it has refused a time stamp; they do
    /// unless set.
    ///
    /// The offset is read from the `Date` of the refusal and believed only after the service has
    /// taken a request that was signed with it.
    #[must_use]
    pub fn with_clock_correction(mut self, correct: bool) -> Self {
        self.clock_correction = correct;
        self
    }

    /// Sets whether requests are checked before they are sent; they are unless set.
    #[must_use]
    pub fn with_validation(mut self, validate: bool) -> Self {
        self.validate = validate;
        self
    }

    /// Sets how pictures travel; they are uploaded unless set.
    #[must_use]
    pub fn with_transfer(mut self, transfer: Transfer) -> Self {
        self.transfer = transfer;
        self
    }

    /// Sets how many requests the async client has under way at a time, each on a connection of its
    /// own; 128 unless set, and at least 1.
    ///
    /// Requests beyond it wait in the order in which they came, within their timeouts, so that
    /// thousands of calls at a time do not run out of file descriptors. Beyond its picture, which is
    /// not copied, a call holds about 10 KiB, and each connection about 40 KiB without TLS. Of the
    /// connections that are not used any more, up to a quarter of this number, rounded up, is kept for
    /// each host, for a minute and a half; an upload goes to three hosts. A ready-made client keeps as
    /// many as it was told to.
    ///
    /// The blocking client has no more requests under way than there are threads that call, on
    /// connections of about 70 KiB each without TLS, and keeps at most this many for later requests, in
    /// all and for 15 seconds.
    #[must_use]
    pub fn with_max_connections(mut self, connections: usize) -> Self {
        self.max_connections = connections;
        self
    }

    /// Sets the URL of an HTTP proxy; the environment's unless set.
    ///
    /// It looks like `http://user:password@proxy.example:8080`; special characters of user and
    /// password are percent-encoded, and what is before `@` may be left out.
    #[must_use]
    pub fn with_proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Trusts these certificates (DER) instead of the platform's roots.
    #[must_use]
    pub fn with_tls_roots(mut self, certificates: impl IntoIterator<Item = Bytes>) -> Self {
        self.tls_roots = Some(certificates.into_iter().collect());
        self
    }

    /// Uses a ready-made HTTP client; its proxy, TLS and connect timeout are its own.
    #[must_use]
    pub fn with_http_client(mut self, http: C::HttpClient) -> Self {
        self.http = Some(http);
        self
    }

    /// Calls a function after every attempt of every call, for metrics.
    ///
    /// The calls of a client may run in several threads, and the function delays the call that it is
    /// told of, so it should only count.
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

    /// Takes region and endpoint from environment variables where they are not set yet.
    ///
    /// `ALIBABA_CLOUD_REGION_ID` (or `ALIBABA_CLOUD_REGION`), `IMAGESEARCH_ENDPOINT` and
    /// `IMAGESEARCH_EMULATOR`, the URL of an emulator, are read through the function given.
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

/// Half of what a process may open where the limit is lowest (256, on macOS).
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
