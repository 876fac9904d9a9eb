use std::{fmt, sync::Arc};

use super::FailedAttempt;
use crate::error_table::RetryClass;

/// Decides whether another attempt can help after a failure, and which.
///
/// Whatever it returns, a request that may have been carried out is retried only if the operation
/// is idempotent.
///
/// ```
/// # use imagesearch_core::{RetryPolicy, errors::RetryClass, retry::{FailedAttempt, RetryClassifier}};
/// /// Retries every response with HTTP 409.
/// #[derive(Debug)]
/// struct PatientWithConflicts;
///
/// impl RetryClassifier for PatientWithConflicts {
///     fn classify(&self, failed: &FailedAttempt<'_>) -> RetryClass {
///         match failed.error.http_status() {
///             Some(409) => RetryClass::Throttle,
///             _ => failed.class,
///         }
///     }
/// }
///
/// let policy = RetryPolicy::default().with_classifier(PatientWithConflicts);
/// # let _ = policy;
/// ```
pub trait RetryClassifier: fmt::Debug + Send + Sync {
    /// Returns the class of a failure. `failed.class` is the class by the specification.
    fn classify(&self, failed: &FailedAttempt<'_>) -> RetryClass;
}

impl<C: RetryClassifier + ?Sized> RetryClassifier for Arc<C> {
    fn classify(&self, failed: &FailedAttempt<'_>) -> RetryClass {
        (**self).classify(failed)
    }
}

/// Follows the tables of the specification. The default.
#[derive(Clone, Copy, Debug, Default)]
pub struct BySpecification;

impl RetryClassifier for BySpecification {
    fn classify(&self, failed: &FailedAttempt<'_>) -> RetryClass {
        failed.class
    }
}
