//! Checks who calls: key, signature, time and nonce.
//!
//! Written apart from the client's signer on purpose: a mistake in shared code would be made by
//! both sides and never be seen.

mod acs3;
mod crypto;
mod finding;
mod mismatch;
mod nonces;
mod percent;
mod roa;
mod rpc;
mod timestamp;

use std::collections::BTreeMap;

use http::header::AUTHORIZATION;
use http::{HeaderMap, Method};
use imagesearch_core::Timestamp;

use crate::answer::Refusal;
use crate::log::Log;
use crate::settings::{Account, Auth};
use mismatch::Mismatch;
use nonces::Nonces;

pub(crate) use crypto::{hmac_sha1, same};
pub use finding::AuthFinding;
pub(crate) use percent::encode;
#[cfg(any(test, fuzzing))]
pub(crate) use percent::in_order;

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
    fn header(&self, name: &str) -> Option<String> {
        let values = self.headers.get_all(name).iter();
        let values: Vec<_> = values
            .map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned())
            .collect();
        (!values.is_empty()).then(|| values.join(","))
    }

    /// Takes the claim out of the request, by the signature method that the request chose itself.
    ///
    /// What HMAC-SHA1 covers depends on the path: calls to `/` sign their parameters, others their
    /// headers. Neither is taken for the other, since it would leave something uncovered.
    fn claim(&self) -> Result<Claim, Refusal> {
        let authorization = self.header(AUTHORIZATION.as_str()).unwrap_or_default();
        match self.path {
            "/" if rpc::is_meant(self.query) => rpc::claim(self),
            "/" => acs3::claim(self),
            _ if roa::is_meant(&authorization) => roa::claim(self, &authorization),
            _ => acs3::claim(self),
        }
    }
}

/// Decides whether a call is authentic.
#[derive(Debug)]
pub(crate) struct Authenticator {
    accounts: BTreeMap<String, Account>,
    mode: Auth,
    nonces: Nonces,
    log: Log,
}

impl Authenticator {
    pub(crate) fn new(accounts: Vec<Account>, mode: Auth, log: Log) -> Self {
        let accounts = accounts.into_iter().map(|it| (it.id.clone(), it));
        Self { accounts: accounts.collect(), mode, nonces: Nonces::default(), log }
    }

    pub(crate) fn mode(&self) -> Auth {
        self.mode
    }

    /// Checks a call as the mode wants it; what is wrong is logged, and returned besides.
    ///
    /// In lax mode there is something wrong with calls that pass, too.
    pub(crate) fn check(
        &self,
        signed: &Signed<'_>,
        now: Timestamp,
    ) -> (Result<(), Refusal>, Option<AuthFinding>) {
        if self.mode == Auth::Off {
            return (Ok(()), None);
        }
        let Err(Rejected { refusal, mismatch }) = self.judge(signed, now) else {
            return (Ok(()), None);
        };
        let passes = self.mode == Auth::Lax;
        let finding = AuthFinding::new(&refusal, mismatch.as_deref(), passes);
        let details = mismatch.map_or_else(|| finding.reason.clone(), |it| it.report());
        self.log.write(&format!(
            "{}: {} {}: {}: {details}",
            if passes { "let pass" } else { "refused" },
            signed.method,
            signed.path,
            refusal.code
        ));
        (if passes { Ok(()) } else { Err(refusal) }, Some(finding))
    }

    /// Judges a call with the signature method that it chose itself.
    ///
    /// A nonce is used up only by a call whose signature is right.
    fn judge(&self, signed: &Signed<'_>, now: Timestamp) -> Result<(), Rejected> {
        let claim = signed.claim()?;
        let account = self
            .accounts
            .get(&claim.access_key_id)
            .ok_or_else(|| Refusal::of("InvalidAccessKeyId.NotFound"))?;
        let time = timestamp::check(claim.timestamp.as_deref(), claim.method.time_format(), now)?;
        let expected = claim.method.sign(&account.secret, &claim.string_to_sign);
        if !same(expected.as_bytes(), claim.signature.as_bytes()) {
            let mismatch = Mismatch::find(signed, &claim, &account.secret);
            return Err(Rejected {
                refusal: mismatch.refusal(),
                mismatch: Some(Box::new(mismatch)),
            });
        }
        check_token(account, claim.security_token.as_deref())?;
        let fresh = |nonce: &String| self.nonces.spend(&account.id, nonce, time, now);
        if claim.nonce.as_ref().is_none_or(fresh) {
            Ok(())
        } else {
            Err(Refusal::of("SignatureNonceUsed").into())
        }
    }
}

/// Why a call is not authentic: what the client is told, and how it signed.
struct Rejected {
    refusal: Refusal,
    mismatch: Option<Box<Mismatch>>,
}

impl From<Refusal> for Rejected {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, mismatch: None }
    }
}

/// What a request claims about its sender, taken apart but not yet believed.
struct Claim {
    method: SignatureMethod,
    access_key_id: String,
    security_token: Option<String>,
    timestamp: Option<String>,
    /// What no other request has. The SDKs of the oldest generation send none.
    nonce: Option<String>,
    signature: String,
    string_to_sign: String,
    /// The canonical request, where the string to sign has only its hash.
    canonical: Option<String>,
}

#[derive(Clone, Copy)]
enum SignatureMethod {
    Acs3HmacSha256,
    RpcHmacSha1,
    RoaHmacSha1,
}

impl SignatureMethod {
    fn sign(self, secret: &str, string_to_sign: &str) -> String {
        match self {
            Self::Acs3HmacSha256 => acs3::sign(secret, string_to_sign),
            Self::RpcHmacSha1 => rpc::sign(secret, string_to_sign),
            Self::RoaHmacSha1 => roa::sign(secret, string_to_sign),
        }
    }

    fn time_format(self) -> timestamp::Format {
        match self {
            Self::Acs3HmacSha256 | Self::RpcHmacSha1 => timestamp::Format::Iso8601,
            Self::RoaHmacSha1 => timestamp::Format::HttpDate,
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

/// Refuses a request whose signature is not complete, and says what is missing.
fn incomplete(what: &str) -> Refusal {
    Refusal::of("IncompleteSignature").because(what)
}

#[cfg(test)]
mod tests;
