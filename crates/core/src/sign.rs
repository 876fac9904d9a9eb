//! Signatures: a view of a request goes in, headers and query parameters to add come out.
//!
//! Each kind of signature has one file a stage (canonical form, string to sign, signature), and the
//! text of each stage comes back beside the result: comparing it with the service's is how a
//! `SignatureDoesNotMatch` is explained.

pub mod acs3;
mod canonical_query;
pub mod roa;
pub mod rpc;

pub use canonical_query::canonical_query;

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{
    body::Body, credentials::Credentials, hidden::Hidden, operation::Style, values::Timestamp,
};

/// How requests are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureMethod {
    /// `ACS3-HMAC-SHA256`: in headers, over the hash of the body. The default, as in the official
    /// SDKs.
    #[default]
    Acs3HmacSha256,
    /// `HMAC-SHA1`, signature version 1.0, deprecated by the vendor. RPC operations carry it in the
    /// query, over query and form; ROA operations, those of the older generations, in a header, over
    /// the MD5 of the body.
    HmacSha1,
}

/// What a signer reads of a request. `Debug` shows the lengths of values only.
#[derive(Clone, Copy)]
pub struct SignableRequest<'a> {
    /// The HTTP method in capitals.
    pub method: &'a str,
    /// The path, percent-encoded.
    pub path: &'a str,
    /// The query, decoded.
    pub query: &'a [(String, String)],
    /// The form, decoded. Only RPC's `HMAC-SHA1` reads it.
    pub form: &'a [(String, String)],
    /// The body as it is sent. RPC's `HMAC-SHA1` does not read it.
    pub body: &'a Body,
    /// The headers as they are sent, names in lower case; each kind of signature picks its own.
    pub headers: &'a [(&'static str, String)],
    /// The name of the operation on the wire.
    pub action: &'a str,
    /// The version of the API.
    pub version: &'a str,
}

/// What changes from attempt to attempt.
#[derive(Clone, Copy, Debug)]
pub struct SigningContext<'a> {
    /// What to sign with.
    pub credentials: &'a Credentials,
    /// The time that the service compares with its own.
    pub timestamp: Timestamp,
    /// A value that no other request has; left out where it is absent.
    pub nonce: Option<&'a str>,
}

/// What a signer adds to a request. `Debug` shows the lengths of values only.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Signed {
    /// Headers to add, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// Query parameters to add, decoded.
    pub query: Vec<(String, String)>,
    /// The text of each stage; empty for a bearer token, which signs nothing.
    pub stages: Stages,
}

/// The text of each stage of a signature, which may hold a security token. `Debug` shows lengths only.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stages {
    /// The canonical request, or the canonical query of `HMAC-SHA1`.
    pub canonical_request: String,
    /// What the signature is computed of.
    pub string_to_sign: String,
    /// The signature.
    pub signature: String,
}

impl fmt::Debug for SignableRequest<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SignableRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &Hidden(self.query))
            .field("form", &Hidden(self.form))
            .field("body", &self.body)
            .field("headers", &Hidden(self.headers))
            .field("action", &self.action)
            .field("version", &self.version)
            .finish()
    }
}

impl fmt::Debug for Signed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Signed")
            .field("headers", &Hidden(&self.headers))
            .field("query", &Hidden(&self.query))
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
        write!(formatter, "Stages {:?}", Hidden(&stages))
    }
}

/// Signs a request.
pub fn sign(
    method: SignatureMethod,
    style: Style,
    request: &SignableRequest<'_>,
    context: &SigningContext<'_>,
) -> Signed {
    match (method, style) {
        (SignatureMethod::Acs3HmacSha256, _) => acs3::sign(request, context),
        (SignatureMethod::HmacSha1, Style::Rpc) => rpc::sign(request, context),
        (SignatureMethod::HmacSha1, Style::Roa { .. }) => roa::sign(request, context),
    }
}

/// Writes bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Hashes a body without joining its segments.
pub(crate) fn sha256(body: &Body) -> String {
    let mut hash = Sha256::new();
    for chunk in body.chunks() {
        hash.update(&chunk);
    }
    hex(&hash.finalize())
}
