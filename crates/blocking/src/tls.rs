use bytes::Bytes;
use imagesearch_core::Error;
use imagesearch_system::root_store;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// Creates the TLS settings, with the platform's roots or the given ones.
pub(crate) fn config(roots: Option<&[Bytes]>) -> Result<TlsConfig, Error> {
    let roots = match roots {
        None => RootCerts::PlatformVerifier,
        Some(roots) => {
            // ureq skips certificates that it cannot read.
            root_store(roots)?;
            let certificates = roots.iter().map(|der| Certificate::from_der(der).to_owned());
            RootCerts::new_with_certs(&certificates.collect::<Vec<_>>())
        }
    };
    Ok(TlsConfig::builder().root_certs(roots).build())
}
