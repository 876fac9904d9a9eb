//! Requests as a server sees them, in a form that can be compared.

use http::Request;
use imagesearch_core::{
    body::Body,
    caret::{CaretError, CaretText},
    operation::Operation,
    parameters::Parameters,
    wire::{EncodeError, WireRequest, decode, decode_caret, encode},
};

use crate::verifier;

/// The parts of a request that must be the same for every client.
///
/// Nonces, times and what follows from them are left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrived {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query, decoded and sorted.
    pub query: Vec<(String, String)>,
    /// The headers, sorted.
    pub headers: Vec<(String, String)>,
    /// The body, a character for each byte.
    pub body: String,
}

/// What each attempt has anew.
const VOLATILE: [&str; 7] = [
    "date",
    "x-acs-signature-nonce",
    "x-acs-date",
    "authorization",
    "SignatureNonce",
    "Timestamp",
    "Signature",
];

/// What a transport adds by itself, beside the length.
const ADDED: [(&str, &str); 1] = [("accept", "*/*")];

impl Arrived {
    /// Reads a request.
    pub fn new(request: &Request<Body>) -> Self {
        let text = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
        let mut query = verifier::decode_query(request).expect("is a query");
        query.retain(|(name, _)| !VOLATILE.contains(&name.as_str()));
        query.sort();
        let mut headers: Vec<(String, String)> = request
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), text(value.as_bytes())))
            .filter(|(name, _)| !VOLATILE.contains(&name.as_str()))
            .filter(|(name, value)| !ADDED.contains(&(name, value)) && name != "content-length")
            .collect();
        headers.sort();
        let mut body = text(&request.body().to_bytes());
        if let Some((_, kind)) = headers.iter_mut().find(|(name, _)| name == "content-type")
            && let Some((before, boundary)) = kind.split_once("boundary=")
        {
            body = body.replace(boundary, "BOUNDARY");
            *kind = format!("{before}boundary=BOUNDARY");
        }
        Self {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query,
            headers,
            body,
        }
    }

    /// Lists requests in an order that does not depend on which came first.
    pub fn sorted<'a>(requests: impl IntoIterator<Item = &'a Request<Body>>) -> Vec<Self> {
        let mut all: Vec<Self> = requests.into_iter().map(Self::new).collect();
        all.sort();
        all
    }
}

/// Encodes the parameters of an operation, for a host that does not matter.
pub fn encoded(operation: &Operation, parameters: &Parameters) -> Result<WireRequest, EncodeError> {
    let endpoint = "imagesearch.cn-shanghai.aliyuncs.com".parse().expect("is a host");
    encode(&endpoint, operation, parameters, CaretText::Ascii)
}

/// Reads the parameters of a request back, and the names that the operation does not have.
pub fn decoded(
    operation: &Operation,
    request: &Request<Body>,
) -> Result<(Parameters, Vec<String>), CaretError> {
    let query = verifier::decode_query(request).expect("is a query");
    let content_type = request.headers().get("content-type").map(http::HeaderValue::as_bytes);
    let form = match content_type {
        Some(b"application/x-www-form-urlencoded") => {
            verifier::decode_form(request).expect("is a form")
        }
        _ => Vec::new(),
    };
    let (mut parameters, mut unknown) = decode(operation, as_pairs(&query), as_pairs(&form));
    if operation.has_caret() {
        let (of_body, others) = decode_caret(operation, &request.body().to_bytes())?;
        parameters.extend(of_body);
        unknown.extend(others);
    }
    Ok((parameters, unknown))
}

/// Borrows names and values.
pub fn as_pairs<N: AsRef<str>, V: AsRef<str>>(
    pairs: &[(N, V)],
) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_ref(), value.as_ref()))
}
