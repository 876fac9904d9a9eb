use bytes::Bytes;
use imagesearch_core::{Error, ErrorKind};
use rustls::{RootCertStore, pki_types::CertificateDer};

/// Reads trusted certificates in DER.
///
/// ```
/// use bytes::Bytes;
///
/// let error = imagesearch_system::root_store(&[Bytes::from("no certificate")]).unwrap_err();
/// assert!(error.to_string().contains("pass certificates in DER"));
/// ```
///
/// # Errors
///
/// One of them is not a certificate.
pub fn root_store(certificates: &[Bytes]) -> Result<RootCertStore, Error> {
    let mut store = RootCertStore::empty();
    for certificate in certificates {
        store.add(CertificateDer::from(certificate.to_vec())).map_err(|error| {
            Error::new(ErrorKind::Config, "a certificate of the TLS roots is not valid")
                .with_source(error)
                .with_advice("pass certificates in DER; PEM is Base64 of it")
        })?;
    }
    Ok(store)
}
