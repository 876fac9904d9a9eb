//! Requests for credentials that are sent again if that may help.

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

/// The timeout of one request.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The values that differ in every request.
pub(super) struct Stamp {
    pub(super) nonce: String,
    /// The time, corrected if the service refused the last one.
    pub(super) time: Timestamp,
}

/// Sends a request until it is answered with a JSON object.
///
/// It follows the client's retry policy and budget. The secrets are removed from what the service
/// says.
pub(super) async fn object(
    context: &FetchContext,
    secrets: &[Secret],
    build: impl Fn(Stamp) -> Result<FetchRequest, Error> + Send,
) -> Result<Map<String, Value>, Error> {
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
