//! The one kind of request that is signed: the operation's, and the authorization of an upload.

use std::time::Duration;

use super::{signing::Signing, turn::Turn};
use crate::{
    attempt::{Accepted, Attempt, Built, FailedResponse, classify_answer},
    error::{Error, Hop},
    io::{Activity, Answer},
    sign::SignatureMethod,
    wire::WireRequest,
};

/// A request that every attempt signs afresh.
pub(super) struct SignedRequest<'a, T> {
    pub(super) stage: Hop,
    pub(super) request: &'a WireRequest,
    pub(super) method: SignatureMethod,
    pub(super) signing: Signing<'a>,
    /// `None` if the request is not paced.
    pub(super) turn: Option<Turn>,
    /// Reads an answer that the service has accepted.
    pub(super) read: fn(Accepted, Answer) -> Result<T, Box<FailedResponse>>,
}

impl<T: Send> Attempt for SignedRequest<'_, T> {
    type Accepted = T;

    fn stage(&self) -> Hop {
        self.stage
    }

    async fn build(&mut self, activity: &Activity, trial: Option<i64>) -> Result<Built, Error> {
        let prepared = self.signing.prepare(activity, self.turn.as_mut()).await?;
        self.signing.sign(self.request, self.method, prepared, trial)
    }

    fn classify(&self, answer: Answer) -> Result<T, Box<FailedResponse>> {
        let accepted = classify_answer(&answer, self.signing.secrets())?;
        (self.read)(accepted, answer)
    }

    fn explain(&self, failed: &mut FailedResponse, body: &[u8]) {
        self.signing.explain(failed, body);
    }

    fn throttled(&mut self, asked: Option<Duration>) {
        if let Some(turn) = &self.turn {
            turn.throttled(self.signing.io.now(), asked);
        }
    }

    fn drop_credentials(&mut self) -> bool {
        self.signing.drop_credentials()
    }

    fn renew_credentials(&mut self, refusal: Error) {
        self.signing.renew_credentials(refusal);
    }

    fn clock_corrected(&self) {
        self.signing.clock_corrected();
    }
}
