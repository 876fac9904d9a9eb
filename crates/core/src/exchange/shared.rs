use std::{sync::Arc, time::Duration};

use super::{Now, Prepared, clock_skew::ClockOffset};
use crate::{
    config::Config,
    credentials::CredentialsCell,
    pacing::{Limiter, Limiters},
    retry::{RetryBudget, TokenBucket},
};

/// What a client and its clones have in common.
///
/// Exchanges that share it are driven with times of one monotonic clock.
#[derive(Debug)]
pub struct Shared {
    pub(super) config: Config,
    pub(super) credentials: Arc<CredentialsCell>,
    pub(super) budget: Arc<dyn RetryBudget>,
    pub(super) clock_offset: ClockOffset,
    limiters: Limiters,
}

impl Shared {
    /// Makes the common part of a client.
    pub fn new(config: Config) -> Self {
        let credentials = Arc::new(CredentialsCell::new(Arc::clone(&config.credentials)));
        let own = || Arc::new(TokenBucket::default()) as Arc<dyn RetryBudget>;
        let budget = config.retry.budget().cloned().unwrap_or_else(own);
        Self {
            config,
            credentials,
            budget,
            clock_offset: ClockOffset::default(),
            limiters: Limiters::default(),
        }
    }

    /// Finds what limits a call, and how long its start keeps the next waiting, if it is paced.
    pub(super) fn limiter(&self, call: &Prepared, now: Now) -> Option<(Arc<Limiter>, Duration)> {
        let group = call.quota_group()?;
        let pacing = call.options.pacing.as_ref().unwrap_or(&self.config.pacing);
        let interval = pacing.interval(group)?;
        Some((self.limiters.of(call.instance(), group, now.mono), interval))
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
