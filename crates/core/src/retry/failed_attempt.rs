use crate::{
    error::{Error, Hop},
    error_table::RetryClass,
};

/// A failed attempt, as policies see it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FailedAttempt<'a> {
    /// The operation's name on the wire.
    pub operation: &'a str,
    /// The part of the call that failed.
    pub hop: Hop,
    /// The number of attempts of that part so far, at least 1.
    pub attempts: u32,
    /// What went wrong.
    pub error: &'a Error,
    /// The class by the specification, or by a classifier that replaced it.
    pub class: RetryClass,
}

impl<'a> FailedAttempt<'a> {
    /// Creates a failed first attempt of an operation, for tests of policies.
    pub fn new(operation: &'a str, error: &'a Error, class: RetryClass) -> Self {
        Self { operation, hop: Hop::Invoke, attempts: 1, error, class }
    }

    /// Sets the number of attempts so far.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }
}
