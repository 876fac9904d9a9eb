use super::{Error, ErrorKind, Hop, ServiceError, TimeoutPhase};
use crate::generated::error_code::ErrorCode;

/// Errors as calls return them, for tests.
impl Error {
    /// Creates the error of a call that the service has refused.
    ///
    /// Status and message are those that the documentation lists first for the code, if it lists any;
    /// otherwise the status is 400. [`is_retryable`](Self::is_retryable) follows from the code.
    ///
    /// ```
    /// # use imagesearch_core::{Error, ErrorKind, errors::ErrorCode};
    /// let error = Error::service(ErrorCode::DeniedRequest)
    ///     .with_http_status(503)
    ///     .with_service_message("too many requests")
    ///     .with_request_id("R-1");
    /// assert_eq!(error.kind(), ErrorKind::Service);
    /// assert_eq!(error.code(), Some(&ErrorCode::DeniedRequest));
    /// assert!(error.is_retryable());
    /// ```
    pub fn service(code: impl Into<ErrorCode>) -> Self {
        let code = code.into();
        let description = code.description();
        let message = description.and_then(|it| it.messages.first().copied()).map(str::to_owned);
        let status = description.and_then(|it| it.http.first().copied()).unwrap_or(400);
        let code = Some(code.as_str().to_owned());
        Self::new(ErrorKind::Service, "")
            .with_service_error(ServiceError { code, message, ..ServiceError::default() })
            .with_answer(status, None)
    }

    /// Creates the error of a call whose time has run out.
    ///
    /// ```
    /// # use imagesearch_core::{Error, errors::TimeoutPhase};
    /// let error = Error::timeout(TimeoutPhase::Response).with_may_have_been_applied(true);
    /// assert!(error.is_timeout() && error.is_retryable() && error.may_have_been_applied());
    /// ```
    pub fn timeout(phase: TimeoutPhase) -> Self {
        Self::new(ErrorKind::Timeout(phase), format!("time ran out {phase}")).with_retryable(true)
    }

    /// Creates the error of a call that could not connect.
    ///
    /// ```
    /// # use imagesearch_core::{Error, ErrorKind};
    /// let error = Error::connect("connection refused");
    /// assert_eq!(error.kind(), ErrorKind::Connect);
    /// assert!(error.to_string().contains("connection refused"));
    /// ```
    pub fn connect(reason: impl Into<String>) -> Self {
        let message = format!("could not connect: {}", reason.into());
        Self::new(ErrorKind::Connect, message).with_retryable(true)
    }

    /// Sets the HTTP status of the answer.
    #[must_use]
    pub fn with_http_status(mut self, status: u16) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Sets the service's message.
    #[must_use]
    pub fn with_service_message(mut self, message: impl Into<String>) -> Self {
        self.0.service_message = Some(message.into());
        self
    }

    /// Sets the request id.
    #[must_use]
    pub fn with_request_id(mut self, request_id: impl Into<String>) -> Self {
        self.0.request_id = Some(request_id.into());
        self
    }

    /// Sets the part of the call that failed, and how many requests it took.
    #[must_use]
    pub fn with_attempts(mut self, hop: Hop, attempts: u32) -> Self {
        self.0.hop = Some(hop);
        self.0.attempts = attempts;
        self
    }

    /// Sets the wire name of the operation.
    #[must_use]
    pub fn with_operation(mut self, operation: impl Into<String>) -> Self {
        self.0.operation = Some(operation.into());
        self
    }

    /// Sets whether the service may have carried out a change although the call failed.
    #[must_use]
    pub fn with_may_have_been_applied(mut self, maybe_applied: bool) -> Self {
        self.0.maybe_applied = maybe_applied;
        self
    }
}
