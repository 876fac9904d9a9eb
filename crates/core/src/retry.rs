use std::time::Duration;

use crate::error_table::RetryClass;

/// How often a call is tried, and how long it waits in between.
///
/// Delays grow exponentially up to a cap and are drawn at random from zero up ("full jitter"), so
/// that many clients that failed together do not come back together. What may not be safe to repeat
/// is never repeated, whatever the policy.
///
/// ```
/// use std::time::Duration;
/// use imagesearch_core::RetryPolicy;
///
/// let patient = RetryPolicy::default().with_max_attempts(5).with_max_delay(Duration::from_secs(60));
/// assert_eq!(patient.max_attempts(), 5);
/// assert_eq!(RetryPolicy::never().max_attempts(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetryPolicy {
    max_attempts: u32,
    base_delay: Duration,
    throttle_delay: Duration,
    max_delay: Duration,
}

impl Default for RetryPolicy {
    /// Makes a policy of 3 attempts, delays of up to 100 ms doubling up to 20 s, and of up to 1 s
    /// doubling where the service throttles, whose limits count by the second.
    fn default() -> Self {
        Self {
            max_attempts: 3,
            base_delay: Duration::from_millis(100),
            throttle_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(20),
        }
    }
}

impl RetryPolicy {
    /// Makes a policy of one attempt.
    pub fn never() -> Self {
        Self::default().with_max_attempts(1)
    }

    /// Sets how often each request is sent at most, the first time included.
    #[must_use]
    pub fn with_max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts.max(1);
        self
    }

    /// Sets the upper bound of the first delay.
    #[must_use]
    pub fn with_base_delay(mut self, base_delay: Duration) -> Self {
        self.base_delay = base_delay;
        self
    }

    /// Sets the upper bound of the first delay after the service throttled a call.
    #[must_use]
    pub fn with_throttle_delay(mut self, throttle_delay: Duration) -> Self {
        self.throttle_delay = throttle_delay;
        self
    }

    /// Sets the upper bound of every delay.
    #[must_use]
    pub fn with_max_delay(mut self, max_delay: Duration) -> Self {
        self.max_delay = max_delay;
        self
    }

    /// Returns how often each request is sent at most.
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Returns the delay before the next attempt, if there is to be one.
    ///
    /// `random` is uniform over all its values.
    pub(crate) fn delay(&self, attempts: u32, class: RetryClass, random: u64) -> Option<Duration> {
        if attempts >= self.max_attempts {
            return None;
        }
        let base = match class {
            RetryClass::Never => return None,
            // Nothing is overloaded, so there is nothing to wait for; and one new nonce or one new
            // clock must do.
            RetryClass::NewNonce if attempts == 1 => return Some(Duration::ZERO),
            RetryClass::NewNonce | RetryClass::Clock | RetryClass::Credentials => return None,
            RetryClass::Throttle => self.throttle_delay,
            RetryClass::Transient => self.base_delay,
        };
        let doubled = base.saturating_mul(1_u32.checked_shl(attempts - 1).unwrap_or(u32::MAX));
        let bound = doubled.min(self.max_delay);
        // 53 bits fill a float exactly; the quotient is uniform in [0, 1).
        let fraction = (random >> 11) as f64 / (1_u64 << 53) as f64;
        Some(bound.mul_f64(fraction))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_full_jitter_under_a_doubling_cap() {
        let policy = RetryPolicy::default().with_max_attempts(40);
        let longest = u64::MAX;
        for (attempts, class, bound_ms) in [
            (1, RetryClass::Transient, 100),
            (2, RetryClass::Transient, 200),
            (5, RetryClass::Transient, 1_600),
            (20, RetryClass::Transient, 20_000),
            (39, RetryClass::Transient, 20_000),
            (1, RetryClass::Throttle, 1_000),
            (3, RetryClass::Throttle, 4_000),
        ] {
            let bound = Duration::from_millis(bound_ms);
            assert_eq!(policy.delay(attempts, class, 0), Some(Duration::ZERO));
            let delay = policy.delay(attempts, class, longest).unwrap();
            assert!(delay <= bound && delay > bound.mul_f64(0.999), "{attempts} {delay:?}");
        }
    }

    #[test]
    fn stops_where_a_repetition_is_of_no_use() {
        let policy = RetryPolicy::default();
        for (attempts, class, again) in [
            (1, RetryClass::Never, false),
            (2, RetryClass::Transient, true),
            (3, RetryClass::Transient, false),
            (1, RetryClass::NewNonce, true),
            (2, RetryClass::NewNonce, false),
            (u32::MAX, RetryClass::Throttle, false),
        ] {
            assert_eq!(policy.delay(attempts, class, 7).is_some(), again, "{attempts} {class:?}");
        }
        assert_eq!(RetryPolicy::never().delay(1, RetryClass::Transient, 7), None);
    }
}
