//! Builds and signs the HTTP request of one attempt.

use crate::{
    body::Body,
    encode::{Placed, form_urlencoded},
    endpoint::Endpoint,
    error::{Error, ErrorKind},
    sign::{SignableRequest, SignatureMethod, SigningContext, Stages, sign},
};

/// What an attempt sends, before it is signed.
#[derive(Clone, Debug)]
pub struct ApiRequest<'a> {
    /// Where it goes.
    pub endpoint: &'a Endpoint,
    /// The HTTP method.
    pub method: http::Method,
    /// The path, percent-encoded.
    pub path: &'a str,
    /// The name of the operation on the wire.
    pub action: &'a str,
    /// The version of the API.
    pub version: &'a str,
    /// The parameters of the query, decoded.
    pub query: &'a [(String, String)],
    /// The parameters of the form, decoded; absent for requests without a body.
    pub form: Option<&'a [(String, String)]>,
    /// How it is signed.
    pub signature: SignatureMethod,
    /// The `User-Agent` header, if one is sent.
    pub user_agent: Option<&'a http::HeaderValue>,
}

/// A request ready to be sent, and how its signature came about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignedRequest {
    /// The request.
    pub request: http::Request<Body>,
    /// The text of each stage of the signature.
    pub stages: Stages,
}

impl<'a> ApiRequest<'a> {
    /// Describes a request of an operation with placed parameters.
    pub fn new(
        endpoint: &'a Endpoint,
        operation: &'a crate::Operation,
        placed: &'a Placed,
        signature: SignatureMethod,
    ) -> Self {
        Self {
            endpoint,
            method: operation.method.clone(),
            path: operation.path(),
            action: operation.name,
            version: operation.version,
            query: &placed.query,
            form: operation.has_form().then_some(&*placed.form),
            signature,
            user_agent: None,
        }
    }

    /// Signs the request.
    ///
    /// # Errors
    ///
    /// The credentials have characters that no header takes.
    pub fn sign(&self, context: &SigningContext<'_>) -> Result<SignedRequest, Error> {
        let body = self.form.map(|form| Body::from(form_urlencoded(form))).unwrap_or_default();
        let mut headers = vec![
            ("host", self.endpoint.authority()),
            ("x-acs-action", self.action.to_owned()),
            ("x-acs-version", self.version.to_owned()),
        ];
        if self.form.is_some() {
            headers.push(("content-type", "application/x-www-form-urlencoded".to_owned()));
        }
        let signable = SignableRequest {
            method: self.method.as_str(),
            path: self.path,
            query: self.query,
            form: self.form.unwrap_or_default(),
            body: &body,
            headers: &headers,
            action: self.action,
            version: self.version,
        };
        let signed = sign(self.signature, &signable, context);

        let query: Vec<_> = self.query.iter().chain(&signed.query).cloned().collect();
        let separator = if query.is_empty() { "" } else { "?" };
        let uri = format!("{}{}{separator}{}", self.endpoint, self.path, form_urlencoded(&query));
        let mut builder = http::Request::builder().method(self.method.clone()).uri(uri);
        for (name, value) in headers.iter().chain(&signed.headers) {
            let mut value = http::HeaderValue::from_str(value).map_err(|_| {
                let message = format!("the header {name} cannot carry all characters of its value");
                Error::new(ErrorKind::Credentials, message).with_advice(
                    "check credentials and nonce for line breaks and control characters",
                )
            })?;
            value.set_sensitive(matches!(
                *name,
                "authorization" | "x-acs-security-token" | "x-acs-bearer-token"
            ));
            builder = builder.header(*name, value);
        }
        builder = builder.header("accept", "application/json");
        if let Some(user_agent) = self.user_agent {
            builder = builder.header("user-agent", user_agent);
        }
        let request = builder
            .body(body)
            .map_err(|error| Error::config("the request cannot be built").with_source(error))?;
        Ok(SignedRequest { request, stages: signed.stages })
    }
}
