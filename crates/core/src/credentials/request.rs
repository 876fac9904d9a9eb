//! Requests for credentials, tried a few times.

use std::time::Duration;

use serde_json::{Map, Value};

use super::{FetchRequest, script::Io};
use crate::{
    error::{Error, Hop},
    error_table::RetryClass,
    exchange::{Answer, Fault, clock_skew, judge_answer, judge_failure},
    retry::{Backoff, FailedAttempt, FullJitter, retry_after},
    secret::Secret,
    sign::hex,
    values::Timestamp,
};

/// How often a request is sent at most.
const ATTEMPTS: u32 = 3;

/// How long a request to a service may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// What no two requests have in common.
pub(super) struct Stamp {
    /// A nonce.
    pub(super) nonce: String,
    /// The time, corrected if the service has refused another.
    pub(super) time: Timestamp,
}

/// Sends a request until it is answered with a JSON object, up to three times.
///
/// What does not pass is not repeated, and no wait ends after the deadline of the call. The secrets
/// are removed from what the service says.
pub(super) async fn object(
    io: &Io,
    secrets: &[Secret],
    build: impl Fn(Stamp) -> Result<FetchRequest, Error>,
) -> Result<Map<String, Value>, Error> {
    let mut attempts = 0;
    let mut offset = None;
    loop {
        attempts += 1;
        let random = io.random().await.ok_or_else(|| {
            Error::config("the system has no randomness for the nonce of a request")
        })?;
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
}

fn judge(
    answer: &Answer,
    secrets: &[Secret],
    sent: Timestamp,
    received: Timestamp,
) -> Result<Map<String, Value>, Box<Fault>> {
    let mut fault = match judge_answer(answer, secrets.iter()) {
        Ok(accepted) => return Ok(accepted.object),
        Err(fault) => fault,
    };
    fault.retry_after = retry_after(answer.headers(), fault.class, received);
    if fault.class == RetryClass::Clock && fault.error.request_id().is_some() {
        fault.clock_offset = clock_skew::measure(answer.headers(), sent, received)
            .filter(|offset| offset.unsigned_abs() >= clock_skew::SMALLEST);
    }
    Err(fault)
}
