//! Errors: [`Error`], which every call returns, and its parts.
//!
//! [`Error::kind`] returns the kind of a failure, [`Error::code`] the service's error code, and
//! [`Error::violations`] what is wrong with a request that was not sent. The errors of values, such
//! as [`FilterError`], convert into [`Error`], so `?` works for all of them.
//!
//! ```
//! # use imagesearch_core::{Error, ErrorKind, errors::ErrorCode};
//! fn advise(error: &Error) -> &'static str {
//!     match error.code() {
//!         Some(ErrorCode::InstanceOverQuota) => "buy a larger instance",
//!         _ if error.kind() == ErrorKind::Invalid => "correct the request",
//!         _ if error.is_retryable() => "try again later",
//!         _ => "read the message",
//!     }
//! }
//!
//! let error = Error::new(ErrorKind::Connect, "could not connect").with_retryable(true);
//! assert_eq!(advise(&error), "try again later");
//! ```

pub use crate::{
    error::{Error, ErrorKind, Hop, TimeoutPhase},
    error_table::{ErrorDescription, RetryClass},
    filter::{FilterError, FilterViolation},
    generated::error_code::{ERRORS, ErrorCode},
    image::{ImageProblem, ImageProblemKind, InspectError},
    validate::Violation,
    values::InvalidValue,
};
