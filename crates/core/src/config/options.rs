use std::{sync::Arc, time::Duration};

use super::ExtraHeaders;
use crate::{credentials::CredentialsProvider, pacing::Pacing, retry::RetryPolicy};

/// How pictures travel with the operations of 2020-12-14.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transfer {
    /// Uploaded to OSS first, then named by URL, as the official SDKs do.
    #[default]
    Upload,
    /// As Base64 in the form. Not documented for 2020-12-14; the emulator takes it.
    Base64,
}

/// What one call does differently from its client.
///
/// The calls of both clients have a `with_` method for each.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct CallOptions {
    /// How long the call may take in all.
    pub timeout: Option<Duration>,
    /// How long one request of it may take.
    pub attempt_timeout: Option<Duration>,
    /// How often it is tried.
    pub retry: Option<RetryPolicy>,
    /// How many calls a second are made of its instance; it counts among them.
    pub pacing: Option<Pacing>,
    /// Whether the request is checked before it is sent.
    pub validate: Option<bool>,
    /// How pictures travel.
    pub transfer: Option<Transfer>,
    /// Whether values of a `^` body may have characters beyond ASCII.
    pub non_ascii_values: bool,
    /// What it is signed with.
    pub credentials: Option<Arc<dyn CredentialsProvider>>,
    /// Headers that are sent beside those of the API.
    pub headers: ExtraHeaders,
    /// Pictures that an earlier call has uploaded, by parameter, and their URLs.
    pub(crate) uploads: Vec<(&'static str, String)>,
}

impl CallOptions {
    /// Adds a header to every request of the call, its uploads included.
    ///
    /// Signatures do not cover it. The call fails before anything is sent if the client sets the
    /// header itself: `authorization`, `host`, `x-acs-*`, `content-*` and those of the connection.
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

/// Writes the `with_` methods of a call: the same in both clients, over a field `options`.
#[doc(hidden)]
#[macro_export]
macro_rules! call_option_setters {
    () => {
        /// Sets how long the call may take in all, waiting and retries included.
        #[must_use]
        pub fn with_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.timeout = Some(timeout);
            self
        }

        /// Sets how long one request of the call may take.
        #[must_use]
        pub fn with_attempt_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.options.attempt_timeout = Some(timeout);
            self
        }

        /// Sets how often the call is tried.
        #[must_use]
        pub fn with_retry(mut self, retry: $crate::RetryPolicy) -> Self {
            self.options.retry = Some(retry);
            self
        }

        /// Sets how the call is paced; with `Pacing::off()` it neither waits for its turn nor keeps
        /// others waiting.
        #[must_use]
        pub fn with_pacing(mut self, pacing: $crate::Pacing) -> Self {
            self.options.pacing = Some(pacing);
            self
        }

        /// Sets whether the request is checked before it is sent.
        #[must_use]
        pub fn with_validation(mut self, validate: bool) -> Self {
            self.options.validate = Some(validate);
            self
        }

        /// Sets how pictures travel.
        #[must_use]
        pub fn with_transfer(mut self, transfer: $crate::client::Transfer) -> Self {
            self.options.transfer = Some(transfer);
            self
        }

        /// Lets values of the `^` body of 2018-01-20 have characters beyond ASCII.
        ///
        /// They are refused otherwise: official SDKs disagree on what the body's offsets count.
        #[must_use]
        pub fn with_non_ascii_values(mut self, allow: bool) -> Self {
            self.options.non_ascii_values = allow;
            self
        }

        /// Adds a header to every request of the call, its uploads included.
        ///
        /// Signatures do not cover it. Headers that the client sets itself are refused before
        /// anything is sent: `authorization`, `host`, `x-acs-*`, `content-*` and those of the
        /// connection.
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
