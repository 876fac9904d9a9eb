use std::{borrow::Cow, fmt};

use super::{EncodeError, FormValue, WireBody};
use crate::{endpoint::Endpoint, operation::Style, redacted::RedactedPairs};

/// A request before it is signed: everything that is the same in each attempt.
///
/// [`encode`](super::encode) makes one of an operation and its parameters. `Debug` shows only the
/// lengths of values.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct WireRequest {
    /// The scheme, host and port.
    pub endpoint: Endpoint,
    /// The HTTP method.
    pub method: http::Method,
    /// How the operation is addressed, with its path.
    pub style: Style,
    /// The name of the operation on the wire.
    pub action: Cow<'static, str>,
    /// The version of the API.
    pub version: Cow<'static, str>,
    /// The parameters in the query, not yet percent-encoded.
    pub query: Vec<(Cow<'static, str>, String)>,
    /// The headers except the content type, which follows from the body. Names are in lower case.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// The body.
    pub body: WireBody,
}

impl WireRequest {
    /// Creates a request without parameters and body, with the headers that every call has.
    ///
    /// ```
    /// # use imagesearch_core::{operation::Style, wire::WireRequest};
    ///
    /// let endpoint = "imagesearch.cn-shanghai.aliyuncs.com".parse()?;
    /// let request =
    ///     WireRequest::new(endpoint, http::Method::POST, Style::Rpc, "Detail", "2020-12-14");
    /// assert_eq!(request.path(), "/");
    /// assert!(request.sent_headers().any(|header| header == ("x-acs-action", "Detail")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        endpoint: Endpoint,
        method: http::Method,
        style: Style,
        action: impl Into<Cow<'static, str>>,
        version: impl Into<Cow<'static, str>>,
    ) -> Self {
        let (action, version) = (action.into(), version.into());
        let headers = vec![
            ("host", Cow::Owned(endpoint.authority())),
            ("x-acs-action", action.clone()),
            ("x-acs-version", version.clone()),
            ("accept", Cow::Borrowed("application/json")),
        ];
        let (query, body) = (Vec::new(), WireBody::None);
        Self { endpoint, method, style, action, version, query, headers, body }
    }

    /// Returns the path, percent-encoded.
    pub fn path(&self) -> &'static str {
        self.style.path()
    }

    /// Iterates over the query, not yet percent-encoded.
    pub fn query_pairs(&self) -> impl Iterator<Item = (&str, &str)> + Clone {
        self.query.iter().map(|(name, value)| (name.as_ref(), value.as_str()))
    }

    /// Iterates over the headers with the content type of the body, as they are sent and signed.
    pub fn sent_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter().map(|(name, value)| (*name, value.as_ref()));
        headers.chain(self.body.content_type().map(|value| ("content-type", value)))
    }

    /// Adds a parameter to the query.
    pub fn add_query(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        self.query.push((name.into(), value.into()));
    }

    /// Adds a field to the form, and the form if there is no body yet.
    ///
    /// # Errors
    ///
    /// The body is not a form.
    pub fn add_form(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: impl Into<String>,
    ) -> Result<(), EncodeError> {
        if matches!(self.body, WireBody::None) {
            self.body = WireBody::Form(Vec::new());
        }
        let name = name.into();
        let WireBody::Form(fields) = &mut self.body else {
            return Err(EncodeError::NoForm { name: name.into_owned() });
        };
        fields.push((name, FormValue::Text(value.into())));
        Ok(())
    }

    /// Adds a header; the name is in lower case.
    pub fn add_header(&mut self, name: &'static str, value: impl Into<Cow<'static, str>>) {
        self.headers.push((name, value.into()));
    }

    /// Replaces a picture by the URL to which it was uploaded.
    pub(crate) fn set_url(&mut self, name: &'static str, url: String) {
        if let Err(url) = self.body.set_url(name, url) {
            self.add_query(name, url);
        }
    }
}

impl fmt::Debug for WireRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<(&str, &str)> = self.sent_headers().collect();
        formatter
            .debug_struct("WireRequest")
            .field("endpoint", &self.endpoint)
            .field("method", &self.method)
            .field("style", &self.style)
            .field("action", &self.action)
            .field("version", &self.version)
            .field("query", &RedactedPairs(&self.query))
            .field("headers", &RedactedPairs(&headers))
            .field("body", &self.body)
            .finish()
    }
}
