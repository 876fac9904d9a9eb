use std::{sync::Arc, time::Duration};

use super::{Now, PreparedCall};
use crate::{
    attempt::ServiceClock,
    config::Config,
    credentials::{CredentialsCell, FetchSettings},
    pacing::{Limiter, Limiters},
    retry::{RetryBudget, TokenBucket},
};

/// The state that a client and its clones share.
///
/// All exchanges that share it must be driven by the same monotonic clock.
#[derive(Debug)]
pub struct Shared {
    pub(super) config: Config,
    pub(super) credentials: Arc<CredentialsCell>,
    pub(super) fetch_settings: Arc<FetchSettings>,
    pub(super) budget: Arc<dyn RetryBudget>,
    pub(super) clock: Arc<ServiceClock>,
    limiters: Limiters,
}

impl Shared {
    /// Creates the shared state of a client.
    pub fn new(config: Config) -> Self {
        let credentials = Arc::new(CredentialsCell::new(Arc::clone(&config.credentials)));
        let own = || Arc::new(TokenBucket::default()) as Arc<dyn RetryBudget>;
        let budget = config.retry.budget().cloned().unwrap_or_else(own);
        let clock = Arc::new(ServiceClock::new(config.clock_correction));
        let fetch_settings = Arc::new(FetchSettings {
            policy: config.retry.clone(),
            budget: Arc::clone(&budget),
            clock: Arc::clone(&clock),
            attempt_timeout: config.attempt_timeout,
            connect_timeout: config.connect_timeout,
            direct_connect_timeout: config.direct_connect_timeout(),
            max_body_bytes: config.response_cap,
            user_agent: config.user_agent.clone(),
            observer: config.observer.clone(),
        });
        Self { config, credentials, fetch_settings, budget, clock, limiters: Limiters::default() }
    }

    /// Returns the limiter of a call and the interval until the next start.
    pub(super) fn limiter(
        &self,
        call: &PreparedCall,
        now: Now,
    ) -> Option<(Arc<Limiter>, Duration)> {
        let group = call.quota_group()?;
        let pacing = call.options.pacing.as_ref().unwrap_or(&self.config.pacing);
        let interval = pacing.interval(group)?;
        Some((self.limiters.of(call.instance(), group, now.monotonic), interval))
    }

    /// Returns by how many milliseconds the service's clock is ahead of this machine's, measured
    /// after a refused timestamp.
    pub fn clock_offset_milliseconds(&self) -> i64 {
        self.clock.offset()
    }

    /// Returns the client's settings.
    pub fn config(&self) -> &Config {
        &self.config
    }
}
