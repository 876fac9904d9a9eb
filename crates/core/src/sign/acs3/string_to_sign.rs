use sha2::{Digest, Sha256};

use crate::sign::hex;

/// Writes the string to sign: the algorithm and the hash of the canonical request.
pub fn string_to_sign(canonical_request: &str) -> String {
    format!("ACS3-HMAC-SHA256\n{}", hex(&Sha256::digest(canonical_request)))
}
