//! Hashes and message authentication codes in the spellings that signatures use.

use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{
    Hmac, KeyInit, Mac,
    digest::{Digest, Output},
};
use sha1::Sha1;
use sha2::Sha256;

use crate::body::Body;

/// Encodes bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Hashes a body without joining its segments.
pub(super) fn hash_body<D: Digest>(body: &Body) -> Output<D> {
    let mut hash = D::new();
    for chunk in body.chunks() {
        hash.update(&chunk);
    }
    hash.finalize()
}

/// Computes `HMAC-SHA256`, in hexadecimal digits.
pub(super) fn hmac_sha256(key: &[u8], text: &str) -> String {
    // HMAC takes keys of any length; the type of `new_from_slice` is shared with ciphers that do not.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    hex(&mac.finalize().into_bytes())
}

/// Computes `HMAC-SHA1`, in Base64.
pub(super) fn hmac_sha1(key: &[u8], text: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}
