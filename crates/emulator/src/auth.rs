//! Checks who calls: key, signature, time and nonce.
//!
//! Written apart from the client's signer on purpose: a mistake in shared code would be made by
//! both sides and never be seen.

mod acs3;
mod crypto;
mod nonces;
mod percent;
mod rpc;
mod timestamp;

use std::collections::BTreeMap;

use http::{HeaderMap, Method};
use imagesearch_core::Timestamp;

use crate::answer::Refusal;
use crate::settings::{Account, Auth};
use nonces::Nonces;

pub(crate) use crypto::{hmac_sha1, same};

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

/// Decides whether a call is authentic.
#[derive(Debug)]
pub(crate) struct Authenticator {
    accounts: BTreeMap<String, Account>,
    mode: Auth,
    nonces: Nonces,
}

impl Authenticator {
    pub(crate) fn new(accounts: Vec<Account>, mode: Auth) -> Self {
        let accounts = accounts.into_iter().map(|it| (it.id.clone(), it));
        Self { accounts: accounts.collect(), mode, nonces: Nonces::default() }
    }

    /// Checks a call with the signature method that it chose itself.
    ///
    /// A nonce is used up only by a call whose signature is right.
    pub(crate) fn check(&self, signed: &Signed<'_>, now: Timestamp) -> Result<(), Refusal> {
        if self.mode == Auth::Off {
            return Ok(());
        }
        let claim =
            if rpc::is_meant(signed.query) { rpc::claim(signed)? } else { acs3::claim(signed)? };
        let account = self
            .accounts
            .get(&claim.access_key_id)
            .ok_or_else(|| Refusal::of("InvalidAccessKeyId.NotFound"))?;
        let time = timestamp::check(claim.timestamp.as_deref(), now)?;
        let expected = claim.method.sign(&account.secret, &claim.string_to_sign);
        if !same(expected.as_bytes(), claim.signature.as_bytes()) {
            return Err(mismatch(&claim));
        }
        check_token(account, claim.security_token.as_deref())?;
        if self.nonces.spend(&account.id, &claim.nonce, time, now) {
            Ok(())
        } else {
            Err(Refusal::of("SignatureNonceUsed"))
        }
    }
}

/// What a request claims about its sender, taken apart but not yet believed.
struct Claim {
    method: SignatureMethod,
    access_key_id: String,
    security_token: Option<String>,
    timestamp: Option<String>,
    nonce: String,
    signature: String,
    string_to_sign: String,
    /// The canonical request, where the string to sign has only its hash.
    canonical: Option<String>,
}

#[derive(Clone, Copy)]
enum SignatureMethod {
    Acs3HmacSha256,
    HmacSha1,
}

impl SignatureMethod {
    fn sign(self, secret: &str, string_to_sign: &str) -> String {
        match self {
            Self::Acs3HmacSha256 => acs3::sign(secret, string_to_sign),
            Self::HmacSha1 => rpc::sign(secret, string_to_sign),
        }
    }
}

fn check_token(account: &Account, given: Option<&str>) -> Result<(), Refusal> {
    let matches = match (&account.token, given) {
        (Some(expected), Some(given)) => same(expected.as_bytes(), given.as_bytes()),
        (None, None) => true,
        _ => false,
    };
    if matches {
        return Ok(());
    }
    Err(Refusal::of("InvalidSecurityToken.MismatchWithAccessKey"))
}

/// Refuses a signature and shows what was signed here, for comparison with the client's.
fn mismatch(claim: &Claim) -> Refusal {
    let refusal = Refusal::of("SignatureDoesNotMatch");
    let message = match &claim.canonical {
        Some(canonical) => format!(
            "{} server string to sign is: {} server canonical request is: {}",
            refusal.message,
            shown(claim, &claim.string_to_sign),
            shown(claim, canonical)
        ),
        None => format!(
            "{} server string to sign is: {}",
            refusal.message,
            shown(claim, &claim.string_to_sign)
        ),
    };
    refusal.with_message(message)
}

/// Cuts a text to what fits a message, and hides the security token in it.
fn shown(claim: &Claim, text: &str) -> String {
    const SHOWN: usize = 4096;
    let mut text = text.to_owned();
    if let Some(token) = claim.security_token.as_deref().filter(|it| !it.is_empty()) {
        // In the string to sign of RPC the token is encoded twice, in a header not at all.
        let once = percent::encode(token);
        for hidden in [&percent::encode(&once), &once, token] {
            text = text.replace(hidden, "[hidden]");
        }
    }
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => {
            text.truncate(end);
            text + "…"
        }
        None => text,
    }
}

/// Refuses a request whose signature is not complete, and says what is missing.
fn incomplete(what: &str) -> Refusal {
    Refusal::of("IncompleteSignature").because(what)
}

#[cfg(test)]
mod tests;
