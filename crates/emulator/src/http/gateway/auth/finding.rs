use serde::Serialize;

use super::mismatch::Mismatch;
use crate::service::refusal::Refusal;

/// What is wrong with the authentication of a call: the signature, the key, the time or the nonce.
///
/// It contains no secrets and security tokens. Texts are limited to 4096 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuthFinding {
    /// The error code, also of a call that lax mode serves.
    pub code: String,
    /// Whether the call was served nevertheless, as in lax mode.
    pub passed: bool,
    /// What is wrong, and which common mistake explains it.
    pub reason: String,
    /// The string to sign of the emulator, if the signature differs.
    pub server_string_to_sign: Option<String>,
    /// Its input: the canonical request for ACS3, or else the string to sign itself.
    pub server_signed: Option<String>,
    /// What the client signed instead, if a common mistake explains it.
    pub client_signed: Option<String>,
    /// Where the two texts differ.
    pub first_difference: Option<String>,
}

impl AuthFinding {
    pub(super) fn new(refusal: &Refusal, mismatch: Option<&Mismatch>, passed: bool) -> Self {
        let reason = match mismatch {
            Some(mismatch) => mismatch.mistake().to_owned(),
            None => format!("{} ({})", refusal.message, refusal.advice),
        };
        Self {
            code: refusal.code.clone(),
            passed,
            reason,
            server_string_to_sign: mismatch.map(Mismatch::string_to_sign),
            server_signed: mismatch.map(Mismatch::ours),
            client_signed: mismatch.and_then(Mismatch::theirs),
            first_difference: mismatch.and_then(Mismatch::first_difference),
        }
    }
}
