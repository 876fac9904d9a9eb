use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Computes the signature, in Base64; the key is the secret with `&` behind it.
pub fn signature(access_key_secret: &str, string_to_sign: &str) -> String {
    let key = zeroize::Zeroizing::new(format!("{access_key_secret}&"));
    // HMAC takes keys of any length; the type of `new_from_slice` is shared with ciphers that don't.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}
