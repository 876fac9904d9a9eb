use crate::{
    error::{Error, Hop},
    error_table::RetryClass,
};

/// An attempt that failed, as policies see it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FailedAttempt<'a> {
    /// The operation's name on the wire.
    pub operation: &'a str,
    /// The part of the call that failed.
    pub hop: Hop,
    /// How often that part was sent so far; at least 1.
    pub attempts: u32,
    /// What went wrong.
    pub error: &'a Error,
    /// What the tables of the specification say about it, or a classifier instead of them.
    pub class: RetryClass,
}

impl<'a> FailedAttempt<'a> {
    /// Describes a first attempt of an operation that failed, for tests of policies.
    pub fn new(operation: &'a str, error: &'a Error, class: RetryClass) -> Self {
        Self { operation, hop: Hop::Invoke, attempts: 1, error, class }
    }

    /// Says how often it was sent so far.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }
}
