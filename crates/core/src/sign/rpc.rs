//! `HMAC-SHA1` for RPC operations, signature version 1.0: signs all parameters, in the query.
//!
//! The vendor's newer pages call the same signature V2, ours and others V1.

mod signature;
mod string_to_sign;

pub use signature::signature;
pub use string_to_sign::string_to_sign;

use super::{SignableRequest, Signed, SigningContext, Stages, canonical_query};
use crate::credentials::CredentialsKind;

/// Signs a request in its query.
///
/// A bearer token is put in place and signs nothing.
pub fn sign(request: &SignableRequest<'_>, context: &SigningContext<'_>) -> Signed {
    let mut query: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: &str| query.push((name.to_owned(), value.to_owned()));
    add("Action", request.action);
    add("Format", "json");
    add("Version", request.version);
    add("Timestamp", &context.timestamp.to_signing_date());
    if let Some(nonce) = context.nonce {
        add("SignatureNonce", nonce);
    }
    let secret = match context.credentials.kind() {
        CredentialsKind::Bearer { token } => {
            add("SignatureType", "BEARERTOKEN");
            add("BearerToken", token.expose());
            return Signed { query, ..Signed::default() };
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

    let all = request.query.iter().chain(request.form).chain(&query);
    let canonical_request = canonical_query(all);
    let string_to_sign = string_to_sign(request.method, &canonical_request);
    let signature = signature(secret.expose(), &string_to_sign);
    query.push(("Signature".to_owned(), signature.clone()));
    Signed {
        headers: Vec::new(),
        query,
        stages: Stages { canonical_request, string_to_sign, signature },
    }
}
