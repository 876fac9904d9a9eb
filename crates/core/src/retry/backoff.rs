use std::{fmt, sync::Arc, time::Duration};

use super::FailedAttempt;
use crate::error_table::RetryClass;

/// Decides how long to wait before the next attempt.
///
/// A longer wait that the service asks for takes precedence.
///
/// ```
/// # use imagesearch_core::{RetryPolicy, retry::{Backoff, FailedAttempt}};
/// use std::time::Duration;
///
/// #[derive(Debug)]
/// struct EverySecond;
///
/// impl Backoff for EverySecond {
///     fn delay(&self, _failed: &FailedAttempt<'_>, _random: u64) -> Duration {
///         Duration::from_secs(1)
///     }
/// }
///
/// let policy = RetryPolicy::default().with_backoff(EverySecond);
/// # let _ = policy;
/// ```
pub trait Backoff: fmt::Debug + Send + Sync {
    /// Returns the delay before the next attempt. `random` is uniformly distributed.
    fn delay(&self, failed: &FailedAttempt<'_>, random: u64) -> Duration;
}

impl<B: Backoff + ?Sized> Backoff for Arc<B> {
    fn delay(&self, failed: &FailedAttempt<'_>, random: u64) -> Duration {
        (**self).delay(failed, random)
    }
}

/// Truncated exponential backoff with full jitter. The default.
///
/// The bound of the delay doubles with each attempt up to a cap, and the delay is drawn uniformly
/// from zero up to the bound, so that clients that failed together do not retry together. After
/// throttling the bounds start higher, since the service counts calls per second.
///
/// ```
/// # use imagesearch_core::{RetryPolicy, retry::FullJitter};
/// use std::time::Duration;
///
/// let swift = FullJitter::default()
///     .with_base_delay(Duration::from_millis(20))
///     .with_max_delay(Duration::from_secs(1));
/// let policy = RetryPolicy::default().with_backoff(swift);
/// # let _ = policy;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FullJitter {
    base: Duration,
    throttle_base: Duration,
    max: Duration,
}

impl Default for FullJitter {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(100),
            throttle_base: Duration::from_secs(1),
            max: Duration::from_secs(20),
        }
    }
}

impl FullJitter {
    /// Sets the bound of the first delay; 100 ms by default.
    #[must_use]
    pub fn with_base_delay(mut self, base_delay: Duration) -> Self {
        self.base = base_delay;
        self
    }

    /// Sets the bound of the first delay after the service throttled a call; 1 s by default.
    #[must_use]
    pub fn with_throttle_delay(mut self, throttle_delay: Duration) -> Self {
        self.throttle_base = throttle_delay;
        self
    }

    /// Sets the bound of every delay; 20 s by default.
    ///
    /// A longer wait that the service asks for is kept all the same, up to
    /// [`RetryPolicy::with_max_retry_after`](super::RetryPolicy::with_max_retry_after).
    #[must_use]
    pub fn with_max_delay(mut self, max_delay: Duration) -> Self {
        self.max = max_delay;
        self
    }
}

impl Backoff for FullJitter {
    fn delay(&self, failed: &FailedAttempt<'_>, random: u64) -> Duration {
        let base = match failed.class {
            RetryClass::Throttle => self.throttle_base,
            _ => self.base,
        };
        let doublings = failed.attempts.saturating_sub(1);
        let bound = base.saturating_mul(1_u32.checked_shl(doublings).unwrap_or(u32::MAX));
        // 53 bits fill a float exactly; the quotient is uniform in [0, 1).
        let fraction = (random >> 11) as f64 / (1_u64 << 53) as f64;
        bound.min(self.max).mul_f64(fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn draws_from_zero_up_to_a_doubling_bound() {
        let error = Error::config("any");
        for (attempts, class, bound_ms) in [
            (1, RetryClass::Transient, 100),
            (2, RetryClass::Transient, 200),
            (5, RetryClass::Transient, 1_600),
            (20, RetryClass::Transient, 20_000),
            (u32::MAX, RetryClass::Transient, 20_000),
            (1, RetryClass::Throttle, 1_000),
            (3, RetryClass::Throttle, 4_000),
        ] {
            let failed = FailedAttempt::new("Detail", &error, class).with_attempts(attempts);
            let bound = Duration::from_millis(bound_ms);
            let backoff = FullJitter::default();
            assert_eq!(backoff.delay(&failed, 0), Duration::ZERO);
            let middle = backoff.delay(&failed, u64::MAX / 2);
            assert!(middle <= bound / 2 && middle > bound.mul_f64(0.499), "{attempts} {middle:?}");
            let longest = backoff.delay(&failed, u64::MAX);
            assert!(longest <= bound && longest > bound.mul_f64(0.999), "{attempts} {longest:?}");
        }
    }
}
