//! `ACS3-HMAC-SHA256`, also called V3: signs the method, path, query, headers and body hash.

mod canonical_request;
mod signature;
mod string_to_sign;

pub use canonical_request::{canonical_request, signed_headers};
pub use signature::signature;
pub use string_to_sign::string_to_sign;

use super::{SignableRequest, Signed, SigningContext, Stages, sha256};
use crate::credentials::CredentialsKind;

/// Signs a request in its headers.
///
/// A bearer token is put in place and signs nothing, as in the official SDKs.
pub fn sign(request: &SignableRequest<'_>, context: &SigningContext<'_>) -> Signed {
    let hash = sha256(request.body);
    let mut headers = vec![
        ("x-acs-content-sha256", hash.clone()),
        ("x-acs-date", context.timestamp.to_signing_date()),
    ];
    headers.extend(context.nonce.map(|nonce| ("x-acs-signature-nonce", nonce.to_owned())));
    let (id, secret) = match context.credentials.kind() {
        CredentialsKind::Bearer { token } => {
            headers.push(("x-acs-bearer-token", token.expose().to_owned()));
            let query = vec![("SignatureType".to_owned(), "BEARERTOKEN".to_owned())];
            return Signed { headers, query, stages: Stages::default() };
        }
        CredentialsKind::AccessKey { id, secret, security_token } => {
            if let Some(token) = security_token {
                headers.push(("x-acs-accesskey-id", id.clone()));
                headers.push(("x-acs-security-token", token.expose().to_owned()));
            }
            (id, secret)
        }
    };

    let all: Vec<(&str, &str)> = request
        .headers
        .iter()
        .chain(&headers)
        .filter(|(name, _)| matches!(*name, "host" | "content-type") || name.starts_with("x-acs-"))
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let canonical_request =
        canonical_request(request.method, request.path, request.query, &all, &hash);
    let string_to_sign = string_to_sign(&canonical_request);
    let signature = signature(secret.expose(), &string_to_sign);
    headers.push((
        "authorization",
        format!(
            "ACS3-HMAC-SHA256 Credential={id},SignedHeaders={},Signature={signature}",
            signed_headers(&all)
        ),
    ));
    Signed {
        headers,
        query: Vec::new(),
        stages: Stages { canonical_request, string_to_sign, signature },
    }
}
