/// Describes an error code: what it means and what to do about it.
///
/// ```
/// # use imagesearch_core::errors::{ErrorCode, RetryClass};
/// let code = ErrorCode::from("InvalidAccessKeyId.NotFound");
/// let description = code.description().expect("is in the table");
/// assert_eq!(description.retry, RetryClass::Never);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDescription {
    /// The code as the service writes it.
    pub code: &'static str,
    /// The HTTP statuses that it comes with; sources disagree about some.
    pub http: &'static [u16],
    /// The messages that it comes with, where they are known.
    pub messages: &'static [&'static str],
    /// What it means.
    pub meaning: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// Whether another attempt can help, and which.
    pub retry: RetryClass,
}

/// Tells whether another attempt can help after an error, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryClass {
    /// The same request will be refused again.
    Never,
    /// It may work again; the request may or may not have been executed.
    Transient,
    /// Flow control refused the request before it was executed; it may pass later.
    Throttle,
    /// The nonce had been used; the request passes with another.
    NewNonce,
    /// The clocks differ too much; the request passes with the time of the service.
    Clock,
    /// The temporary credentials have expired; the request passes with fresh ones.
    Credentials,
}
