/// An error code with its meaning and advice.
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
    /// The HTTP statuses of responses with this code; sources disagree about some.
    pub http: &'static [u16],
    /// The known messages of responses with this code.
    pub messages: &'static [&'static str],
    /// What it means.
    pub meaning: &'static str,
    /// What to do about it.
    pub advice: &'static str,
    /// Whether another attempt can help, and which.
    pub retry: RetryClass,
}

/// Whether and how another attempt can help after an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryClass {
    /// The same request will be refused again.
    Never,
    /// It may work later; the request may or may not have been executed.
    Transient,
    /// Flow control refused the request before it was executed; it may work later.
    Throttle,
    /// The nonce was used before; the request works with another.
    NewNonce,
    /// The clocks differ too much; the request works with the service's time.
    Clock,
    /// The temporary credentials have expired; the request works with new ones.
    Credentials,
}
