//! Requests as a server sees them, in a form that can be compared.

use http::Request;
use imagesearch_core::{body::Body, encode::Placed};

use crate::verifier;

/// The parts of a request that must be the same whoever sends it.
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

/// Reads back what was placed in the query and the form of an operation.
pub fn placed(request: &Request<Body>) -> Placed {
    let form = request
        .headers()
        .get("content-type")
        .is_some_and(|kind| kind == "application/x-www-form-urlencoded");
    let query = verifier::decode_query(request).expect("is a query");
    let mut placed = Placed { query, ..Placed::default() };
    if form {
        placed.form = verifier::decode_form(request).expect("is a form");
    }
    placed
}
