use std::time::Duration;

use crate::{
    error::{Error, ErrorKind},
    error_table::RetryClass,
};

/// The failure of one attempt.
#[derive(Debug)]
pub(crate) struct FailedResponse {
    pub(crate) error: Error,
    /// Which kind of retry may help.
    pub(crate) class: RetryClass,
    /// Whether the service may have carried out the request.
    pub(crate) maybe_applied: bool,
    /// Whether the connection is gone, so that idle ones may be gone too.
    pub(crate) connection_lost: bool,
    /// How long the service asks to wait.
    pub(crate) retry_after: Option<Duration>,
    /// How many milliseconds the service's clock is ahead, if the response shows it.
    pub(crate) clock_offset: Option<i64>,
}

impl FailedResponse {
    /// Creates a failure of a request that was certainly not carried out.
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
