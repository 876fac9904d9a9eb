//! The state of signed requests: credentials, their renewal, and the last signature.

use std::{
    future::{Future, pending, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::Poll,
};

use http::header::USER_AGENT;

use super::{
    context::CallContext,
    signature_mismatch::{explain, keep},
    turn::Turn,
};
use crate::{
    attempt::{Built, FailedResponse, corrected},
    credentials::{Access, Credentials, FetchContext, Lease},
    error::{Error, Hop},
    generated::error_code::ErrorCode,
    io::{Activity, Io, Waiting},
    secret::Secret,
    sign::{SignatureMethod, SigningContext, Stages, sign},
    wire::WireRequest,
};

/// The signing state of a request with retries.
pub(super) struct Signing<'a> {
    pub(super) io: &'a Io,
    pub(super) call: &'a CallContext,
    /// The credentials of the last attempt: a response may echo them.
    pub(super) signed_with: Option<Arc<Credentials>>,
    /// The signed texts, for comparison with the service's.
    stages: Option<Stages>,
    /// The refusal of expired credentials, kept until newer ones are found.
    refusal: Option<Error>,
}

impl<'a> Signing<'a> {
    pub(super) fn new(io: &'a Io, call: &'a CallContext) -> Self {
        Self { io, call, signed_with: None, stages: None, refusal: None }
    }

    /// Draws a nonce, then waits for credentials, and for the call's turn if calls are paced.
    ///
    /// The caller signs at once, by the same clock that the credentials were checked with.
    pub(super) async fn prepare(
        &mut self,
        activity: &Activity,
        mut turn: Option<&mut Turn>,
    ) -> Result<(String, Arc<Credentials>), Error> {
        let nonce = self.io.nonce().await?;
        loop {
            if let Some(turn) = turn.as_deref_mut() {
                activity.set(Waiting::Pacing);
                turn.wait(self.io).await;
            }
            let mut access = pin!(credentials(self.io, self.call));
            let result = match poll_once(access.as_mut()).await {
                Poll::Ready(result) => result,
                Poll::Pending => {
                    // Fetching may take long, so other calls go first.
                    if let Some(turn) = turn.as_deref_mut() {
                        turn.step_aside();
                    }
                    activity.set(Waiting::Credentials);
                    let result = access.await;
                    self.io.still_in_time().await;
                    result
                }
            };
            activity.set(Waiting::Nothing);
            let credentials = match result {
                Ok(credentials) => credentials,
                Err(error) => return Err(self.without_credentials(error)),
            };
            self.check_renewal(&credentials)?;
            let started = match turn.as_deref_mut() {
                Some(turn) => turn.start(self.io).await,
                None => true,
            };
            if started {
                return Ok((nonce, credentials));
            }
        }
    }

    /// Signs a request with a new nonce and the time.
    pub(super) fn sign(
        &mut self,
        request: &WireRequest,
        method: SignatureMethod,
        (nonce, credentials): (String, Arc<Credentials>),
        trial: Option<i64>,
    ) -> Result<Built, Error> {
        // Read once, so that a signature has a single time.
        let clock_offset = trial.unwrap_or_else(|| self.call.shared.clock.offset());
        let timestamp = corrected(self.io.now().system, clock_offset);
        let context = SigningContext::new(&credentials, timestamp).with_nonce(&nonce);
        let signed = sign(method, request, &context);
        let mut request = signed.apply(request)?;
        let user_agent = self.call.shared.config.user_agent.clone();
        request.headers_mut().insert(USER_AGENT, user_agent);
        self.signed_with = Some(credentials);
        self.stages = keep(signed.stages);
        Ok(Built { outgoing: self.call.outgoing(request), clock_offset })
    }

    /// Returns the secrets that a response may echo.
    pub(super) fn secrets(&self) -> impl Iterator<Item = &Secret> + Clone {
        self.signed_with.iter().flat_map(|credentials| credentials.secrets())
    }

    /// Explains a signature that the service refused.
    pub(super) fn explain(&self, failed: &mut FailedResponse, body: &[u8]) {
        let credentials = self.signed_with.as_deref();
        let stages = self.stages.as_ref();
        let advice = credentials.zip(stages).and_then(|(it, stages)| explain(body, stages, it));
        self.explain_with(failed, advice);
    }

    /// Redacts the key in the echo of a signature that was not made here.
    pub(super) fn explain_foreign(&self, failed: &mut FailedResponse) {
        self.explain_with(failed, None);
    }

    fn explain_with(&self, failed: &mut FailedResponse, advice: Option<String>) {
        if failed.error.code() != Some(&ErrorCode::SignatureDoesNotMatch) {
            return;
        }
        let id = self.signed_with.as_ref().and_then(|it| it.access_key_id()).unwrap_or_default();
        failed.map_error(|error| {
            let error = error.hiding(id);
            match advice {
                Some(advice) => error.with_advice(advice),
                None => error,
            }
        });
    }

    pub(super) fn drop_credentials(&self) -> bool {
        let now = self.call.shared.clock.read(self.io.now());
        let cell = &self.call.credentials;
        self.signed_with.as_ref().is_some_and(|refused| cell.refuse(refused, now))
    }

    pub(super) fn renew_credentials(&mut self, refusal: Error) {
        self.refusal = Some(refusal);
    }

    /// Wakes waiting calls: by the corrected clock, credentials that seemed expired may be valid.
    pub(super) fn clock_corrected(&self) {
        self.call.shared.credentials.wake_all();
    }

    /// Fails with the refusal if the new credentials are the refused ones.
    fn check_renewal(&mut self, credentials: &Credentials) -> Result<(), Error> {
        let same = |refused: &Arc<Credentials>| refused.has_same_key(credentials);
        match self.refusal.take() {
            Some(refusal) if self.signed_with.as_ref().is_some_and(same) => {
                Err(refusal.with_note("the source has no newer credentials"))
            }
            _ => Ok(()),
        }
    }

    /// Returns the error for missing credentials: after a refusal, the refusal with a note.
    fn without_credentials(&mut self, error: Error) -> Error {
        match self.refusal.take() {
            Some(refusal) => {
                refusal.with_note(format!("could not fetch newer credentials: {error:#}"))
            }
            None => {
                let attempts = error.attempts().max(1);
                error.with_attempts(Hop::Credentials, attempts)
            }
        }
    }
}

/// Returns valid credentials, waiting for them if necessary.
async fn credentials(io: &Io, call: &CallContext) -> Result<Arc<Credentials>, Error> {
    let access = poll_fn(|context| {
        let now = call.shared.clock.read(io.now());
        match call.credentials.access(now, context.waker()) {
            Access::Busy => Poll::Pending,
            access => Poll::Ready(access),
        }
    });
    match access.await {
        Access::Ready(credentials) => Ok(credentials),
        Access::Failed(error) => Err(error),
        Access::Lease(lease) => fetch(io, call, lease).await,
        // Handled above.
        Access::Busy => pending().await,
    }
}

/// Fetches credentials for all waiting calls.
async fn fetch(io: &Io, call: &CallContext, lease: Lease) -> Result<Arc<Credentials>, Error> {
    let context = FetchContext::new(io.clone(), Arc::clone(&call.shared.fetch_settings));
    let result = lease.fetch(context).await;
    let now = || call.shared.clock.read(io.now());
    match result {
        Ok(credentials) => {
            // Only needed if they expire.
            let random = if credentials.expires().is_some() { io.jitter().await } else { 0 };
            Ok(lease.publish(credentials, now(), random))
        }
        Err(error) if io.is_late() => {
            // Only this call has failed; others have more time.
            io.note(format!("fetching credentials failed: {error:#}"));
            drop(lease);
            pending().await
        }
        Err(error) => lease.fail(error, now()),
    }
}

/// Polls a future once.
async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}
