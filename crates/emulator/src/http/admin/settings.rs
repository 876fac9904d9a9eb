//! The settings of the admin API.

use std::path::PathBuf;

use super::access::Access;
use crate::http::transport::shutdown::ShutdownHandle;
use crate::store::StoreOptions;

/// What the admin API knows besides the state of the service.
#[derive(Debug)]
pub(crate) struct AdminSettings {
    pub(crate) access: Access,
    /// The certificate that HTTPS clients must trust.
    pub(crate) ca_pem: String,
    /// The file that holds the certificate, if a folder was given for it.
    pub(crate) ca_file: Option<PathBuf>,
    /// How pictures are stored.
    pub(crate) storage: StoreOptions,
    pub(crate) stop: ShutdownHandle,
}
