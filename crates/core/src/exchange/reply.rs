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

/// The answer to a call, before it is decoded.
#[derive(Clone)]
pub struct Reply {
    pub(super) meta: Meta,
    /// In a box, since replies are moved.
    pub(super) content: Box<Content>,
}

/// What a reply is decoded from, and what is to be said where it does not fit.
#[derive(Clone)]
pub(super) struct Content {
    /// The body, parsed.
    pub(super) object: Map<String, Value>,
    pub(super) operation: String,
    /// Whether the call may have changed something.
    pub(super) writes: bool,
    /// What the request was signed with: the answer may echo it.
    pub(super) signed_with: Option<Arc<Credentials>>,
}

impl Reply {
    /// Returns what came with the answer.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Decodes the answer.
    ///
    /// Unknown fields are passed over, odd values left out, and of a field that comes twice one is
    /// taken, so that this fails only where the type asks for more than the types of this crate do.
    ///
    /// # Errors
    ///
    /// The answer does not fit the type. The call itself has succeeded, so that a change
    /// [may have been applied](Error::may_have_been_applied).
    pub fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let Self { meta, content } = self;
        let Content { object, operation, writes, signed_with } = *content;
        let error = match tolerant::decode(Value::Object(object)) {
            Ok(body) => return Ok(Response { body, meta }),
            Err(error) => error,
        };
        let secrets = || signed_with.iter().flat_map(|credentials| credentials.secrets());
        let mut message = format!("the call succeeded, but its answer does not fit: {error}");
        redact(&mut message, secrets());
        Err(Error::new(ErrorKind::UnexpectedResponse, message)
            .with_answer(meta.status.as_u16(), Some(excerpt(&meta.body, secrets())))
            .with_request_id(meta.request_id)
            .with_operation(&operation)
            .with_attempts(Hop::Invoke, meta.attempts)
            .with_maybe_applied(writes))
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.meta.fmt(formatter)
    }
}

/// A typed answer, and what came with it.
///
/// The fields of the answer can be read directly.
#[derive(Clone, Debug)]
pub struct Response<T> {
    body: T,
    meta: Meta,
}

impl<T> Response<T> {
    /// Returns what came with the answer: request id, status, headers, attempts, the whole body.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Returns the answer alone.
    pub fn into_inner(self) -> T {
        self.body
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

/// What came with an answer.
#[derive(Clone)]
pub struct Meta {
    pub(super) status: http::StatusCode,
    pub(super) headers: http::HeaderMap,
    pub(super) request_id: Option<String>,
    pub(super) attempts: u32,
    pub(super) body: Bytes,
}

impl Meta {
    /// Returns the HTTP status.
    pub fn status(&self) -> http::StatusCode {
        self.status
    }

    /// Returns the headers of the answer.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.headers
    }

    /// Returns the id under which the vendor's support finds the call.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns how often the operation was sent, uploads not counted.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the body as it came, with every field that this version does not know.
    pub fn body(&self) -> &Bytes {
        &self.body
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
