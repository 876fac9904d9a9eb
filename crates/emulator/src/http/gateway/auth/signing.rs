//! What of a request is signed, what it says of its sender, and the keyed hashes to compare it with.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, Method};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::service::refusal::Refusal;

/// What of a request a signature covers.
#[derive(Debug)]
pub(crate) struct Signed<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) query: &'a [(String, String)],
    pub(crate) form: &'a [(String, String)],
    pub(crate) headers: &'a HeaderMap,
    pub(crate) body: &'a [u8],
}

impl Signed<'_> {
    /// Reads a header, trimmed; several of one name are joined with commas.
    pub(super) fn header(&self, name: &str) -> Option<String> {
        let values = self.headers.get_all(name).iter();
        let values: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
            .collect();
        (!values.is_empty()).then(|| values.join(","))
    }
}

/// What a request claims about its sender, taken apart but not yet believed.
pub(super) struct Claim {
    pub(super) method: SignatureMethod,
    pub(super) access_key_id: String,
    pub(super) security_token: Option<String>,
    pub(super) timestamp: Option<String>,
    /// What no other request has. The SDKs of the oldest generation send none.
    pub(super) nonce: Option<String>,
    pub(super) signature: String,
    pub(super) string_to_sign: String,
    /// The canonical request, where the string to sign has only its hash.
    pub(super) canonical: Option<String>,
}

#[derive(Clone, Copy)]
pub(super) enum SignatureMethod {
    Acs3HmacSha256,
    RpcHmacSha1,
    RoaHmacSha1,
}

/// Refuses a request whose signature is not complete, and says what is missing.
pub(super) fn incomplete(what: &str) -> Refusal {
    Refusal::of("IncompleteSignature").because(what)
}

/// Computes HMAC-SHA1 in Base64.
pub(crate) fn hmac_sha1(key: &[u8], text: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
        // HMAC takes keys of any length; a signature that nobody can send refuses everything.
        return String::from("-");
    };
    mac.update(text);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Computes HMAC-SHA256 in lower-case hexadecimal.
pub(super) fn hmac_sha256(key: &[u8], text: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::from("-");
    };
    mac.update(text);
    hex(&mac.finalize().into_bytes())
}

/// Computes SHA-256 in lower-case hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Computes MD5 in Base64, as `Content-MD5` has it.
pub(super) fn md5(bytes: &[u8]) -> String {
    STANDARD.encode(Md5::digest(bytes))
}

/// Compares in a time that does not tell where the first difference is.
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing into a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_published_values() {
        // RFC 2202, case 2, and RFC 4231, case 2.
        let text = b"what do ya want for nothing?";
        assert_eq!(hmac_sha1(b"Jefe", text), "7/zfauXrL6LSdBbV8YTfnCWafHk=");
        assert_eq!(
            hmac_sha256(b"Jefe", text),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        // RFC 1321.
        assert_eq!(md5(b""), "1B2M2Y8AsgTpgAmY7PhCfg==");
    }
}
