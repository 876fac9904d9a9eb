use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::error_table::RetryClass;

/// Limits how much of a client's traffic may be repetitions, so that a service in trouble is not
/// buried under them.
///
/// A client and its clones share one. What a call took comes back when the call succeeds or is
/// dropped; what a failed call took is spent. Corrections of nonce, clock and credentials are free,
/// since a call has at most one of each.
pub trait RetryBudget: fmt::Debug + Send + Sync {
    /// Takes what one more attempt costs and returns it; nothing where there is too little left.
    fn withdraw(&self, class: RetryClass) -> Option<u32>;

    /// Takes tokens back: those of a call that succeeded or was dropped, or one for a success at the
    /// first attempt.
    fn deposit(&self, tokens: u32);
}

impl<B: RetryBudget + ?Sized> RetryBudget for Arc<B> {
    fn withdraw(&self, class: RetryClass) -> Option<u32> {
        (**self).withdraw(class)
    }

    fn deposit(&self, tokens: u32) {
        (**self).deposit(tokens);
    }
}

/// A bucket of tokens. The default: 500 tokens, of which an attempt costs 5.
///
/// A client that does nothing but fail repeats 100 times, and from then on once for every 5 calls
/// that succeed.
///
/// ```
/// # use imagesearch_core::{errors::RetryClass, retry::{RetryBudget, TokenBucket}};
/// let bucket = TokenBucket::new(10, 5);
/// assert_eq!(bucket.withdraw(RetryClass::Transient), Some(5));
/// assert_eq!(bucket.withdraw(RetryClass::Throttle), Some(5));
/// assert_eq!(bucket.withdraw(RetryClass::Transient), None);
/// bucket.deposit(7);
/// assert_eq!(bucket.available(), 7);
/// ```
#[derive(Debug)]
pub struct TokenBucket {
    capacity: u32,
    cost: u32,
    tokens: AtomicU32,
}

impl TokenBucket {
    /// Makes a full bucket, and says what an attempt costs.
    pub fn new(capacity: u32, cost: u32) -> Self {
        Self { capacity, cost, tokens: AtomicU32::new(capacity) }
    }

    /// Returns how many tokens are left.
    pub fn available(&self) -> u32 {
        self.tokens.load(Ordering::Relaxed)
    }
}

impl Default for TokenBucket {
    fn default() -> Self {
        Self::new(500, 5)
    }
}

impl RetryBudget for TokenBucket {
    fn withdraw(&self, _class: RetryClass) -> Option<u32> {
        let take = |tokens: u32| tokens.checked_sub(self.cost);
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok()?;
        Some(self.cost)
    }

    fn deposit(&self, tokens: u32) {
        let put = |now: u32| Some(now.saturating_add(tokens).min(self.capacity));
        // The closure always has a value, so this cannot fail.
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, put).ok();
    }
}

/// The tokens that one call has taken from a budget. Dropping them gives them back.
#[derive(Debug)]
pub(crate) struct RetryTokens {
    budget: Arc<dyn RetryBudget>,
    tokens: u32,
}

impl RetryTokens {
    /// Begins with nothing.
    pub(crate) fn new(budget: Arc<dyn RetryBudget>) -> Self {
        Self { budget, tokens: 0 }
    }

    /// Takes what one more attempt costs; tells whether there was enough.
    pub(crate) fn withdraw(&mut self, class: RetryClass) -> bool {
        let taken = self.budget.withdraw(class);
        self.tokens = self.tokens.saturating_add(taken.unwrap_or(0));
        taken.is_some()
    }

    /// Gives all back after a success, and something for a success at the first attempt.
    pub(crate) fn succeed(&mut self) {
        self.budget.deposit(std::mem::take(&mut self.tokens).max(1));
    }

    /// Spends what was taken.
    pub(crate) fn fail(&mut self) {
        self.tokens = 0;
    }
}

impl Drop for RetryTokens {
    fn drop(&mut self) {
        if self.tokens > 0 {
            self.budget.deposit(self.tokens);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_comes_back_on_success_and_on_drop() {
        type End = fn(RetryTokens);
        let succeed: End = |mut tokens| tokens.succeed();
        let fail: End = |mut tokens| tokens.fail();
        for (capacity, retries, end, granted, left) in [
            (20, 0, succeed, 0, 20),
            (20, 2, succeed, 2, 20),
            (20, 2, fail, 2, 10),
            (20, 2, drop as End, 2, 20),
            (12, 3, drop as End, 2, 12),
            (12, 3, fail, 2, 2),
            (4, 1, fail, 0, 4),
        ] {
            let bucket = Arc::new(TokenBucket::new(capacity, 5));
            let mut tokens = RetryTokens::new(Arc::clone(&bucket) as Arc<dyn RetryBudget>);
            let given = (0..retries).filter(|_| tokens.withdraw(RetryClass::Transient)).count();
            end(tokens);
            assert_eq!((given, bucket.available()), (granted, left), "{capacity} {retries}");
        }
    }

    #[test]
    fn a_success_at_the_first_attempt_refills_slowly() {
        let bucket = Arc::new(TokenBucket::new(10, 5));
        assert_eq!(bucket.withdraw(RetryClass::Throttle), Some(5));
        RetryTokens::new(Arc::clone(&bucket) as Arc<dyn RetryBudget>).succeed();
        assert_eq!(bucket.available(), 6);
    }
}
