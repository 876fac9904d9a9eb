//! ACS3-HMAC-SHA256: the signature in the Authorization header.

use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};

use super::signing;
use super::signing::{Claim, SignatureMethod, Signed, incomplete};
use crate::http::gateway::form;
use crate::service::refusal::Refusal;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// Takes the claim out of a request and computes what it should have signed.
pub(super) fn claim(signed: &Signed<'_>) -> Result<Claim, Refusal> {
    let authorization = Authorization::read(signed)?;
    check_coverage(signed, &authorization.signed_headers)?;
    let given_hash = required(signed, "x-acs-content-sha256")?;
    let hash = signing::sha256(signed.body);
    if !signing::same(hash.as_bytes(), given_hash.to_ascii_lowercase().as_bytes()) {
        let message = format!(
            "The header x-acs-content-sha256 is {}, but the SHA-256 of the body is {hash}.",
            given_hash.escape_debug()
        );
        return Err(Refusal::of("SignatureDoesNotMatch").with_message(message));
    }
    let canonical = canonical_request(signed, &authorization.signed_headers, &hash);
    let string_to_sign = string_to_sign(&canonical);
    Ok(Claim {
        method: SignatureMethod::Acs3HmacSha256,
        access_key_id: authorization.credential,
        security_token: signed.header("x-acs-security-token"),
        timestamp: signed.header("x-acs-date"),
        nonce: Some(required(signed, "x-acs-signature-nonce")?),
        signature: authorization.signature,
        string_to_sign,
        canonical: Some(canonical),
    })
}

/// Hashes a canonical request into what is signed.
pub(super) fn string_to_sign(canonical: &str) -> String {
    format!("{ALGORITHM}\n{}", signing::sha256(canonical.as_bytes()))
}

/// Signs with the bare secret, in hexadecimal.
pub(super) fn sign(secret: &str, string_to_sign: &str) -> String {
    signing::hmac_sha256(secret.as_bytes(), string_to_sign.as_bytes())
}

/// `ACS3-HMAC-SHA256 Credential=..,SignedHeaders=a;b,Signature=..`, taken apart.
struct Authorization {
    credential: String,
    /// Lower-case names as they were sent.
    signed_headers: Vec<String>,
    signature: String,
}

impl Authorization {
    fn read(signed: &Signed<'_>) -> Result<Self, Refusal> {
        let value = signed
            .header(AUTHORIZATION.as_str())
            .ok_or_else(|| incomplete("the Authorization header is missing"))?;
        let (algorithm, rest) = value.split_once(' ').unwrap_or((&value, ""));
        if algorithm != ALGORITHM {
            return Err(Refusal::of("InvalidSignatureMethod"));
        }
        let part = |name: &str| {
            let mut parts = rest.split(',').filter_map(|part| part.trim().split_once('='));
            let (_, value) = parts
                .find(|(it, value)| *it == name && !value.is_empty())
                .ok_or_else(|| incomplete(&format!("the Authorization header has no {name}")))?;
            Ok::<_, Refusal>(value)
        };
        Ok(Self {
            credential: part("Credential")?.to_owned(),
            signed_headers: part("SignedHeaders")?
                .split(';')
                .map(str::to_ascii_lowercase)
                .collect(),
            signature: part("Signature")?.to_owned(),
        })
    }
}

/// Checks that the signature covers what it must: host, content type and all of `x-acs-*`.
///
/// Without a body its type says nothing, and need not be signed: the asynchronous methods of the
/// official Python SDK send one that they do not sign with every call that has no body.
fn check_coverage(signed: &Signed<'_>, signed_headers: &[String]) -> Result<(), Refusal> {
    let must_be_signed = |name: &str| name == HOST.as_str() || name.starts_with("x-acs-");
    let present = signed.headers.keys().map(http::HeaderName::as_str);
    let mut needed: Vec<&str> = present.filter(|name| must_be_signed(name)).collect();
    needed.push(HOST.as_str());
    if !signed.body.is_empty() {
        needed.push(CONTENT_TYPE.as_str());
    }
    for name in needed {
        if !signed_headers.iter().any(|it| it == name) {
            return Err(incomplete(&format!("the header {name} is not signed")));
        }
    }
    for name in signed_headers {
        if !signed.headers.contains_key(name.as_str()) {
            return Err(incomplete(&format!(
                "the header {} is signed but was not sent",
                name.escape_debug()
            )));
        }
    }
    Ok(())
}

fn canonical_request(signed: &Signed<'_>, signed_headers: &[String], hash: &str) -> String {
    let mut names: Vec<&str> = signed_headers.iter().map(String::as_str).collect();
    names.sort_unstable();
    let mut lines = String::new();
    for name in &names {
        let value = signed.header(name).unwrap_or_default();
        lines.push_str(&format!("{name}:{value}\n"));
    }
    format!(
        "{}\n{}\n{}\n{lines}\n{}\n{hash}",
        signed.method,
        signed.path,
        form::canonical(signed.query.iter()),
        names.join(";"),
    )
}

fn required(signed: &Signed<'_>, name: &str) -> Result<String, Refusal> {
    signed
        .header(name)
        .filter(|value| !value.is_empty())
        .ok_or_else(|| incomplete(&format!("the header {name} is missing")))
}

#[cfg(test)]
mod tests;
