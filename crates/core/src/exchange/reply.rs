use std::{fmt, ops::Deref};

use bytes::Bytes;
use serde::{Serialize, Serializer, de::DeserializeOwned};

use crate::error::{Error, ErrorKind};

/// The answer to a call, before it is decoded.
#[derive(Clone)]
pub struct Reply {
    meta: Meta,
}

impl Reply {
    pub(super) fn new(meta: Meta) -> Self {
        Self { meta }
    }

    /// Returns what came with the answer.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// Decodes the answer.
    ///
    /// Unknown fields are passed over and odd values left out, so that this fails only where the
    /// answer is not the JSON object that it was checked to be, or the type asks for more.
    ///
    /// # Errors
    ///
    /// The answer does not fit the type.
    pub fn decode<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        match serde_json::from_slice(&self.meta.body) {
            Ok(body) => Ok(Response { body, meta: self.meta }),
            Err(error) => Err(Error::new(
                ErrorKind::UnexpectedResponse,
                format!("the answer does not fit: {error}"),
            )
            .with_answer(self.meta.status.as_u16(), None)
            .with_request_id(self.meta.request_id)),
        }
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
