//! What a client is set up with, and the builder that both clients share.

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

/// Half of the second that a request to the metadata service may take: where nobody is there, packets
/// are dropped, and that is told from a service that is slow.
const DIRECT_CONNECT_TIMEOUT: Duration = Duration::from_millis(500);

/// The settings of a client, checked and complete.
///
/// Made by [`ClientBuilder`]; transports read from it what concerns them.
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
    // Its URL may hold a password.
    pub(crate) proxy: Option<Secret>,
    pub(crate) tls_roots: Option<Vec<Bytes>>,
    pub(crate) observer: Observer,
}

impl Config {
    /// Returns where operations go.
    pub fn endpoint(&self) -> &Endpoint {
        &self.api
    }

    /// Returns where upload authorizations are asked for.
    pub fn open_platform_endpoint(&self) -> &Endpoint {
        &self.open_platform
    }

    /// Returns how long connecting may take.
    pub fn connect_timeout(&self) -> Duration {
        self.connect_timeout
    }

    /// Returns how long connecting may take for requests that go past proxies: what answers is this
    /// machine, its link or its host, at once or not at all.
    pub fn direct_connect_timeout(&self) -> Duration {
        self.connect_timeout.min(DIRECT_CONNECT_TIMEOUT)
    }

    /// Returns how many requests are under way at a time at most, each on a connection of its own,
    /// where the transport has no other bound, and what bounds the connections kept for later ones.
    pub fn max_connections(&self) -> NonZeroUsize {
        self.max_connections
    }

    /// Returns the URL of the proxy, if one was set; otherwise the environment may name one.
    pub fn proxy(&self) -> Option<&str> {
        self.proxy.as_ref().map(Secret::expose)
    }

    /// Returns the certificates (DER) that replace the platform's roots, if they do.
    pub fn tls_roots(&self) -> Option<&[Bytes]> {
        self.tls_roots.as_deref()
    }
}
