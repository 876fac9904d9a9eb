use std::fmt;

use crate::{
    body::Body,
    credentials::Credentials,
    error::{Error, ErrorKind},
    percent,
    redacted::RedactedPairs,
    values::Timestamp,
    wire::WireRequest,
};

/// The inputs that change with every attempt.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SigningContext<'a> {
    /// The credentials.
    pub credentials: &'a Credentials,
    /// The timestamp, which the service compares with its clock.
    pub timestamp: Timestamp,
    /// A value that no other request has. Omitted if `None`.
    pub nonce: Option<&'a str>,
}

impl<'a> SigningContext<'a> {
    /// Creates a context without a nonce.
    pub fn new(credentials: &'a Credentials, timestamp: Timestamp) -> Self {
        Self { credentials, timestamp, nonce: None }
    }

    /// Sets the nonce.
    #[must_use]
    pub fn with_nonce(mut self, nonce: &'a str) -> Self {
        self.nonce = Some(nonce);
        self
    }
}

/// What a signature adds to a request, and the body that it covers.
///
/// `Debug` shows only the lengths of values.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct SigningInstructions {
    /// Headers to add, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Query parameters to add, not yet percent-encoded.
    pub query: Vec<(&'static str, String)>,
    /// The body to send.
    pub body: Body,
    /// The text of each stage; empty for a bearer token, which signs nothing.
    pub stages: Stages,
}

/// The text of each stage of a signature. It may contain a security token, so `Debug` shows only
/// lengths.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stages {
    /// The canonical request, or the canonical query of `HMAC-SHA1`.
    pub canonical_request: String,
    /// The string to sign.
    pub string_to_sign: String,
    /// The signature.
    pub signature: String,
    /// Whether the string to sign has only a hash of the canonical request.
    pub is_hashed: bool,
}

impl SigningInstructions {
    /// Creates instructions that add nothing, for a request that is not signed.
    pub fn unsigned(request: &WireRequest) -> Self {
        Self { body: request.body.to_body(), ..Self::default() }
    }

    /// Writes the request with what the signature adds to it.
    ///
    /// # Errors
    ///
    /// The credentials or the nonce have characters that no header takes.
    pub fn apply(&self, request: &WireRequest) -> Result<http::Request<Body>, Error> {
        let mut uri = format!("{}{}", request.endpoint, request.path());
        let added = self.query.iter().map(|(name, value)| (*name, value.as_str()));
        let mut query = request.query_pairs().chain(added).peekable();
        if query.peek().is_some() {
            uri.push('?');
        }
        percent::append_pairs(&mut uri, query);

        let mut builder = http::Request::builder().method(request.method.clone()).uri(uri);
        let added = self.headers.iter().map(|(name, value)| (*name, value.as_str()));
        for (name, value) in request.sent_headers().chain(added) {
            let mut value = http::HeaderValue::from_str(value).map_err(|_| {
                let message = format!("the header {name} cannot carry all characters of its value");
                Error::new(ErrorKind::Credentials, message).with_advice(
                    "check credentials and nonce for line breaks and control characters",
                )
            })?;
            value.set_sensitive(matches!(
                name,
                "authorization" | "x-acs-security-token" | "x-acs-bearer-token"
            ));
            builder = builder.header(name, value);
        }
        builder
            .body(self.body.clone())
            .map_err(|error| Error::config("the request cannot be built").with_source(error))
    }
}

impl fmt::Debug for SigningInstructions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SigningInstructions")
            .field("headers", &RedactedPairs(&self.headers))
            .field("query", &RedactedPairs(&self.query))
            .field("body", &self.body)
            .field("stages", &self.stages)
            .finish()
    }
}

impl fmt::Debug for Stages {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stages = [
            ("canonical_request", &self.canonical_request),
            ("string_to_sign", &self.string_to_sign),
            ("signature", &self.signature),
        ];
        write!(formatter, "Stages {:?}", RedactedPairs(&stages))
    }
}
