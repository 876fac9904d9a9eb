<<<<<<< HEAD
//! Requests for credentials that are sent again if that may help.
=======
//! Requests for credentials, with retries.
>>>>>>> 4657f92 (Say in plain words why a source has no credentials)

use std::{sync::Mutex, time::Duration};

use serde_json::{Map, Value};

use super::{FetchContext, FetchRequest};
use crate::{
    attempt::{
        Attempt, AttemptContext, Built, FailedResponse, History, attempt, classify_answer,
        corrected,
    },
    error::{Error, Hop},
    io::{Activity, Answer},
    retry::RetryTokens,
    secret::Secret,
    trace::CallSpan,
    values::Timestamp,
};

<<<<<<< HEAD
/// How long a request to a service may take.
=======
/// How often a request is sent at most.
const ATTEMPTS: u32 = 3;

/// The timeout of one request.
>>>>>>> 4657f92 (Say in plain words why a source has no credentials)
const TIMEOUT: Duration = Duration::from_secs(10);

/// The values that differ in every request.
pub(super) struct Stamp {
    pub(super) nonce: String,
    /// The time, corrected if the service refused the last one.
    pub(super) time: Timestamp,
}

<<<<<<< HEAD
/// Sends a request until it is answered with a JSON object.
///
/// It follows the client's retry policy and budget. The secrets are removed from what the service
/// says.
=======
/// Sends a request up to three times, until the response is a JSON object.
///
/// Only transient failures are retried, and no wait goes beyond the deadline of the call. The
/// secrets are redacted in the service's messages.
>>>>>>> 4657f92 (Say in plain words why a source has no credentials)
pub(super) async fn object(
    context: &FetchContext,
    secrets: &[Secret],
    build: impl Fn(Stamp) -> Result<FetchRequest, Error> + Send,
) -> Result<Map<String, Value>, Error> {
<<<<<<< HEAD
    let settings = &context.settings;
    let attempts = AttemptContext {
        operation: "credentials".to_owned(),
        policy: settings.policy.clone(),
        tokens: Mutex::new(RetryTokens::new(settings.budget.clone())),
        clock: settings.clock.clone(),
        is_idempotent: true,
        span: CallSpan::none(),
        observer: settings.observer.clone(),
        in_doubt: false.into(),
    };
    let mut request = Request { context, secrets, build };
    let result = attempt(&context.io, &attempts, &mut History::default(), &mut request).await;
    result.map_err(|stop| {
        attempts.settle(false);
        stop.into_error().for_credentials()
    })
=======
    let mut attempts = 0;
    let mut offset = None;
    loop {
        attempts += 1;
        let random = io
            .random()
            .await
            .ok_or_else(|| Error::config("the system has no randomness for a nonce"))?;
        let sent = io.now().wall;
        let time = clock_skew::corrected(sent, offset.unwrap_or(0));
        let mut request = build(Stamp { nonce: hex(&random), time })?;
        request.timeout.get_or_insert(TIMEOUT);
        let fault = match io.send(request).await {
            Ok(answer) => match judge(&answer, secrets, sent, io.now().wall) {
                Ok(object) => return Ok(object),
                Err(fault) => *fault,
            },
            Err(failure) => judge_failure(failure),
        };
        let error = fault.error.for_credentials().with_attempts(Hop::Credentials, attempts);
        if attempts == ATTEMPTS {
            return Err(error);
        }
        match (fault.class, fault.clock_offset) {
            (RetryClass::NewNonce, _) => {}
            (RetryClass::Clock, Some(measured)) if offset.is_none() && io.corrects_clock() => {
                offset = Some(measured);
            }
            (class @ (RetryClass::Transient | RetryClass::Throttle), _) => {
                let mut failed = FailedAttempt::new("credentials", &error, class);
                (failed.hop, failed.attempts) = (Hop::Credentials, attempts);
                let random = io.random().await.map_or(u64::MAX, |[a, b, c, d, e, f, g, h, ..]| {
                    u64::from_be_bytes([a, b, c, d, e, f, g, h])
                });
                let delay = FullJitter::default().delay(&failed, random);
                let delay = delay.max(fault.retry_after.unwrap_or_default());
                if io.now().mono.saturating_add(delay) >= io.deadline() {
                    return Err(error);
                }
                io.wait(delay).await;
            }
            _ => return Err(error),
        }
    }
>>>>>>> 4657f92 (Say in plain words why a source has no credentials)
}

struct Request<'a, B> {
    context: &'a FetchContext,
    secrets: &'a [Secret],
    build: B,
}

impl<B: Fn(Stamp) -> Result<FetchRequest, Error> + Send> Attempt for Request<'_, B> {
    type Accepted = Map<String, Value>;

    // Another service, whose clock is not that of Image Search.
    const TRUSTS_CLOCK: bool = false;

    fn stage(&self) -> Hop {
        Hop::Credentials
    }

    async fn build(&mut self, _activity: &Activity, trial: Option<i64>) -> Result<Built, Error> {
        let nonce = self.context.io.nonce().await?;
        let clock_offset = trial.unwrap_or_else(|| self.context.settings.clock.offset());
        let time = corrected(self.context.io.now().system, clock_offset);
        let mut request = (self.build)(Stamp { nonce, time })?;
        request.timeout.get_or_insert(TIMEOUT);
        Ok(Built { outgoing: self.context.outgoing(request), clock_offset })
    }

    fn classify(&self, answer: Answer) -> Result<Self::Accepted, Box<FailedResponse>> {
        Ok(classify_answer(&answer, self.secrets.iter())?.object)
    }
}
