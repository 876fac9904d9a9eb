use serde::Serialize;

use super::mismatch::Mismatch;
use crate::service::refusal::Refusal;

/// Tells what was found wrong with who calls: the signature, the key, the time or the nonce.
///
/// Secrets and security tokens are not in it. Long texts are cut to 4096 characters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AuthFinding {
    /// The error code; in lax mode that which would have been answered.
    pub code: String,
    /// Whether the call was let pass nevertheless, as lax mode does.
    pub passed: bool,
    /// What is wrong, and where a usual mistake explains it, which one.
    pub reason: String,
    /// The string to sign, as the emulator makes it, if the signature is another.
    pub server_string_to_sign: Option<String>,
    /// What that was made of: for ACS3 the canonical request, else the string to sign itself.
    pub server_signed: Option<String>,
    /// What the client signed in place of that, if a usual mistake explains it.
    pub client_signed: Option<String>,
    /// Where the two texts part.
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
