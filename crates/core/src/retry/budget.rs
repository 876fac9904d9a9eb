use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use crate::error_table::RetryClass;

/// Limits the share of retries in a client's traffic, so that they do not overload a service in
/// trouble.
///
/// A client and its clones share one. A call returns its tokens when it succeeds or is dropped; the
/// tokens of a failed call are spent. Corrections of nonce, clock and credentials are free, since a
/// call makes at most one of each.
pub trait RetryBudget: fmt::Debug + Send + Sync {
    /// Withdraws the cost of one more attempt and returns it, or returns `None` if there is not
    /// enough left.
    fn withdraw(&self, class: RetryClass) -> Option<u32>;

    /// Deposits tokens: those of a call that succeeded or was dropped, or one for a success at the
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

/// A token bucket. The default has 500 tokens, and a retry costs 5.
///
/// A client whose calls all fail retries 100 times, and after that once for every 5 calls that
/// succeed.
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
    /// Creates a full bucket with the cost of a retry.
    pub fn new(capacity: u32, cost: u32) -> Self {
        Self { capacity, cost, tokens: AtomicU32::new(capacity) }
    }

    /// Returns the number of tokens left.
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
        // The closure always returns a value, so this cannot fail.
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
    /// Creates an empty withdrawal.
    pub(crate) fn new(budget: Arc<dyn RetryBudget>) -> Self {
        Self { budget, tokens: 0 }
    }

    /// Withdraws the cost of one more attempt. Returns whether there was enough.
    pub(crate) fn withdraw(&mut self, class: RetryClass) -> bool {
        let taken = self.budget.withdraw(class);
        self.tokens = self.tokens.saturating_add(taken.unwrap_or(0));
        taken.is_some()
    }

    /// Returns all tokens after a success, or one for a success at the first attempt.
    pub(crate) fn succeed(&mut self) {
        self.budget.deposit(std::mem::take(&mut self.tokens).max(1));
    }

    /// Spends the tokens.
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
