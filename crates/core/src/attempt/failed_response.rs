use std::time::Duration;

use crate::{
    error::{Error, ErrorKind},
    error_table::RetryClass,
};

/// The failure of one attempt, and what is known about it.
#[derive(Debug)]
pub(crate) struct FailedResponse {
    pub(crate) error: Error,
    /// What kind of repetition may help.
    pub(crate) class: RetryClass,
    /// Whether the service may have carried the request out.
    pub(crate) maybe_applied: bool,
    /// Whether the connection is gone, so that others opened with it may be gone too.
    pub(crate) connection_lost: bool,
    /// How long the service asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// By how many milliseconds the service's clock is ahead, if the answer tells.
    pub(crate) clock_offset: Option<i64>,
}

impl FailedResponse {
    /// Creates a failure of a class that was certainly not carried out.
    pub(crate) fn new(error: Error, class: RetryClass) -> Self {
        Self {
            error,
            class,
            maybe_applied: false,
            connection_lost: false,
            retry_after: None,
            clock_offset: None,
        }
    }

    /// Replaces the error.
    pub(crate) fn map_error(&mut self, change: impl FnOnce(Error) -> Error) {
        let error = std::mem::replace(&mut self.error, Error::new(ErrorKind::Config, ""));
        self.error = change(error);
    }
}
