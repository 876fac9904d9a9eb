//! `HMAC-SHA1` for RPC operations, signature version 1.0: signs all parameters, in the query.
//!
//! The vendor's newer pages call this signature V2; here it is V1, as elsewhere. It covers query
//! and form; the bytes of another body are not signed.

use std::borrow::Cow;

use super::{
    canonical_query,
    digest::hmac_sha1,
    instructions::{SigningContext, SigningInstructions, Stages},
};
use crate::{body::Body, credentials::CredentialsKind, percent, wire::WireRequest};

/// Signs a request in its query.
///
/// A bearer token is only added, not used for signing.
pub(super) fn sign(
    request: &WireRequest,
    body: Body,
    context: &SigningContext<'_>,
) -> SigningInstructions {
    let mut query: Vec<(&'static str, String)> = Vec::new();
    let mut add = |name: &'static str, value: &str| query.push((name, value.to_owned()));
    add("Action", &request.action);
    add("Format", "json");
    add("Version", &request.version);
    add("Timestamp", &context.timestamp.to_signing_date());
    if let Some(nonce) = context.nonce {
        add("SignatureNonce", nonce);
    }
    let secret = match context.credentials.kind() {
        CredentialsKind::Bearer { token } => {
            add("SignatureType", "BEARERTOKEN");
            add("BearerToken", token.expose());
            return SigningInstructions { query, body, ..SigningInstructions::default() };
        }
        CredentialsKind::AccessKey { id, secret, security_token } => {
            if let Some(token) = security_token {
                add("SecurityToken", token.expose());
            }
            add("SignatureMethod", "HMAC-SHA1");
            add("SignatureVersion", "1.0");
            add("AccessKeyId", id);
            secret
        }
    };

    let form: Vec<(&str, Cow<'_, str>)> = request.body.form_pairs().collect();
    let form = form.iter().map(|(name, value)| (*name, value.as_ref()));
    let added = query.iter().map(|(name, value)| (*name, value.as_str()));
    let canonical_request = canonical_query(request.query_pairs().chain(form).chain(added));
    let string_to_sign = string_to_sign(request.method.as_str(), &canonical_request);
    let signature = signature(secret.expose(), &string_to_sign);
    query.push(("Signature", signature.clone()));
    SigningInstructions {
        headers: Vec::new(),
        query,
        body,
        stages: Stages { canonical_request, string_to_sign, signature, is_hashed: false },
    }
}

/// Returns the string to sign: the method, the path `/` and the canonical query, encoded again.
pub fn string_to_sign(method: &str, canonical_query: &str) -> String {
    format!("{method}&%2F&{}", percent::encode(canonical_query))
}

/// Returns the signature in Base64; the key is the secret followed by `&`.
pub fn signature(access_key_secret: &str, string_to_sign: &str) -> String {
    let key = zeroize::Zeroizing::new(format!("{access_key_secret}&"));
    hmac_sha1(key.as_bytes(), string_to_sign)
}
