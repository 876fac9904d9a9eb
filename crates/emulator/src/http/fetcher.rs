//! Fetches pictures from allowed hosts only.
//!
//! Otherwise a caller could make the emulator read what only its machine or network can reach. So
//! every host must be allowed, names must not lead to private addresses, redirects are not
//! followed, no proxy is used, and size and time are limited.

mod address;
mod host_pattern;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::service::fetch::Fetch;
use crate::service::refusal::Refusal;
use address::is_public;
use host_pattern::HostPattern;

pub(crate) use host_pattern::MalformedPattern;

/// The longest picture that is read, in bytes; operations refuse longer ones.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// Fetches from the hosts that patterns name.
#[derive(Clone, Debug)]
pub(crate) struct Fetcher {
    patterns: Arc<[HostPattern]>,
    agent: Agent,
}

impl Fetcher {
    /// Reads the patterns; without any, nothing is fetched. A download may take so long.
    pub(crate) fn new(patterns: &[String], time: Duration) -> Result<Self, MalformedPattern> {
        let patterns: Vec<_> =
            patterns.iter().map(|pattern| pattern.parse()).collect::<Result<_, _>>()?;
        let patterns: Arc<[HostPattern]> = patterns.into();
        let config = Agent::config_builder()
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(time))
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .build();
        let resolver = AllowedAddresses { patterns: Arc::clone(&patterns) };
        Ok(Self {
            patterns,
            agent: Agent::with_parts(config, DefaultConnector::default(), resolver),
        })
    }

    fn post(&self, url: &str, body: &serde_json::Value) -> Result<u16, NotCalled> {
        let url = self.admit(url)?;
        let post = self.agent.post(url).content_type("application/json").send(body.to_string());
        post.map(|answer| answer.status().as_u16()).map_err(NotCalled::Failed)
    }

    /// Reads a URL and checks that its host was allowed.
    fn admit(&self, url: &str) -> Result<Uri, Inadmissible> {
        let url: Uri = url.parse().map_err(Inadmissible::Malformed)?;
        let authority = url.authority().ok_or(Inadmissible::NoHost)?;
        if authority.as_str().contains('@') {
            return Err(Inadmissible::UserName);
        }
        let host = authority.host();
        if !self.patterns.iter().any(|pattern| pattern.matches(host)) {
            return Err(Inadmissible::Host(host.to_owned()));
        }
        Ok(url)
    }
}

impl Fetch for Fetcher {
    fn picture(&self, url: &str) -> Result<Bytes, Refusal> {
        let refused = |reason: String| Refusal::of("InvalidPicUrl").because(reason);
        let url = self.admit(url).map_err(|error| match error {
            Inadmissible::Host(_) => refused(format!(
                "{error}; upload the picture, send it as Base64, or allow the host when the emulator \
                 starts"
            )),
            other => refused(other.to_string()),
        })?;
        let mut response = self.agent.get(url).call().map_err(|error| explain(&error))?;
        if response.status() != 200 {
            let status = response.status().as_u16();
            return Err(refused(format!("the host answered {status}; redirects are not followed")));
        }
        let body = response.body_mut().with_config().limit(MAX_BYTES);
        body.read_to_vec().map(Bytes::from).map_err(|error| explain(&error))
    }

    fn notify(&self, url: &str, body: &serde_json::Value) -> Result<u16, String> {
        self.post(url, body).map_err(|error| error.to_string())
    }
}

/// Why a URL is not even tried.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Inadmissible {
    #[error("the URL is malformed: {0}")]
    Malformed(ureq::http::uri::InvalidUri),
    #[error("the URL has no host")]
    NoHost,
    #[error("a URL with a user name is not allowed")]
    UserName,
    #[error("host {0} is not allowed")]
    Host(String),
}

/// Why an address was not called, or did not answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotCalled {
    #[error("not called: {0}; allow the host with --allow-fetch (allow_fetch in code)")]
    Inadmissible(#[from] Inadmissible),
    #[error("failed: {0}")]
    Failed(ureq::Error),
}

fn explain(error: &ureq::Error) -> Refusal {
    match error {
        ureq::Error::Timeout(_) => Refusal::of("TimeoutForTransferImage"),
        ureq::Error::BodyExceedsLimit(_) => Refusal::of("InvalidPicContent"),
        ureq::Error::Other(error) if error.is::<PrivateAddress>() => {
            Refusal::of("InvalidPicUrl").because(error.to_string())
        }
        other => Refusal::of("PictureError").because(other.to_string()),
    }
}

/// Resolves names and refuses those that lead where only this machine or its network reaches.
///
/// The connection goes to the very addresses that were checked, so a name cannot change in between.
#[derive(Debug)]
struct AllowedAddresses {
    patterns: Arc<[HostPattern]>,
}

impl Resolver for AllowedAddresses {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let host = uri.host().unwrap_or_default().to_owned();
        let addresses = DefaultResolver::default().resolve(uri, config, timeout)?;
        let allowed = |address: IpAddr| {
            is_public(address)
                || self.patterns.iter().any(|pattern| pattern.names_private(&host, address))
        };
        match addresses.iter().map(SocketAddr::ip).find(|address| !allowed(*address)) {
            Some(address) => Err(ureq::Error::Other(Box::new(PrivateAddress { host, address }))),
            None => Ok(addresses),
        }
    }
}

/// A name leads to an address that is not public, and no pattern names that address.
#[derive(Debug, thiserror::Error)]
#[error("{host} is at {address}, which is not public; such an address must be allowed literally")]
struct PrivateAddress {
    host: String,
    address: IpAddr,
}
