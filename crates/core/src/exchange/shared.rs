use std::sync::Arc;

use crate::{config::Config, credentials::CredentialsCell};

/// What a client and its clones have in common.
///
/// Later issues add to it: the retry budget, pacing permits and the clock's skew.
#[derive(Debug)]
pub struct Shared {
    pub(super) config: Config,
    pub(super) credentials: Arc<CredentialsCell>,
}

impl Shared {
    /// Makes the common part of a client.
    pub fn new(config: Config) -> Self {
        let credentials = Arc::new(CredentialsCell::new(Arc::clone(&config.credentials)));
        Self { config, credentials }
    }

    /// Returns the client's settings.
    pub fn config(&self) -> &Config {
        &self.config
    }
}
