//! Retries: whether, when and how often a failed attempt is repeated.
//!
//! A [`RetryPolicy`] combines three policies, for a client or for one call: whether another attempt
//! can help ([`RetryClassifier`]), how long to wait before it ([`Backoff`]), and whether the client
//! has retried too much already ([`RetryBudget`]).

mod backoff;
mod budget;
mod classifier;
mod failed_attempt;
mod retry_after;

pub(crate) use budget::RetryTokens;
pub(crate) use retry_after::{date, retry_after};

pub use backoff::{Backoff, FullJitter};
pub use budget::{RetryBudget, TokenBucket};
pub use classifier::{BySpecification, RetryClassifier};
pub use failed_attempt::FailedAttempt;

use std::{sync::Arc, time::Duration};

use crate::error_table::RetryClass;

/// How often a request is tried, and how long to wait in between.
///
/// The default is 3 attempts with [`FullJitter`] between them, after failures that the
/// specification calls transient ([`BySpecification`]), while the client's [`TokenBucket`] lasts. A
/// wait that the service asks for is honoured up to 2 minutes. Whatever the policy, a request that
/// may not be safe to repeat is never retried, and no wait goes beyond the call's deadline.
///
/// ```
/// # use imagesearch_core::{RetryPolicy, retry::FullJitter};
/// use std::time::Duration;
///
/// let patient = RetryPolicy::default()
///     .with_max_attempts(5)
///     .with_backoff(FullJitter::default().with_max_delay(Duration::from_secs(60)));
/// assert_eq!(patient.max_attempts(), 5);
/// assert_eq!(RetryPolicy::never().max_attempts(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    max_attempts: u32,
    max_retry_after: Duration,
    backoff: Arc<dyn Backoff>,
    classifier: Arc<dyn RetryClassifier>,
    budget: Option<Arc<dyn RetryBudget>>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            max_retry_after: Duration::from_secs(120),
            backoff: Arc::new(FullJitter::default()),
            classifier: Arc::new(BySpecification),
            budget: None,
        }
    }
}

impl RetryPolicy {
    /// Creates a policy without retries.
    pub fn never() -> Self {
        Self::default().with_max_attempts(1)
    }

    /// Sets the maximum number of attempts for each request, including the first.
    #[must_use]
    pub fn with_max_attempts(mut self, max_attempts: u32) -> Self {
        self.max_attempts = max_attempts.max(1);
        self
    }

    /// Sets the maximum wait that the service can ask for; a longer one is shortened to it.
    #[must_use]
    pub fn with_max_retry_after(mut self, max_retry_after: Duration) -> Self {
        self.max_retry_after = max_retry_after;
        self
    }

    /// Sets how long to wait between attempts; [`FullJitter`] unless set.
    #[must_use]
    pub fn with_backoff(mut self, backoff: impl Backoff + 'static) -> Self {
        self.backoff = Arc::new(backoff);
        self
    }

    /// Sets what decides whether another attempt can help; [`BySpecification`] unless set.
    #[must_use]
    pub fn with_classifier(mut self, classifier: impl RetryClassifier + 'static) -> Self {
        self.classifier = Arc::new(classifier);
        self
    }

    /// Sets the budget for repetitions; a [`TokenBucket`] for each client unless set.
    ///
    /// Clients share one through an [`Arc`], which is a budget itself:
    ///
    /// ```
    /// # use imagesearch_core::{RetryPolicy, retry::TokenBucket};
    /// use std::sync::Arc;
    ///
    /// let bucket = Arc::new(TokenBucket::default());
    /// let searches = RetryPolicy::default().with_budget(Arc::clone(&bucket));
    /// let imports = RetryPolicy::default().with_max_attempts(5).with_budget(bucket);
    /// # let _ = (searches, imports);
    /// ```
    #[must_use]
    pub fn with_budget(mut self, budget: impl RetryBudget + 'static) -> Self {
        self.budget = Some(Arc::new(budget));
        self
    }

    /// Returns the maximum number of attempts for each request.
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// Limits a wait that the service asks for to the maximum.
    pub(crate) fn longest_wait(&self, asked: Duration) -> Duration {
        asked.min(self.max_retry_after)
    }

    pub(crate) fn budget(&self) -> Option<&Arc<dyn RetryBudget>> {
        self.budget.as_ref()
    }

    pub(crate) fn classify(&self, failed: &FailedAttempt<'_>) -> RetryClass {
        self.classifier.classify(failed)
    }

    /// Returns the delay before the next attempt, or `None` if there should be none or waiting
    /// cannot help.
    pub(crate) fn delay(
        &self,
        failed: &FailedAttempt<'_>,
        asked: Option<Duration>,
        random: u64,
    ) -> Option<Duration> {
        let passing = matches!(failed.class, RetryClass::Transient | RetryClass::Throttle);
        if failed.attempts >= self.max_attempts || !passing {
            return None;
        }
        let own = self.backoff.delay(failed, random);
        Some(own.max(self.longest_wait(asked.unwrap_or_default())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn waits_only_where_time_helps_and_as_long_as_the_service_asks() {
        let error = Error::config("any");
        let seconds = Duration::from_secs;
        for (attempts, class, asked, delay) in [
            (1, RetryClass::Never, None, None),
            (1, RetryClass::NewNonce, None, None),
            (1, RetryClass::Clock, Some(3), None),
            (1, RetryClass::Credentials, None, None),
            (1, RetryClass::Transient, None, Some(0)),
            (2, RetryClass::Transient, Some(3), Some(3)),
            (3, RetryClass::Transient, Some(3), None),
            (1, RetryClass::Throttle, Some(119), Some(119)),
            (1, RetryClass::Throttle, Some(86_400), Some(120)),
            (u32::MAX, RetryClass::Throttle, None, None),
        ] {
            let failed = FailedAttempt::new("Detail", &error, class).with_attempts(attempts);
            let got = RetryPolicy::default().delay(&failed, asked.map(seconds), 0);
            assert_eq!(got, delay.map(seconds), "{attempts} {class:?} {asked:?}");
        }
    }

    #[test]
    fn policies_can_be_replaced() {
        #[derive(Debug)]
        struct Always(Duration);
        impl Backoff for Always {
            fn delay(&self, _failed: &FailedAttempt<'_>, _random: u64) -> Duration {
                self.0
            }
        }
        #[derive(Debug)]
        struct Hopeful;
        impl RetryClassifier for Hopeful {
            fn classify(&self, _failed: &FailedAttempt<'_>) -> RetryClass {
                RetryClass::Transient
            }
        }
        let week = Duration::from_secs(7 * 86_400);
        let policy = RetryPolicy::default().with_backoff(Always(week)).with_classifier(Hopeful);
        let error = Error::config("any");
        let mut failed = FailedAttempt::new("Detail", &error, RetryClass::Never);
        failed.class = policy.classify(&failed);
        assert_eq!(failed.class, RetryClass::Transient);
        assert_eq!(policy.delay(&failed, None, 7), Some(week));
    }

    #[test]
    fn policies_can_be_shared() {
        let (bucket, jitter) = (Arc::new(TokenBucket::new(5, 5)), Arc::new(FullJitter::default()));
        let policy = RetryPolicy::default()
            .with_budget(Arc::clone(&bucket))
            .with_backoff(jitter)
            .with_classifier(Arc::new(BySpecification));
        let budget = policy.budget().unwrap();
        assert_eq!(budget.withdraw(RetryClass::Transient), Some(5));
        assert_eq!(bucket.available(), 0);
        budget.deposit(3);
        assert_eq!(bucket.available(), 3);
        let error = Error::config("any");
        let failed = FailedAttempt::new("Detail", &error, RetryClass::Throttle);
        assert_eq!(policy.classify(&failed), RetryClass::Throttle);
        let longest = policy.delay(&failed, None, u64::MAX).unwrap();
        assert!(longest > Duration::from_millis(999) && longest <= Duration::from_secs(1));
    }
}
