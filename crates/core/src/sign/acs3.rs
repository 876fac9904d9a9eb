//! `ACS3-HMAC-SHA256`, also called V3: signs the method, path, query, headers and body hash.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{
    canonical_query,
    digest::{hash_body, hex, hmac_sha256},
    instructions::{SigningContext, SigningInstructions, Stages},
};
use crate::{body::Body, credentials::CredentialsKind, wire::WireRequest};

/// Signs a request in its headers.
///
/// A bearer token is only added, not used for signing, as in the official SDKs.
pub(super) fn sign(
    request: &WireRequest,
    body: Body,
    context: &SigningContext<'_>,
) -> SigningInstructions {
    let hash = hex(&hash_body::<Sha256>(&body));
    let mut headers = vec![
        ("x-acs-content-sha256", hash.clone()),
        ("x-acs-date", context.timestamp.to_signing_date()),
    ];
    headers.extend(context.nonce.map(|nonce| ("x-acs-signature-nonce", nonce.to_owned())));
    let (id, secret) = match context.credentials.kind() {
        CredentialsKind::Bearer { token } => {
            headers.push(("x-acs-bearer-token", token.expose().to_owned()));
            let query = vec![("SignatureType", "BEARERTOKEN".to_owned())];
            return SigningInstructions { headers, query, body, stages: Stages::default() };
        }
        CredentialsKind::AccessKey { id, secret, security_token } => {
            if let Some(token) = security_token {
                headers.push(("x-acs-accesskey-id", id.clone()));
                headers.push(("x-acs-security-token", token.expose().to_owned()));
            }
            (id, secret)
        }
    };

    let added = headers.iter().map(|(name, value)| (*name, value.as_str()));
    let signed: Vec<(&str, &str)> = request
        .sent_headers()
        .chain(added)
        .filter(|(name, _)| matches!(*name, "host" | "content-type") || name.starts_with("x-acs-"))
        .collect();
    let canonical_request = canonical_request(
        request.method.as_str(),
        request.path(),
        request.query_pairs(),
        &signed,
        &hash,
    );
    let string_to_sign = string_to_sign(&canonical_request);
    let signature = signature(secret.expose(), &string_to_sign);
    let authorization = format!(
        "ACS3-HMAC-SHA256 Credential={id},SignedHeaders={},Signature={signature}",
        signed_headers(&signed)
    );
    headers.push(("authorization", authorization));
    SigningInstructions {
        headers,
        query: Vec::new(),
        body,
        stages: Stages { canonical_request, string_to_sign, signature, is_hashed: true },
    }
}

/// Returns the canonical request: method, path, query, headers, their names and the body's hash.
///
/// Header names are in lower case, in any order; all given headers are signed.
pub fn canonical_request<'a>(
    method: &str,
    path: &str,
    query: impl Iterator<Item = (&'a str, &'a str)>,
    headers: &[(&str, &str)],
    content_sha256: &str,
) -> String {
    let mut canonical = format!("{method}\n{path}\n{}\n", canonical_query(query));
    for (name, value) in sorted(headers) {
        // Writing to a string cannot fail.
        let _ = writeln!(canonical, "{name}:{}", value.trim());
    }
    let _ = write!(canonical, "\n{}\n{content_sha256}", signed_headers(headers));
    canonical
}

/// Returns the names of the signed headers, sorted and joined with semicolons.
pub fn signed_headers(headers: &[(&str, &str)]) -> String {
    let names: Vec<&str> = sorted(headers).into_iter().map(|(name, _)| name).collect();
    names.join(";")
}

fn sorted<'a>(headers: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut sorted = headers.to_vec();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    sorted
}

/// Returns the string to sign: the algorithm and the hash of the canonical request.
pub fn string_to_sign(canonical_request: &str) -> String {
    format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical_request)))
}

/// Returns the signature in hexadecimal.
pub fn signature(access_key_secret: &str, string_to_sign: &str) -> String {
    hmac_sha256(access_key_secret.as_bytes(), string_to_sign)
}
