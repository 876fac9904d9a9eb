use std::sync::Arc;

use bytes::Bytes;
use imagesearch_core::{Error, ErrorKind};
use imagesearch_system::root_store;
use rustls::ClientConfig;
use rustls_platform_verifier::Verifier;

/// Creates the TLS settings with ring, without the process-wide default provider.
///
/// The trusted roots are the platform's or the given ones.
pub(crate) fn config(roots: Option<&[Bytes]>) -> Result<ClientConfig, Error> {
    let unusable = |error: rustls::Error| {
        Error::new(ErrorKind::Config, "could not set up TLS").with_source(error)
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
