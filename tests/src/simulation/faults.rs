use std::time::Duration;

use imagesearch_core::{
    errors::Hop,
    exchange::{Failure, FailurePhase},
};

use crate::{
    fake::{Outcome, answer},
    scenario::authorization,
};

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing bad.
    None,
    /// No connection comes about.
    NoConnection,
    /// The connection breaks before the request has arrived.
    ResetBefore,
    /// The request is lost, and nobody says so.
    Lost,
    /// It is carried out, and the connection breaks before the answer.
    ResetAfter,
    /// It is carried out, and the answer never comes.
    Swallowed,
    /// It is carried out, and half the answer comes.
    HalfAnswer,
    /// It is carried out, and the answer is longer than any.
    EndlessAnswer,
    /// Too many requests; not carried out.
    Denied,
    /// Too many requests, with a wait of so many milliseconds.
    DeniedFor(u64),
    /// The nonce is called used, though it is not.
    NonceRefused,
    /// The token is called expired, though it is not.
    TokenRefused,
    /// An error of the server; it says whether the work was done all the same.
    Internal(bool),
    /// A page of a proxy; it says whether the request was passed on and carried out.
    Page(bool),
    /// It is refused for good.
    Refused,
}

/// The answer to a request that is carried out.
pub(super) fn success(hop: Hop) -> Outcome {
    Outcome::Answer(match hop {
        Hop::Authorize => answer(200, &authorization("127.0.0.1:1")),
        Hop::Upload => answer(201, "<PostResponse/>"),
        _ => answer(200, r#"{"Success":true,"RequestId":"R"}"#),
    })
}

impl Fault {
    /// Returns whether the request reaches the service at all.
    pub(super) fn arrives(self) -> bool {
        !matches!(self, Self::NoConnection | Self::ResetBefore | Self::Lost)
    }

    /// Returns whether the service carries the request out.
    pub(super) fn is_carried_out(self) -> bool {
        match self {
            Self::None
            | Self::ResetAfter
            | Self::Swallowed
            | Self::HalfAnswer
            | Self::EndlessAnswer => true,
            Self::Internal(done) | Self::Page(done) => done,
            Self::NoConnection
            | Self::ResetBefore
            | Self::Lost
            | Self::Denied
            | Self::DeniedFor(_)
            | Self::NonceRefused
            | Self::TokenRefused
            | Self::Refused => false,
        }
    }

    /// Returns whether the result of it shows that nothing was carried out.
    pub(super) fn is_harmless(self) -> bool {
        matches!(
            self,
            Self::NoConnection
                | Self::Denied
                | Self::DeniedFor(_)
                | Self::TokenRefused
                | Self::Refused
        )
    }

    /// Returns the result of a request.
    pub(super) fn outcome(self, hop: Hop) -> Outcome {
        let refusal = |status, code: &str| {
            let uploading = hop == Hop::Upload;
            Outcome::Answer(match uploading {
                true => answer(status, &format!("<Error><Code>{code}</Code></Error>")),
                false => answer(status, &format!(r#"{{"Code":"{code}","RequestId":"R"}}"#)),
            })
        };
        let broken = |phase| Outcome::Failure(Failure::new(phase, "broken"));
        match self {
            Self::None => success(hop),
            Self::NoConnection => broken(FailurePhase::Connect),
            Self::ResetBefore | Self::ResetAfter => broken(FailurePhase::Response),
            Self::HalfAnswer => broken(FailurePhase::Body),
            Self::EndlessAnswer => broken(FailurePhase::TooLong),
            Self::Lost | Self::Swallowed => Outcome::Silence,
            Self::Denied => refusal(403, "DeniedRequest"),
            Self::DeniedFor(wait) => {
                let Outcome::Answer(mut denied) = refusal(503, "Throttling") else {
                    unreachable!("a refusal is an answer")
                };
                denied.headers_mut().insert("x-acs-retry-after", wait.into());
                Outcome::Answer(denied)
            }
            Self::NonceRefused => refusal(400, "SignatureNonceUsed"),
            Self::TokenRefused => refusal(400, "InvalidSecurityToken.Expired"),
            Self::Internal(_) => refusal(500, "InternalError"),
            Self::Page(_) => Outcome::Answer(answer(502, "<html>")),
            Self::Refused => refusal(400, "InvalidParameter"),
        }
    }

    /// Returns whether anything comes back.
    pub(super) fn is_silent(self) -> bool {
        matches!(self, Self::Lost | Self::Swallowed)
    }
}

/// How long a request is under way, with what happens to it.
pub type Fate = (Fault, Duration);
