use std::sync::Arc;

use bytes::Bytes;
use imagesearch_core::{Error, ErrorKind};
use imagesearch_system::root_store;
use rustls::ClientConfig;
use rustls_platform_verifier::Verifier;

/// Sets up TLS on ring, without touching the process-wide default provider.
///
/// The platform's roots are trusted, or the given ones instead.
pub(crate) fn config(roots: Option<&[Bytes]>) -> Result<ClientConfig, Error> {
    let unusable = |error: rustls::Error| {
        Error::new(ErrorKind::Config, "TLS cannot be set up").with_source(error)
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?;
    let builder = match roots {
        None => {
            let verifier = Verifier::new(provider).map_err(unusable)?;
            builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
        }
        Some(roots) => builder.with_root_certificates(root_store(roots)?),
    };
    Ok(builder.with_no_client_auth())
}
