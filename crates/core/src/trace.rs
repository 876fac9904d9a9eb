//! Reports to `tracing`: a span for each call, an event for each attempt.
//!
//! It records operation, hop, attempt, status, code and request id, but never a parameter, a
//! picture, a signature or a secret. Without the feature `tracing` it does nothing.

use crate::error::{Error, Hop};
#[cfg(feature = "tracing")]
use crate::generated::error_code::ErrorCode;

/// The span of one call.
#[derive(Debug)]
pub(crate) struct CallSpan {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
impl CallSpan {
    pub(crate) fn new(operation: &str) -> Self {
        Self { span: tracing::info_span!("imagesearch.call", operation) }
    }

    /// Creates the span of a request that belongs to no single call; its events are not recorded.
    pub(crate) fn none() -> Self {
        Self { span: tracing::Span::none() }
    }

    pub(crate) fn attempt(&self, hop: Hop, attempt: u32) {
        tracing::debug!(parent: &self.span, ?hop, attempt, "sending");
    }

    pub(crate) fn answered(&self, hop: Hop, status: u16) {
        tracing::debug!(parent: &self.span, ?hop, status, "answered");
    }

    pub(crate) fn succeeded(&self, request_id: Option<&str>, attempts: u32) {
        tracing::debug!(parent: &self.span, request_id, attempts, "succeeded");
    }

    pub(crate) fn failed(&self, hop: Hop, error: &Error) {
        tracing::debug!(
            parent: &self.span,
            ?hop,
            kind = ?error.kind(),
            code = error.code().map(ErrorCode::as_str),
            request_id = error.request_id(),
            "attempt failed",
        );
    }
}

#[cfg(not(feature = "tracing"))]
impl CallSpan {
    pub(crate) fn new(_operation: &str) -> Self {
        Self {}
    }

    pub(crate) fn none() -> Self {
        Self {}
    }

    pub(crate) fn attempt(&self, _hop: Hop, _attempt: u32) {}

    pub(crate) fn answered(&self, _hop: Hop, _status: u16) {}

    pub(crate) fn succeeded(&self, _request_id: Option<&str>, _attempts: u32) {}

    pub(crate) fn failed(&self, _hop: Hop, _error: &Error) {}
}
