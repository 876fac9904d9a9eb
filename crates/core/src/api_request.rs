//! Builds and signs the HTTP request of one attempt.

use std::{borrow::Cow, fmt};

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

use crate::{
    body::{Body, Segment},
    encode::{Placed, form_urlencoded},
    endpoint::Endpoint,
    error::{Error, ErrorKind},
    hidden::{Hidden, show_request},
    operation::Style,
    percent,
    sign::{SignableRequest, SignatureMethod, SigningContext, Stages, sign},
};

/// What an attempt sends, before it is signed; [`ApiRequest::new`] makes one.
///
/// `Debug` shows the lengths of values only.
#[derive(Clone)]
#[non_exhaustive]
pub struct ApiRequest<'a> {
    /// Where it goes.
    pub endpoint: &'a Endpoint,
    /// The HTTP method.
    pub method: http::Method,
    /// How it is addressed.
    pub style: Style,
    /// The name of the operation on the wire.
    pub action: &'a str,
    /// The version of the API.
    pub version: &'a str,
    /// The parameters of the query, decoded.
    pub query: &'a [(String, String)],
    /// What the body is made of.
    pub body: RequestBody<'a>,
    /// How it is signed.
    pub signature: SignatureMethod,
    /// Headers that are sent beside those of the API, names in lower case; those that a signature
    /// covers by name, such as `x-acs-*`, are signed.
    pub extra_headers: &'a [(&'static str, String)],
    /// The `User-Agent` header, if one is sent.
    pub user_agent: Option<&'a http::HeaderValue>,
}

/// A request ready to be sent, and how its signature came about.
///
/// `Debug` leaves out its query, its body and the values of its headers.
#[derive(Clone)]
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
        operation: &'a crate::operation::Operation,
        placed: &'a Placed,
        signature: SignatureMethod,
    ) -> Self {
        Self {
            endpoint,
            method: operation.method.clone(),
            style: operation.style,
            action: operation.name,
            version: operation.version,
            query: &placed.query,
            body: RequestBody::new(placed, operation.has_form()),
            signature,
            extra_headers: &[],
            user_agent: None,
        }
    }

    /// Signs the request.
    ///
    /// # Errors
    ///
    /// The credentials have characters that no header takes.
    pub fn sign(&self, context: &SigningContext<'_>) -> Result<SignedRequest, Error> {
        let (form, body) = self.write_body();
        let mut headers = vec![
            ("host", self.endpoint.authority()),
            ("x-acs-action", self.action.to_owned()),
            ("x-acs-version", self.version.to_owned()),
            ("accept", "application/json".to_owned()),
        ];
        headers.extend(self.body.content_type().map(|it| ("content-type", it.to_owned())));
        headers.extend_from_slice(self.extra_headers);
        let signable = SignableRequest {
            method: self.method.as_str(),
            path: self.style.path(),
            query: self.query,
            form: &form,
            body: &body,
            headers: &headers,
            action: self.action,
            version: self.version,
        };
        let signed = sign(self.signature, self.style, &signable, context);

        let query: Vec<_> = self.query.iter().chain(&signed.query).cloned().collect();
        let separator = if query.is_empty() { "" } else { "?" };
        let uri =
            format!("{}{}{separator}{}", self.endpoint, self.style.path(), form_urlencoded(&query));
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
        if let Some(user_agent) = self.user_agent {
            builder = builder.header("user-agent", user_agent);
        }
        let request = builder
            .body(body)
            .map_err(|error| Error::config("the request cannot be built").with_source(error))?;
        Ok(SignedRequest { request, stages: signed.stages })
    }

    /// Writes the body, and the form as signatures read it.
    ///
    /// A picture is encoded while it is hashed and sent, except for the one kind of signature that
    /// signs its text.
    fn write_body(&self) -> (Cow<'_, [(String, String)]>, Body) {
        let (fields, pictures) = match self.body {
            RequestBody::None => return (Cow::default(), Body::default()),
            RequestBody::Caret(body) => return (Cow::default(), body.clone()),
            RequestBody::Form { fields, pictures } => (fields, pictures),
        };
        if (self.signature, self.style) == (SignatureMethod::HmacSha1, Style::Rpc) {
            let mut fields = fields.to_vec();
            let texts =
                pictures.iter().map(|(name, it)| (name.clone(), BASE64_STANDARD.encode(it)));
            fields.extend(texts);
            let body = Body::from(form_urlencoded(&fields));
            return (Cow::Owned(fields), body);
        }
        let mut segments = vec![Segment::plain(form_urlencoded(fields))];
        for (name, picture) in pictures {
            let separator = if segments.iter().all(Segment::is_empty) { "" } else { "&" };
            segments.push(Segment::plain(format!("{separator}{}=", percent::encode(name))));
            segments.push(Segment::form_base64(picture.clone()));
        }
        (Cow::Borrowed(fields), Body::new(segments))
    }
}

/// What the body of a request is made of. `Debug` shows the lengths of values only.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum RequestBody<'a> {
    /// Nothing; there is no content type either.
    None,
    /// A form, be it an empty one.
    Form {
        /// Names and values, decoded.
        fields: &'a [(String, String)],
        /// Names and pictures that travel as Base64.
        pictures: &'a [(String, Bytes)],
    },
    /// A `^` body.
    Caret(&'a Body),
}

impl<'a> RequestBody<'a> {
    /// Takes the body of placed parameters; a form may be empty and still be one.
    pub(crate) fn new(placed: &'a Placed, has_form: bool) -> Self {
        match &placed.caret {
            Some(body) => Self::Caret(body),
            None if has_form => Self::Form { fields: &placed.form, pictures: &placed.pictures },
            None => Self::None,
        }
    }

    fn content_type(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Form { .. } => Some("application/x-www-form-urlencoded"),
            Self::Caret(_) => Some("application/octet-stream"),
        }
    }
}

impl fmt::Debug for ApiRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApiRequest")
            .field("endpoint", &self.endpoint)
            .field("method", &self.method)
            .field("style", &self.style)
            .field("action", &self.action)
            .field("version", &self.version)
            .field("query", &Hidden(self.query))
            .field("body", &self.body)
            .field("signature", &self.signature)
            .field("extra_headers", &Hidden(self.extra_headers))
            .field("user_agent", &self.user_agent)
            .finish()
    }
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_request(&mut formatter.debug_struct("SignedRequest"), &self.request)
            .field("headers", &self.request.headers().keys().collect::<Vec<_>>())
            .field("body", self.request.body())
            .field("stages", &self.stages)
            .finish()
    }
}

impl fmt::Debug for RequestBody<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => formatter.write_str("None"),
            Self::Form { fields, pictures } => formatter
                .debug_struct("Form")
                .field("fields", &Hidden(fields))
                .field("pictures", &Hidden(pictures))
                .finish(),
            Self::Caret(body) => formatter.debug_tuple("Caret").field(body).finish(),
        }
    }
}
