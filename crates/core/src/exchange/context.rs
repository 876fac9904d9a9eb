use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::{PreparedCall, RawResponse, Shared};
use crate::{
    attempt::{AttemptContext, Limit},
    body::Body,
    credentials::CredentialsCell,
    error::{Error, ErrorKind, TimeoutPhase},
    io::{Io, Outgoing, Standing},
    retry::{RetryPolicy, RetryTokens},
    trace::CallSpan,
};

/// The state that all parts of a call share.
#[derive(Debug)]
pub(super) struct CallContext {
    pub(super) shared: Arc<Shared>,
    pub(super) credentials: Arc<CredentialsCell>,
    /// The caller's headers, for every request except those for credentials.
    pub(super) headers: http::HeaderMap,
    pub(super) attempts: AttemptContext,
    timeout: Duration,
    attempt_timeout: Duration,
    /// Whether a lost response may hide a change.
    pub(super) writes: bool,
}

impl CallContext {
    pub(super) fn new(shared: Arc<Shared>, prepared: &PreparedCall) -> Result<Self, Error> {
        let (config, options) = (&shared.config, &prepared.options);
        let mut headers = config.headers.clone();
        headers.extend(options.headers.check()?);
        let credentials = match &options.credentials {
            Some(own) => Arc::new(CredentialsCell::new(Arc::clone(own))),
            None => Arc::clone(&shared.credentials),
        };
        let budget = options.retry.as_ref().and_then(RetryPolicy::budget);
        let attempts = AttemptContext {
            operation: prepared.name().to_owned(),
            policy: options.retry.clone().unwrap_or_else(|| config.retry.clone()),
            tokens: Mutex::new(RetryTokens::new(Arc::clone(budget.unwrap_or(&shared.budget)))),
            clock: Arc::clone(&shared.clock),
            is_idempotent: prepared.is_idempotent(),
            span: CallSpan::new(prepared.name()),
            observer: config.observer.clone(),
            in_doubt: false.into(),
        };
        let timeout = options.timeout.unwrap_or(config.timeout);
        let attempt_timeout = options.attempt_timeout.unwrap_or(config.attempt_timeout);
        let writes = prepared.writes();
        Ok(Self { shared, credentials, headers, attempts, timeout, attempt_timeout, writes })
    }

    /// Completes a request with the call's headers and timeouts.
    pub(super) fn outgoing(&self, mut request: http::Request<Body>) -> Outgoing {
        request.headers_mut().extend(self.headers.clone());
        Outgoing {
            request,
            connect_timeout: self.shared.config.connect_timeout,
            timeout: self.attempt_timeout,
            max_body_bytes: self.shared.config.response_cap,
            bypass_proxy: false,
            fresh_connection: false,
        }
    }

    /// Creates the error of a call whose deadline has passed.
    pub(super) fn expired(&self, io: &Io) -> Error {
        self.interrupted(io, |standing| {
            let phase = standing.phase;
            let limit = Limit::new("the call's timeout of", self.timeout, Some("with_timeout"));
            let host = match (&standing.host, phase) {
                (Some(host), TimeoutPhase::Connect) => format!(" to {host}"),
                (Some(host), _) => format!(" from {host}"),
                (None, _) => String::new(),
            };
            Error::new(ErrorKind::Timeout(phase), format!("{limit} passed {phase}{host}"))
                .with_advice("raise the timeout, or find the cause of the delay")
                .with_retryable(self.attempts.is_idempotent || !self.attempts.is_in_doubt())
        })
    }

    /// Creates the error of a call that ends while it waits for something.
    pub(super) fn interrupted(&self, io: &Io, reason: impl FnOnce(&Standing) -> Error) -> Error {
        let standing = io.standing();
        if standing.invoked {
            self.attempts.note_doubt();
        }
        let mut error = reason(&standing);
        if let Some((stage, attempts)) = standing.attempts {
            error = error.with_attempts(stage, attempts);
        }
        match standing.note {
            Some(note) => error.with_note(note),
            None => error,
        }
    }

    /// Settles the retry budget and completes an error.
    pub(super) fn finish(&self, result: Result<RawResponse, Error>) -> Result<RawResponse, Error> {
        match result {
            Ok(reply) => {
                self.attempts.settle(true);
                Ok(reply)
            }
            Err(error) => Err(self.complete(error)),
        }
    }

    /// Settles a call that has failed and completes its error.
    pub(super) fn complete(&self, error: Error) -> Error {
        self.attempts.settle(false);
        error
            .with_operation(&self.attempts.operation)
            .with_may_have_been_applied(self.writes && self.attempts.is_in_doubt())
    }
}
