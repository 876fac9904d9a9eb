use bytes::Bytes;
use imagesearch_core::{Error, ErrorKind};
use rustls::{RootCertStore, pki_types::CertificateDer};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Sets up TLS: the platform's roots are trusted, or the given ones instead.
pub(crate) fn config(roots: Option<&[Bytes]>) -> Result<TlsConfig, Error> {
    let roots = match roots {
        None => RootCerts::PlatformVerifier,
        Some(roots) => {
            // ureq passes over what it cannot read.
            let mut store = RootCertStore::empty();
            for root in roots {
                store.add(CertificateDer::from(root.to_vec())).map_err(|error| {
                    Error::new(ErrorKind::Config, "a certificate of the TLS roots cannot be used")
                        .with_source(error)
                        .with_advice("pass certificates in DER; PEM has them in Base64")
                })?;
            }
            let certificates = roots.iter().map(|der| Certificate::from_der(der).to_owned());
            RootCerts::new_with_certs(&certificates.collect::<Vec<_>>())
        }
    };
    Ok(TlsConfig::builder().root_certs(roots).build())
}
