use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::sign::hex;

/// Computes the signature, in hexadecimal digits.
pub fn signature(access_key_secret: &str, string_to_sign: &str) -> String {
    // HMAC takes keys of any length; the type of `new_from_slice` is shared with ciphers that don't.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(access_key_secret.as_bytes()) else {
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    hex(&mac.finalize().into_bytes())
}
