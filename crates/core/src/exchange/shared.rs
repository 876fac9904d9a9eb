use std::sync::Arc;

use super::clock_skew::ClockOffset;
use crate::{
    config::Config,
    credentials::CredentialsCell,
    retry::{RetryBudget, TokenBucket},
};

/// What a client and its clones have in common.
///
/// Later issues add to it: the retry budget, pacing permits and the clock's skew.
#[derive(Debug)]
pub struct Shared {
    pub(super) config: Config,
    pub(super) credentials: Arc<CredentialsCell>,
    pub(super) budget: Arc<dyn RetryBudget>,
    pub(super) clock_offset: ClockOffset,
}

impl Shared {
    /// Makes the common part of a client.
    pub fn new(config: Config) -> Self {
        let credentials = Arc::new(CredentialsCell::new(Arc::clone(&config.credentials)));
        let own = || Arc::new(TokenBucket::default()) as Arc<dyn RetryBudget>;
        let budget = config.retry.budget().cloned().unwrap_or_else(own);
        Self { config, credentials, budget, clock_offset: ClockOffset::default() }
    }

    /// Returns by how many milliseconds the service's clock is ahead of this machine's, as far as a
    /// refused time stamp has shown it.
    pub fn clock_offset_milliseconds(&self) -> i64 {
        self.clock_offset.get()
    }

    /// Returns the client's settings.
    pub fn config(&self) -> &Config {
        &self.config
    }
}
