//! The settings of a client, and the builder that both clients share.

mod build;
mod client_builder;
mod extra_headers;
mod options;
mod proxy;

pub use client_builder::{ClientBuilder, FromConfig};
pub use extra_headers::ExtraHeaders;
pub use options::{CallOptions, Transfer};

use std::{num::NonZeroUsize, sync::Arc, time::Duration};

use bytes::Bytes;

use crate::{
    credentials::CredentialsProvider, endpoint::Endpoint, observer::Observer, pacing::Pacing,
    retry::RetryPolicy, secret::Secret, sign::SignatureMethod, values::Region,
};

/// Half of the timeout of a request to the metadata service. A short connect timeout distinguishes
/// an absent service, which drops packets, from a slow one.
const DIRECT_CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// The validated settings of a client.
///
/// Created by [`ClientBuilder`] and read by transports.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Config {
    pub(crate) region: Option<Region>,
    pub(crate) api: Endpoint,
    pub(crate) open_platform: Endpoint,
    pub(crate) internal_upload: bool,
    pub(crate) accelerate_upload: bool,
    pub(crate) trusted_upload_hosts: Vec<Endpoint>,
    pub(crate) credentials: Arc<dyn CredentialsProvider>,
    pub(crate) signature: SignatureMethod,
    pub(crate) user_agent: http::HeaderValue,
    pub(crate) headers: http::HeaderMap,
    pub(crate) connect_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) retry: RetryPolicy,
    pub(crate) pacing: Pacing,
    pub(crate) clock_correction: bool,
    pub(crate) validate: bool,
    pub(crate) transfer: Transfer,
    pub(crate) response_cap: u64,
    pub(crate) max_connections: NonZeroUsize,
    // The URL may contain a password.
    pub(crate) proxy: Option<Secret>,
    pub(crate) tls_roots: Option<Vec<Bytes>>,
    pub(crate) observer: Observer,
}

impl Config {
    /// Returns the endpoint of operations.
    pub fn endpoint(&self) -> &Endpoint {
        &self.api
    }

    /// Returns the endpoint of upload authorizations.
    pub fn open_platform_endpoint(&self) -> &Endpoint {
        &self.open_platform
    }

    /// Returns the connect timeout.
    pub fn connect_timeout(&self) -> Duration {
        self.connect_timeout
    }

    /// Returns the connect timeout of requests that bypass proxies. Their servers are this machine,
    /// its link or its host, which respond at once or not at all.
    pub fn direct_connect_timeout(&self) -> Duration {
        self.connect_timeout.min(DIRECT_CONNECT_TIMEOUT)
    }

    /// Returns the maximum number of concurrent requests, each on its own connection. It also
    /// limits the number of idle connections.
    pub fn max_connections(&self) -> NonZeroUsize {
        self.max_connections
    }

    /// Returns the URL of the proxy, if one is set. Otherwise the environment may name one.
    pub fn proxy(&self) -> Option<&str> {
        self.proxy.as_ref().map(Secret::expose)
    }

    /// Returns the certificates (DER) that replace the platform's roots, if there are any.
    pub fn tls_roots(&self) -> Option<&[Bytes]> {
        self.tls_roots.as_deref()
    }
}
