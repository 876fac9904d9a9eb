use std::{fmt, ops::Deref, sync::Arc};

use bytes::Bytes;
use serde::{Serialize, Serializer, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    attempt::excerpt,
    credentials::Credentials,
    error::{Error, ErrorKind, Hop},
    secret::redact,
    tolerant,
};

/// The response to a call, not yet decoded.
#[derive(Clone)]
pub struct RawResponse {
    pub(super) meta: Meta,
    /// In a box, since responses are moved.
    pub(super) content: Box<Content>,
}

/// The body and the context for decoding it.
#[derive(Clone)]
pub(super) struct Content {
    /// The body, parsed.
    pub(super) object: Map<String, Value>,
    /// The name of the operation; empty for a response created by a test.
    pub(super) operation: String,
    /// Whether the call may have changed something.
    pub(super) writes: bool,
    /// The credentials of the signature: the response may echo them.
    pub(super) signed_with: Option<Arc<Credentials>>,
}

impl RawResponse {
    /// Creates a response from a JSON object with the wire names, for tests.
    ///
    /// Its status is 200, and its request id is the `RequestId` of the object.
    ///
    /// ```
    /// # use imagesearch_core::answers::{DetailResponse, RawResponse};
    /// let raw = RawResponse::from_json(r#"{"RequestId": "R-1", "Success": true}"#)?;
    /// assert_eq!(raw.meta().request_id(), Some("R-1"));
    /// assert_eq!(raw.decode::<DetailResponse>()?.success, Some(true));
    /// # Ok::<(), imagesearch_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The text is not a JSON object.
    pub fn from_json(json: impl Into<Bytes>) -> Result<Self, Error> {
        let body = json.into();
        let object = tolerant::parse(&body).map_err(|error| {
            Error::new(ErrorKind::UnexpectedResponse, "the text is not a JSON object")
                .with_source(error)
        })?;
        let mut meta = Meta::new().with_body(body);
        meta.request_id = tolerant::text(&object, "RequestId");
        let operation = String::new();
        let content = Content { object, operation, writes: false, signed_with: None };
        Ok(Self { meta, content: Box::new(content) })
    }

    /// Returns the status, headers and body of the answer, and how many attempts it took.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Decodes the answer.
    ///
    /// Skips unknown fields and odd values, and reads a field that comes twice once. So this fails
    /// only if `T` requires more than the types of this crate do.
    ///
    /// # Errors
    ///
    /// The answer does not fit the type. The call itself has succeeded, so a change
    /// [may have been applied](Error::may_have_been_applied).
    pub fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let Self { meta, content } = self;
        let Content { object, operation, writes, signed_with } = *content;
        let error = match tolerant::decode(Value::Object(object)) {
            Ok(body) => return Ok(Response { body, meta }),
            Err(error) => error,
        };
        let secrets = || signed_with.iter().flat_map(|credentials| credentials.secrets());
        let mut message =
            format!("the call succeeded, but its response does not fit the type: {error}");
        redact(&mut message, secrets());
        let error = Error::new(ErrorKind::UnexpectedResponse, message)
            .with_answer(meta.status.as_u16(), Some(excerpt(&meta.body, secrets())))
            .or_request_id(meta.request_id)
            .with_attempts(Hop::Invoke, meta.attempts)
            .with_may_have_been_applied(writes);
        Err(if operation.is_empty() { error } else { error.with_operation(operation) })
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.meta.fmt(formatter)
    }
}

/// A typed response with its metadata.
///
/// Dereferences to the answer, so that its fields are read directly.
///
/// # Tests
///
/// A test creates the answer that it needs: from JSON with the wire names, or from a value.
///
/// ```
/// # use imagesearch_core::answers::{Meta, Response, SearchImageByNameResponse};
/// let found: Response<SearchImageByNameResponse> =
///     Response::from_json(r#"{"Auctions": [{"ProductId": "1000", "Score": 0.9}]}"#)?;
/// assert_eq!(found.auctions[0].score, Some(0.9));
///
/// let mut nothing = SearchImageByNameResponse::default();
/// nothing.success = Some(true);
/// let nothing = Response::from_parts(nothing, Meta::new().with_request_id("R-1"));
/// assert_eq!(nothing.meta().request_id(), Some("R-1"));
/// # Ok::<(), imagesearch_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Response<T> {
    body: T,
    meta: Meta,
}

impl<T> Response<T> {
    /// Creates a response with status 200 and default metadata, for tests.
    pub fn new(body: T) -> Self {
        Self::from_parts(body, Meta::new())
    }

    /// Creates a response from an answer and what came with it.
    pub fn from_parts(body: T, meta: Meta) -> Self {
        Self { body, meta }
    }

    /// Returns the status, headers, request id and body of the answer, and how many attempts it took.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Returns the typed response without the metadata.
    pub fn into_inner(self) -> T {
        self.body
    }

    /// Returns the answer and what came with it.
    pub fn into_parts(self) -> (T, Meta) {
        (self.body, self.meta)
    }
}

impl<T: DeserializeOwned> Response<T> {
    /// Creates a response from a JSON object with the wire names, as the client reads it, for tests.
    ///
    /// # Errors
    ///
    /// The text is not a JSON object, or does not fit the type.
    pub fn from_json(json: impl Into<Bytes>) -> Result<Self, Error> {
        RawResponse::from_json(json)?.decode()
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.body
    }
}

impl<T: Serialize> Serialize for Response<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.body.serialize(serializer)
    }
}

/// The metadata of a response.
///
/// ```
/// # use imagesearch_core::answers::Meta;
/// let meta = Meta::new().with_request_id("R-1").with_attempts(2);
/// assert_eq!((meta.status().as_u16(), meta.attempts()), (200, 2));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Meta {
    pub(super) status: http::StatusCode,
    pub(super) headers: http::HeaderMap,
    pub(super) request_id: Option<String>,
    pub(super) attempts: u32,
    pub(super) body: Bytes,
    /// The URLs of the call's pictures, by parameter.
    pub(crate) uploads: Vec<(&'static str, String)>,
}

impl Meta {
    /// Creates what comes with the plainest answer, for tests: status 200 after one attempt, without
    /// headers, request id and body.
    pub fn new() -> Self {
        Self {
            status: http::StatusCode::OK,
            headers: http::HeaderMap::new(),
            request_id: None,
            attempts: 1,
            body: Bytes::new(),
            uploads: Vec::new(),
        }
    }

    /// Sets the HTTP status.
    #[must_use]
    pub fn with_status(mut self, status: http::StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets the headers of the answer.
    #[must_use]
    pub fn with_headers(mut self, headers: http::HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// Sets the request id.
    #[must_use]
    pub fn with_request_id(mut self, request_id: impl Into<String>) -> Self {
        self.request_id = Some(request_id.into());
        self
    }

    /// Sets how often the operation was sent.
    #[must_use]
    pub fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the raw body.
    #[must_use]
    pub fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Returns the HTTP status.
    pub fn status(&self) -> http::StatusCode {
        self.status
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.headers
    }

    /// Returns the request id, which the vendor's support asks for.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns the number of attempts of the operation, without uploads.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the raw body, including fields that this version does not know.
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

impl Default for Meta {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Meta {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Meta")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("attempts", &self.attempts)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
