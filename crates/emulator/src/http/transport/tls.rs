//! HTTPS with certificates of the emulator's own making.
//!
//! The official SDKs upload over HTTPS whatever protocol they are configured for, so the emulator
//! needs a certificate. An authority of its own signs it, made on the first start; clients trust
//! that one, and nothing else on the machine has to.

mod authority;

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::SanType;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::ServerCertVerifier as _;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{self, RootCertStore, ServerConfig};

use authority::{CertificateAuthority, Leaf};

/// What an HTTPS connection begins with: the content type of a handshake record.
pub(crate) const HANDSHAKE_RECORD: u8 = 0x16;

/// The names that every certificate is for, besides the public host.
///
/// Many clients, rustls and OpenSSL among them, want a wildcard to have two labels behind it, and so
/// take no name below `localhost`. It does no harm, and uploads go by address anyway.
const NAMES: [&str; 2] = ["localhost", "*.localhost"];

/// The addresses that every certificate is for.
const ADDRESSES: [IpAddr; 2] =
    [IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)];

/// Speaks TLS, with a certificate made for this run.
pub(crate) struct Tls {
    pub(crate) acceptor: TlsAcceptor,
    pub(crate) ca_pem: String,
    pub(crate) ca_der: Vec<u8>,
    pub(crate) ca_file: Option<PathBuf>,
}

impl Tls {
    /// Takes the authority of a folder, or one for this run only, and issues a certificate.
    ///
    /// The certificate is for this machine's own names and for `hosts`, each a name or an address,
    /// with or without a port.
    pub(crate) fn new(ca_dir: Option<&Path>, hosts: &[&str]) -> Result<Self, TlsError> {
        let authority = match ca_dir {
            Some(folder) => CertificateAuthority::of_folder(folder)?,
            None => CertificateAuthority::for_this_run()?,
        };
        let leaf = authority.issue(alternative_names(hosts)?)?;
        let provider = Arc::new(ring::default_provider());
        check(authority.certificate(), &leaf.certificate, &provider).map_err(|source| {
            TlsError::NotTrusted { folder: ca_dir.map(Path::to_owned), source }
        })?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(server_config(leaf, provider)?)),
            ca_der: authority.certificate().to_vec(),
            ca_file: authority.file().map(Path::to_owned),
            ca_pem: authority.into_pem(),
        })
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Tls").field("ca_file", &self.ca_file).finish_non_exhaustive()
    }
}

fn alternative_names(hosts: &[&str]) -> Result<Vec<SanType>, TlsError> {
    let mut names: Vec<SanType> = ADDRESSES.into_iter().map(SanType::IpAddress).collect();
    for host in NAMES.iter().chain(hosts) {
        let name = match address(host) {
            Some(address) => SanType::IpAddress(address),
            None => SanType::DnsName(without_port(host).try_into()?),
        };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}

/// Reads an address; one of IPv6 with a port is in brackets.
fn address(host: &str) -> Option<IpAddr> {
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match bracketed {
        Some((address, _)) => address.parse().ok(),
        None => host.parse().ok().or_else(|| without_port(host).parse().ok()),
    }
}

fn without_port(host: &str) -> &str {
    host.split_once(':').map_or(host, |(name, _)| name)
}

/// Checks that a client which trusts the authority will trust the certificate.
///
/// A folder may hold the certificate of another key, or an authority that has expired. Better to
/// learn of it here than from the handshake failures of clients.
fn check(
    authority: &CertificateDer<'static>,
    leaf: &CertificateDer<'static>,
    provider: &Arc<CryptoProvider>,
) -> Result<(), rustls::Error> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.clone())?;
    let verifier =
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
            .build()
            .map_err(|error| rustls::Error::General(error.to_string()))?;
    let name = ServerName::from(ADDRESSES[0]);
    verifier.verify_server_cert(leaf, &[], &name, &[], UnixTime::now()).map(|_| ())
}

fn server_config(leaf: Leaf, provider: Arc<CryptoProvider>) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.certificate], leaf.key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Why HTTPS is not available.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("{} is unusable: {source}", path.display())]
    File { path: PathBuf, source: std::io::Error },
    #[error(
        "{} is readable by other users, who could impersonate any host; run `chmod 600` \
         on it, or delete it for a new one", path.display()
    )]
    KeyIsExposed { path: PathBuf },
    #[error("{} holds no {expected}; delete it for a new one", path.display())]
    NoPem { path: PathBuf, expected: &'static str },
    #[error(
        "the certificate authority{} does not vouch for the certificate made with its key: \
         {source}; delete ca.pem and ca-key.pem for new ones",
        folder.as_deref().map(|folder| format!(" in {}", folder.display())).unwrap_or_default()
    )]
    NotTrusted { folder: Option<PathBuf>, source: rustls::Error },
    #[error("could not create a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    #[error("could not set up TLS: {0}")]
    Rustls(#[from] rustls::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_become_names_or_addresses() {
        let address = |text: &str| Some(text.parse::<IpAddr>().unwrap());
        for (host, expected) in [
            ("127.0.0.1:80", address("127.0.0.1")),
            ("10.0.0.1", address("10.0.0.1")),
            ("[::1]:80", address("::1")),
            ("::1", address("::1")),
            ("oss.emulator:80", None),
            ("localhost", None),
        ] {
            assert_eq!(super::address(host), expected, "{host}");
        }
        let names = alternative_names(&["127.0.0.1:80", "oss.emulator:80", "10.0.0.1"]).unwrap();
        let own = ADDRESSES.len() + NAMES.len();
        assert_eq!(names.len(), own + 2, "{names:?}");
        assert!(names.contains(&SanType::DnsName("oss.emulator".try_into().unwrap())));
    }
}
