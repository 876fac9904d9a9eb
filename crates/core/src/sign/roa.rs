//! `HMAC-SHA1` for ROA operations, signature version 1.0: `Authorization: acs id:signature`.
//!
//! Signs the method, four standard headers, every `x-acs-*` header, and the path with its query.
//! The body is signed by way of `Content-MD5`. Only the older generations of the API need it.

mod canonical_headers;
mod canonical_resource;
mod content_md5;
mod date;
mod signature;
mod string_to_sign;
#[cfg(test)]
mod tests;

pub use canonical_headers::canonical_headers;
pub use canonical_resource::canonical_resource;
pub use content_md5::content_md5;
pub use signature::signature;
pub use string_to_sign::string_to_sign;

use super::{SignableRequest, Signed, SigningContext, Stages};
use crate::credentials::CredentialsKind;

/// Signs a request in its headers.
///
/// `accept` and `content-type` are read from the headers of the request, which must be sent with
/// the values that were signed. A request without a body gets no `content-md5`. A bearer token is
/// put in place and signs nothing.
///
/// The canonical request among the stages is the part of the string to sign that follows the date:
/// canonical headers and resource.
pub fn sign(request: &SignableRequest<'_>, context: &SigningContext<'_>) -> Signed {
    let mut headers = vec![("date", date::http_date(context.timestamp))];
    if !request.body.is_empty() {
        headers.push(("content-md5", content_md5(request.body)));
    }
    if let Some(nonce) = context.nonce {
        headers.push(("x-acs-signature-nonce", nonce.to_owned()));
    }
    let (id, secret) = match context.credentials.kind() {
        CredentialsKind::Bearer { token } => {
            headers.push(("x-acs-signature-type", "BEARERTOKEN".to_owned()));
            headers.push(("x-acs-bearer-token", token.expose().to_owned()));
            return Signed { headers, ..Signed::default() };
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

    let all: Vec<(&str, &str)> = request
        .headers
        .iter()
        .chain(&headers)
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let canonical_request =
        canonical_headers(&all) + &canonical_resource(request.path, request.query);
    let string_to_sign = string_to_sign(request.method, &all, &canonical_request);
    let signature = signature(secret.expose(), &string_to_sign);
    headers.push(("authorization", format!("acs {id}:{signature}")));
    Signed {
        headers,
        query: Vec::new(),
        stages: Stages { canonical_request, string_to_sign, signature },
    }
}
