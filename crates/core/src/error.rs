//! The error type: what went wrong, whether a retry helps, whether a change may have been applied.

mod constructors;
mod conversions;
mod display;
mod hop;
mod kind;
mod service_error;
#[cfg(test)]
mod tests;

pub use hop::Hop;
pub use kind::{ErrorKind, TimeoutPhase};
pub(crate) use service_error::ServiceError;

use std::{error::Error as StdError, fmt, sync::Arc};

use crate::{
    error_table::ErrorDescription,
    generated::{error_code::ErrorCode, types::AccessDeniedDetail},
    validate::Violation,
};

/// Why a call failed.
///
/// `Display` prints what happened and what to do about it, `{:#}` also the errors underneath, which
/// [`source`](StdError::source) returns one by one. Neither prints a secret or a picture, and
/// control characters in a server's text are escaped. Clones share the source.
///
/// # Troubleshooting
///
/// - [`is_retryable`](Self::is_retryable): the same call may work later. The client has already
///   retried what is safe to retry.
/// - [`may_have_been_applied`](Self::may_have_been_applied): the service may have carried out a
///   change although the response was lost. Check before you repeat it.
/// - [`violations`](Self::violations): the request was refused before anything was sent.
///
/// ```
/// # use imagesearch_core::{Error, ErrorKind, errors::ErrorCode};
/// fn advise(error: &Error) -> &'static str {
///     match error.code() {
///         Some(ErrorCode::InstanceOverQuota) => "buy a larger instance",
///         _ if error.kind() == ErrorKind::Invalid => "correct the request",
///         _ if error.is_retryable() => "try again later",
///         _ => "read the message",
///     }
/// }
/// ```
#[derive(Clone)]
pub struct Error(Box<Details>);

#[derive(Clone)]
struct Details {
    kind: ErrorKind,
    message: String,
    advice: Option<String>,
    notes: Vec<String>,
    causes: Vec<String>,
    operation: Option<String>,
    hop: Option<Hop>,
    attempts: u32,
    code: Option<ErrorCode>,
    service_message: Option<String>,
    request_id: Option<String>,
    status: Option<u16>,
    recommend: Option<String>,
    access_denied: Option<Box<AccessDeniedDetail>>,
    body_excerpt: Option<String>,
    violations: Vec<Violation>,
    retryable: bool,
    maybe_applied: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

impl Details {
    fn new(kind: ErrorKind, message: String) -> Self {
        Self {
            kind,
            message,
            advice: None,
            notes: Vec::new(),
            causes: Vec::new(),
            operation: None,
            hop: None,
            attempts: 0,
            code: None,
            service_message: None,
            request_id: None,
            status: None,
            recommend: None,
            access_denied: None,
            body_excerpt: None,
            violations: Vec::new(),
            retryable: false,
            maybe_applied: false,
            source: None,
        }
    }
}

impl Error {
    /// Creates an error, for transports and credentials providers.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Details::new(kind, message.into())))
    }

    /// Returns the kind of the failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the error code of the service or gateway, if there is one.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// Returns the message of the service or gateway, unescaped, if there is one.
    pub fn service_message(&self) -> Option<&str> {
        self.0.service_message.as_deref()
    }

    /// Returns the request id, which the vendor's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// Returns the HTTP status of the response, if there was one.
    pub fn http_status(&self) -> Option<u16> {
        self.0.status
    }

    /// Returns the part of the call that failed.
    pub fn hop(&self) -> Option<Hop> {
        self.0.hop
    }

    /// Returns the number of attempts of that part of the call.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the wire name of the operation.
    pub fn operation(&self) -> Option<&str> {
        self.0.operation.as_deref()
    }

    /// Returns the URL of a page about the error, if the service sent one.
    pub fn help_url(&self) -> Option<&str> {
        help_url(self.recommend()?)
    }

    /// Returns the service's recommendation, a URL or a text.
    pub(crate) fn recommend(&self) -> Option<&str> {
        self.0.recommend.as_deref()
    }

    /// Returns the missing permission, if the service explains a refusal.
    pub fn access_denied_detail(&self) -> Option<&AccessDeniedDetail> {
        self.0.access_denied.as_deref()
    }

    /// Returns the beginning of a response that could not be read.
    pub fn body_excerpt(&self) -> Option<&str> {
        self.0.body_excerpt.as_deref()
    }

    /// Returns all documented limits that the request breaks.
    pub fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// Returns whether the same call may work later.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// Returns whether the service may have carried out a change although the call failed.
    pub fn may_have_been_applied(&self) -> bool {
        self.0.maybe_applied
    }

    /// Returns whether a timeout occurred.
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Timeout(_))
    }

    pub(crate) fn invalid(violations: Vec<Violation>) -> Self {
        let mut error = Self::new(ErrorKind::Invalid, "");
        error.0.violations = violations;
        error
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn misuse(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Misuse, message)
    }

    /// Sets the advice: what to do about the error.
    #[must_use]
    pub fn with_advice(mut self, advice: impl Into<String>) -> Self {
        self.0.advice = Some(advice.into());
        self
    }

    /// Adds a note, beside the advice.
    pub(crate) fn with_note(mut self, note: impl Into<String>) -> Self {
        self.0.notes.push(note.into());
        self
    }

    /// Sets the list of attempts with the reason why each failed.
    pub(crate) fn with_causes(mut self, causes: Vec<String>) -> Self {
        self.0.causes = causes;
        self
    }

    /// Turns the error into one of credentials, whose responses are never shown.
    pub(crate) fn for_credentials(mut self) -> Self {
        self.0.kind = ErrorKind::Credentials;
        self.0.body_excerpt = None;
        self
    }

    /// Redacts a text in the service's message.
    pub(crate) fn hiding(mut self, text: &str) -> Self {
        if let Some(message) = self.0.service_message.as_mut().filter(|_| !text.is_empty()) {
            *message = message.replace(text, crate::secret::REDACTED);
        }
        self
    }

    /// Sets the source.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into().into());
        self
    }

    pub(crate) fn with_service_error(mut self, service: ServiceError) -> Self {
        self.0.retryable = service.is_retryable();
        self.0.code = service.code.as_deref().map(ErrorCode::from);
        self.0.service_message = service.message;
        self.0.request_id = service.request_id;
        self.0.recommend = service.recommend;
        self.0.access_denied = service.access_denied;
        self
    }

    pub(crate) fn with_answer(mut self, status: u16, excerpt: Option<String>) -> Self {
        self.0.status = Some(status);
        self.0.body_excerpt = excerpt;
        self
    }

    /// Sets the request id unless there is one.
    pub(crate) fn or_request_id(mut self, request_id: Option<String>) -> Self {
        self.0.request_id = self.0.request_id.or(request_id);
        self
    }

    /// Sets whether the same call may work later; `false` by default.
    ///
    /// A credentials provider sets it for transient failures, such as a busy source. The call's
    /// error then has the same [`is_retryable`](Self::is_retryable).
    ///
    /// ```
    /// # use imagesearch_core::{Error, ErrorKind};
    /// let error = Error::new(ErrorKind::Credentials, "the vault is sealed").with_retryable(true);
    /// assert!(error.is_retryable());
    /// ```
    #[must_use]
    pub fn with_retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    fn description(&self) -> Option<&'static ErrorDescription> {
        self.0.code.as_ref().and_then(ErrorCode::description)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &*self.0;
        formatter
            .debug_struct("Error")
            .field("kind", &details.kind)
            .field("message", &self.to_string())
            .field("hop", &details.hop)
            .field("attempts", &details.attempts)
            .field("retryable", &details.retryable)
            .field("maybe_applied", &details.maybe_applied)
            .field("source", &details.source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

/// Finds the first URL in the service's recommendation.
fn help_url(recommend: &str) -> Option<&str> {
    let mut words = recommend.split(|it: char| it.is_whitespace() || "<>()[]\"'".contains(it));
    let url = words.find(|it| it.starts_with("https://") || it.starts_with("http://"))?;
    Some(url.trim_end_matches(['.', ',', ';']))
}
