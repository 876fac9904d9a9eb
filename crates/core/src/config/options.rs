use std::{sync::Arc, time::Duration};

use super::ExtraHeaders;
use crate::{credentials::CredentialsProvider, pacing::Pacing, retry::RetryPolicy};

/// How the operations of 2020-12-14 send pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transfer {
    /// Upload to OSS, then send the URL, as the official SDKs do.
    #[default]
    Upload,
    /// As Base64 in the form. Not documented for 2020-12-14; the emulator accepts it.
    Base64,
}

/// The options of one call, which override those of its client.
///
/// The calls of both clients have a `with_` method for each.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// The timeout of the call.
    pub timeout: Option<Duration>,
    /// The timeout of each request.
    pub attempt_timeout: Option<Duration>,
    /// The retry policy.
    pub retry: Option<RetryPolicy>,
    /// The rate limits of its instance.
    pub pacing: Option<Pacing>,
    /// Whether the request is validated before it is sent.
    pub validate: Option<bool>,
    /// How pictures are sent.
    pub transfer: Option<Transfer>,
    /// Whether non-ASCII values in a `^` body are allowed.
    pub non_ascii_values: bool,
    /// The credentials.
    pub credentials: Option<Arc<dyn CredentialsProvider>>,
    /// Additional headers.
    pub headers: ExtraHeaders,
    /// Pictures that an earlier call has uploaded, by parameter, and their URLs.
    pub(crate) uploads: Vec<(&'static str, String)>,
}

impl CallOptions {
    /// Adds a header to every request of the call, including uploads.
    ///
    /// Signatures do not cover it. The call fails before anything is sent if the header is
    /// reserved: `authorization`, `host`, `x-acs-*`, `content-*` and those of the connection.
    ///
    /// ```
    /// # use imagesearch_core::client::CallOptions;
    /// let options = CallOptions::default().with_header("x-trace-id", "42");
    /// assert_eq!(format!("{:?}", options.headers), r#"["x-trace-id"]"#);
    /// ```
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(name, value);
        self
    }
}

/// Expands to the `with_` methods of a call, which are the same in both clients.
#[doc(hidden)]
#[macro_export]
macro_rules! call_option_setters {
    () => {
        /// Sets the timeout of the call, including waits and retries.
        #[must_use]
        pub fn with_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.timeout = Some(timeout);
            self
        }

        /// Sets the timeout of each request of the call.
        #[must_use]
        pub fn with_attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.attempt_timeout = Some(timeout);
            self
        }

        /// Sets the retry policy of the call.
        #[must_use]
        pub fn with_retry(mut self, retry: $crate::RetryPolicy) -> Self {
            self.options.retry = Some(retry);
            self
        }

        /// Sets the pacing of the call. With `Pacing::off()` it neither waits for its turn nor
        /// delays other calls.
        #[must_use]
        pub fn with_pacing(mut self, pacing: $crate::Pacing) -> Self {
            self.options.pacing = Some(pacing);
            self
        }

        /// Sets whether the request is validated before it is sent.
        #[must_use]
        pub fn with_validation(mut self, validate: bool) -> Self {
            self.options.validate = Some(validate);
            self
        }

        /// Sets how pictures are sent.
        #[must_use]
        pub fn with_transfer(mut self, transfer: $crate::client::Transfer) -> Self {
            self.options.transfer = Some(transfer);
            self
        }

        /// Allows non-ASCII values in the `^` body of 2018-01-20.
        ///
        /// They are refused by default: official SDKs disagree on what the body's offsets count.
        #[must_use]
        pub fn with_non_ascii_values(mut self, allow: bool) -> Self {
            self.options.non_ascii_values = allow;
            self
        }

        /// Adds a header to every request of the call, including uploads.
        ///
        /// Signatures do not cover it. Reserved headers are refused before anything is sent:
        /// `authorization`, `host`, `x-acs-*`, `content-*` and those of the connection.
        #[must_use]
        pub fn with_header(
            mut self,
            name: impl Into<::std::string::String>,
            value: impl Into<::std::string::String>,
        ) -> Self {
            self.options = self.options.with_header(name, value);
            self
        }

        /// Sets the credentials of this call, in place of its client's.
        ///
        /// A source that has to fetch them does so for this call alone; for many calls, create a client
        /// with it.
        #[must_use]
        pub fn with_credentials(
            mut self,
            credentials: impl $crate::credentials::CredentialsProvider + 'static,
        ) -> Self {
            self.options.credentials = Some(::std::sync::Arc::new(credentials));
            self
        }
    };
}
