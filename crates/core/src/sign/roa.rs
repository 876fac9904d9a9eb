//! `HMAC-SHA1` for ROA operations, signature version 1.0: `Authorization: acs id:signature`.
//!
//! Signs the method, four standard headers, every `x-acs-*` header, and the path with its query.
//! The body is covered through `Content-MD5`. Only the older API versions need it.

use std::fmt::Write;

use base64::prelude::{BASE64_STANDARD, Engine};
use jiff::fmt::rfc2822::DateTimePrinter;
use md5::Md5;

use super::{
    digest::{hash_body, hmac_sha1},
    instructions::{SigningContext, SigningInstructions, Stages},
};
use crate::{body::Body, credentials::CredentialsKind, values::Timestamp, wire::WireRequest};

/// Signs a request in its headers.
///
/// A request without a body gets no `content-md5`. A bearer token is only added, not used for
/// signing.
///
/// The stage `canonical_request` is the part of the string to sign after the date: canonical
/// headers and resource.
pub(super) fn sign(
    request: &WireRequest,
    body: Body,
    context: &SigningContext<'_>,
) -> SigningInstructions {
    let mut headers = vec![("date", http_date(context.timestamp))];
    if !body.is_empty() {
        headers.push(("content-md5", content_md5(&body)));
    }
    if let Some(nonce) = context.nonce {
        headers.push(("x-acs-signature-nonce", nonce.to_owned()));
    }
    let (id, secret) = match context.credentials.kind() {
        CredentialsKind::Bearer { token } => {
            headers.push(("x-acs-signature-type", "BEARERTOKEN".to_owned()));
            headers.push(("x-acs-bearer-token", token.expose().to_owned()));
            return SigningInstructions { headers, body, ..SigningInstructions::default() };
        }
        CredentialsKind::AccessKey { id, secret, security_token } => {
            headers.push(("x-acs-signature-method", "HMAC-SHA1".to_owned()));
            headers.push(("x-acs-signature-version", "1.0".to_owned()));
            if let Some(token) = security_token {
                headers.push(("x-acs-security-token", token.expose().to_owned()));
            }
            (id, secret)
        }
    };

    let added = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let all: Vec<(&str, &str)> = request.sent_headers().chain(added).collect();
    let canonical_request =
        canonical_headers(&all) + &canonical_resource(request.path(), request.query_pairs());
    let string_to_sign = string_to_sign(request.method.as_str(), &all, &canonical_request);
    let signature = signature(secret.expose(), &string_to_sign);
    headers.push(("authorization", format!("acs {id}:{signature}")));
    SigningInstructions {
        headers,
        query: Vec::new(),
        body,
        stages: Stages { canonical_request, string_to_sign, signature, is_hashed: false },
    }
}

/// Returns every `x-acs-*` header on its own line, sorted by name.
///
/// Header names are in lower case, in any order; others are ignored. Values are trimmed, as HTTP
/// does in transit.
///
/// ```
/// use imagesearch_core::sign::roa::canonical_headers;
///
/// let headers = [("x-acs-version", "2018-01-20"), ("host", "a.b"), ("x-acs-action", "AddItem")];
/// assert_eq!(canonical_headers(&headers), "x-acs-action:AddItem\nx-acs-version:2018-01-20\n");
/// ```
pub fn canonical_headers(headers: &[(&str, &str)]) -> String {
    let mut signed: Vec<_> =
        headers.iter().filter(|(name, _)| name.starts_with("x-acs-")).collect();
    signed.sort_unstable();
    let mut canonical = String::new();
    for (name, value) in signed {
        // Writing to a string cannot fail.
        let _ = writeln!(canonical, "{name}:{}", value.trim());
    }
    canonical
}

/// Returns the path and the query, sorted by name and not encoded.
///
/// A parameter without a value has no `=`. Since nothing is encoded, a value with `&` or `=` looks
/// like more parameters; the official SDKs do the same.
///
/// ```
/// use imagesearch_core::sign::roa::canonical_resource;
///
/// let query = [("instanceName", "a+b"), ("RegionId", "cn-shanghai"), ("dry", "")];
/// assert_eq!(
///     canonical_resource("/item/add", query.into_iter()),
///     "/item/add?RegionId=cn-shanghai&dry&instanceName=a+b"
/// );
/// ```
pub fn canonical_resource<'a>(
    path: &str,
    query: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut sorted: Vec<(&str, &str)> = query.collect();
    sorted.sort_unstable();
    let mut canonical = path.to_owned();
    let mut separator = '?';
    for (name, value) in sorted {
        canonical.push(separator);
        canonical.push_str(name);
        if !value.is_empty() {
            canonical.push('=');
            canonical.push_str(value);
        }
        separator = '&';
    }
    canonical
}

/// Returns the string to sign: the method, four headers, then canonical headers and resource.
///
/// The headers are `accept`, `content-md5`, `content-type` and `date`, a line each; the line of an
/// absent one is empty. Names are in lower case; other headers are ignored.
///
/// ```
/// use imagesearch_core::sign::roa::string_to_sign;
///
/// let headers = [("date", "Thu, 22 Feb 2018 07:03:05 GMT"), ("accept", "application/json")];
/// assert_eq!(
///     string_to_sign("GET", &headers, "x-acs-version:2018-01-20\n/item"),
///     "GET\napplication/json\n\n\nThu, 22 Feb 2018 07:03:05 GMT\nx-acs-version:2018-01-20\n/item"
/// );
/// ```
pub fn string_to_sign(method: &str, headers: &[(&str, &str)], canonical_request: &str) -> String {
    let header = |wanted: &str| {
        let found = headers.iter().find(|(name, _)| *name == wanted);
        found.map_or("", |(_, value)| value.trim())
    };
    format!(
        "{method}\n{}\n{}\n{}\n{}\n{canonical_request}",
        header("accept"),
        header("content-md5"),
        header("content-type"),
        header("date"),
    )
}

/// Returns the signature in Base64; the key is the plain secret, without the `&` of RPC.
pub fn signature(access_key_secret: &str, string_to_sign: &str) -> String {
    hmac_sha1(access_key_secret.as_bytes(), string_to_sign)
}

/// Returns the `Content-MD5` of a body in Base64, without joining its segments.
///
/// ```
/// # use imagesearch_core::{body::Body, sign::roa::content_md5};
///
/// let body = "item_id,0,4#pic_list,4,37^1000c2hvZXMxLmpwZw==,c2hvZXMyLmpwZw==";
/// assert_eq!(content_md5(&Body::from(body.to_owned())), "TivR4OYjdwap9g2NjPwe/g==");
/// ```
pub fn content_md5(body: &Body) -> String {
    BASE64_STANDARD.encode(hash_body::<Md5>(body))
}

/// Formats the time for the `Date` header: `Thu, 22 Feb 2018 07:03:05 GMT`.
fn http_date(timestamp: Timestamp) -> String {
    let second = timestamp.as_millisecond().div_euclid(1000);
    jiff::Timestamp::from_second(second)
        .and_then(|time| DateTimePrinter::new().timestamp_to_rfc9110_string(&time))
        // Before the year 0 or beyond 9999: no valid date.
        .unwrap_or_else(|_| second.to_string())
}

#[cfg(test)]
mod tests;
