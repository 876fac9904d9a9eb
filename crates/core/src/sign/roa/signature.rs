use base64::prelude::{BASE64_STANDARD, Engine};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

/// Computes the signature, in Base64; the key is the plain secret, without the `&` of RPC.
pub fn signature(access_key_secret: &str, string_to_sign: &str) -> String {
    // HMAC takes keys of any length; `new_from_slice` shares its type with ciphers that don't.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(access_key_secret.as_bytes()) else {
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}
