//! Authentication of calls: key, signature, time and nonce.
//!
//! Deliberately independent of the client's signer: a mistake in shared code would be invisible.

pub(crate) mod account;
mod acs3;
pub(crate) mod finding;
mod freshness;
mod mismatch;
mod roa;
mod rpc;
pub(crate) mod signing;

use std::collections::BTreeMap;

use http::header::AUTHORIZATION;
use imagesearch_core::values::Timestamp;

use crate::service::log::Log;
use crate::service::refusal::Refusal;
use account::{Account, Auth};
use finding::AuthFinding;
use freshness::{Format, Nonces};
use mismatch::Mismatch;
use signing::{Claim, SignatureMethod, Signed, same};

/// Authenticates calls.
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
            if passes { "served anyway" } else { "refused" },
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
        let claim = claim_of(signed)?;
        let account = self
            .accounts
            .get(&claim.access_key_id)
            .ok_or_else(|| Refusal::of("InvalidAccessKeyId.NotFound"))?;
        let time = freshness::check(claim.timestamp.as_deref(), time_format(claim.method), now)?;
        let expected = sign(claim.method, &account.secret, &claim.string_to_sign);
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

/// Why a call is not authentic: the response, and how the client signed.
struct Rejected {
    refusal: Refusal,
    mismatch: Option<Box<Mismatch>>,
}

impl From<Refusal> for Rejected {
    fn from(refusal: Refusal) -> Self {
        Self { refusal, mismatch: None }
    }
}

/// Takes the claim out of a request, by the signature method that the request chose itself.
///
/// What HMAC-SHA1 covers depends on the path: calls to `/` sign their parameters, others their
/// headers. Neither is taken for the other, since it would leave something uncovered.
fn claim_of(signed: &Signed<'_>) -> Result<Claim, Refusal> {
    let authorization = signed.header(AUTHORIZATION.as_str()).unwrap_or_default();
    match signed.path {
        "/" if rpc::is_meant(signed.query) => rpc::claim(signed),
        "/" => acs3::claim(signed),
        _ if roa::is_meant(&authorization) => roa::claim(signed, &authorization),
        _ => acs3::claim(signed),
    }
}

fn sign(method: SignatureMethod, secret: &str, string_to_sign: &str) -> String {
    match method {
        SignatureMethod::Acs3HmacSha256 => acs3::sign(secret, string_to_sign),
        SignatureMethod::RpcHmacSha1 => rpc::sign(secret, string_to_sign),
        SignatureMethod::RoaHmacSha1 => roa::sign(secret, string_to_sign),
    }
}

fn time_format(method: SignatureMethod) -> Format {
    match method {
        SignatureMethod::Acs3HmacSha256 | SignatureMethod::RpcHmacSha1 => Format::Iso8601,
        SignatureMethod::RoaHmacSha1 => Format::HttpDate,
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

#[cfg(test)]
mod tests;
