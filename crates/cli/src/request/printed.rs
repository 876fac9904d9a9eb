use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine};
use http::Request;
use imagesearch_core::{body::Body, client::Endpoint, sign::Stages};
use serde::Serialize;

/// A signed request as `request` prints it, with fields in the order of the output.
#[derive(Serialize)]
pub(super) struct PrintedRequest<'a> {
    method: &'a str,
    url: String,
    host: String,
    path: &'a str,
    raw_query: &'a str,
    headers: BTreeMap<&'a str, String>,
    body: String,
    body_encoding: &'static str,
    canonical_request: &'a str,
    string_to_sign: &'a str,
    signature: &'a str,
}

impl<'a> PrintedRequest<'a> {
    pub(super) fn new(endpoint: &Endpoint, request: &'a Request<Body>, stages: &'a Stages) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (body, body_encoding) = match String::from_utf8(request.body().to_bytes().into()) {
            Ok(text) => (text, "utf8"),
            Err(error) => (BASE64_STANDARD.encode(error.as_bytes()), "base64"),
        };
        Self {
            method: request.method().as_str(),
            url: request.uri().to_string(),
            host: endpoint.authority(),
            path: request.uri().path(),
            raw_query: request.uri().query().unwrap_or_default(),
            headers: request
                .headers()
                .iter()
                .map(|(name, value)| (name.as_str(), text(value.as_bytes())))
                .collect(),
            body,
            body_encoding,
            canonical_request: &stages.canonical_request,
            string_to_sign: &stages.string_to_sign,
            signature: &stages.signature,
        }
    }
}
