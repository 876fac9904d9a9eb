//! HMAC-SHA1 of the older generations: `Authorization: acs id:signature`.

use super::signing::{Claim, SignatureMethod, Signed, hmac_sha1, incomplete, md5, same};
use crate::service::refusal::Refusal;

const SCHEME: &str = "acs ";

/// Returns whether a request is signed this way.
pub(super) fn is_meant(authorization: &str) -> bool {
    authorization.starts_with(SCHEME)
}

/// Takes the claim out of a request and computes what it should have signed.
///
/// The body is covered by way of `Content-MD5`, and not at all without that header, as the service
/// documents it. A nonce is optional: the SDKs of this generation send none.
pub(super) fn claim(signed: &Signed<'_>, authorization: &str) -> Result<Claim, Refusal> {
    let credential = authorization.strip_prefix(SCHEME).unwrap_or_default();
    let (id, signature) = credential
        .rsplit_once(':')
        .filter(|(id, signature)| !id.is_empty() && !signature.is_empty())
        .ok_or_else(|| incomplete("the Authorization header must be `acs id:signature`"))?;
    for (name, expected) in
        [("x-acs-signature-method", "HMAC-SHA1"), ("x-acs-signature-version", "1.0")]
    {
        if signed.header(name).is_some_and(|given| given != expected) {
            return Err(Refusal::of("InvalidSignatureMethod"));
        }
    }
    check_body(signed)?;
    Ok(Claim {
        method: SignatureMethod::RoaHmacSha1,
        access_key_id: id.to_owned(),
        security_token: signed.header("x-acs-security-token"),
        timestamp: signed.header("date"),
        nonce: signed.header("x-acs-signature-nonce").filter(|nonce| !nonce.is_empty()),
        signature: signature.to_owned(),
        string_to_sign: string_to_sign(signed),
        canonical: None,
    })
}

/// Signs with the bare secret, in Base64.
pub(super) fn sign(secret: &str, string_to_sign: &str) -> String {
    hmac_sha1(secret.as_bytes(), string_to_sign.as_bytes())
}

fn check_body(signed: &Signed<'_>) -> Result<(), Refusal> {
    let Some(given) = signed.header("content-md5") else {
        return Ok(());
    };
    let actual = md5(signed.body);
    if same(actual.as_bytes(), given.as_bytes()) {
        return Ok(());
    }
    let given = given.escape_debug();
    let message =
        format!("The header Content-MD5 is {given}, but the MD5 of the body is {actual}.");
    Err(Refusal::of("SignatureDoesNotMatch").with_message(message))
}

fn string_to_sign(signed: &Signed<'_>) -> String {
    let mut text = signed.method.to_string();
    for name in ["accept", "content-md5", "content-type", "date"] {
        text.push('\n');
        text.push_str(&signed.header(name).unwrap_or_default());
    }
    text.push('\n');
    let mut names: Vec<&str> = signed.headers.keys().map(http::HeaderName::as_str).collect();
    names.retain(|name| name.starts_with("x-acs-"));
    names.sort_unstable();
    for name in names {
        let value = signed.header(name).unwrap_or_default();
        text.push_str(&format!("{name}:{value}\n"));
    }
    text.push_str(&resource(signed));
    text
}

/// Writes the path and the sorted query, decoded, without `=` where there is no value.
fn resource(signed: &Signed<'_>) -> String {
    let mut sorted: Vec<_> = signed.query.iter().collect();
    sorted.sort();
    let pairs: Vec<String> = sorted
        .into_iter()
        .map(|(name, value)| match value.as_str() {
            "" => name.clone(),
            value => format!("{name}={value}"),
        })
        .collect();
    match pairs.as_slice() {
        [] => signed.path.to_owned(),
        pairs => format!("{}?{}", signed.path, pairs.join("&")),
    }
}

#[cfg(test)]
mod tests;
