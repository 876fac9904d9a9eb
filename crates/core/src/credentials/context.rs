use std::{fmt, sync::Arc, time::Duration};

use bytes::Bytes;
use http::header;

use super::FetchRequest;
use crate::{
    attempt::{ServiceClock, Target, classify_failure},
    error::Error,
    io::{Answer, Exchanged, Failure, Io, LoadError, Now, Outgoing, Source},
    observer::Observer,
    retry::{RetryBudget, RetryPolicy, TokenBucket},
    user_agent::USER_AGENT,
};

/// The I/O and the clock for a [`CredentialsProvider`](super::CredentialsProvider).
///
/// Its futures are awaited in the provider's own block. They store no waker. Do not
/// spawn them, and do not use combinators with wakers of their own, such as `FuturesUnordered`.
#[derive(Clone)]
pub struct FetchContext {
    pub(super) io: Io,
    pub(super) settings: Arc<FetchSettings>,
}

/// The client's settings for credentials requests.
///
/// They follow the client's retry policy and budget, and never a single call's: a key is fetched for
/// all calls that wait for it.
#[derive(Debug)]
pub(crate) struct FetchSettings {
    pub(crate) policy: RetryPolicy,
    pub(crate) budget: Arc<dyn RetryBudget>,
    pub(crate) clock: Arc<ServiceClock>,
    pub(crate) attempt_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    pub(crate) direct_connect_timeout: Duration,
    pub(crate) max_body_bytes: u64,
    pub(crate) user_agent: http::HeaderValue,
    pub(crate) observer: Observer,
}

impl Default for FetchSettings {
    fn default() -> Self {
        Self {
            policy: RetryPolicy::default(),
            budget: Arc::new(TokenBucket::default()),
            clock: Arc::new(ServiceClock::new(true)),
            attempt_timeout: Duration::from_secs(10),
            connect_timeout: Duration::from_secs(5),
            direct_connect_timeout: Duration::from_millis(500),
            max_body_bytes: 1024 * 1024,
            user_agent: http::HeaderValue::from_static(USER_AGENT),
            observer: Observer::default(),
        }
    }
}

impl FetchContext {
    pub(crate) fn new(io: Io, settings: Arc<FetchSettings>) -> Self {
        Self { io, settings }
    }

    /// Returns the time. The system time is corrected by the known offset of the service's clock.
    pub fn now(&self) -> Now {
        self.settings.clock.read(self.io.now())
    }

    /// Returns when the call ends, on the clock of [`Now::monotonic`].
    pub fn deadline(&self) -> Duration {
        self.io.deadline()
    }

    /// Returns an environment variable, trimmed, or `None` if it is unset or empty.
    pub async fn variable(&self, name: &'static str) -> Option<String> {
        let value = self.load(Source::Environment(name)).await.ok()?;
        let value = String::from_utf8(value.to_vec()).ok()?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Returns whether a variable of the environment is `true`.
    pub(super) async fn flag(&self, name: &'static str) -> bool {
        self.variable(name).await.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Loads a variable, a file or the output of a program.
    ///
    /// # Errors
    ///
    /// It does not exist or cannot be read.
    pub async fn load(&self, source: Source) -> Result<Bytes, LoadError> {
        self.io.load(source).await
    }

    /// Sends a request once and returns the answer, whatever its status.
    ///
    /// # Errors
    ///
    /// The request failed, or no complete response arrived in time.
    pub async fn transmit(&self, request: FetchRequest) -> Result<Answer, Failure> {
        let Exchanged { result, .. } = self.io.transmit(self.outgoing(request)).answer().await;
        result
    }

    /// Sends a request once, and describes its failure.
    pub(super) async fn send(&self, request: FetchRequest) -> Result<Answer, Error> {
        let outgoing = self.outgoing(request);
        let left = self.deadline().saturating_sub(self.now().monotonic);
        let target = Target::new(&outgoing, left, false);
        let Exchanged { result, .. } = self.io.transmit(outgoing).answer().await;
        result.map_err(|failure| classify_failure(failure, &target).error)
    }

    /// Waits for a time, and at least until the client reads the clock again.
    ///
    /// Time stands still within a poll. A provider that works without awaiting anything, such as one
    /// that calls a slow function, sleeps for [`Duration::ZERO`] afterwards.
    pub async fn sleep(&self, delay: Duration) {
        if delay.is_zero() {
            return self.io.read_clock().await;
        }
        self.io.sleep_until(self.io.now().monotonic.saturating_add(delay)).await;
    }

    /// Draws 128 random bits; `None` if the system has none to give.
    pub async fn random(&self) -> Option<[u8; 16]> {
        self.io.random().await
    }

    /// Completes a request with the client's user agent and times.
    pub(super) fn outgoing(&self, fetch: FetchRequest) -> Outgoing {
        let FetchRequest { mut request, timeout, bypass_proxy } = fetch;
        let settings = &self.settings;
        request
            .headers_mut()
            .entry(header::USER_AGENT)
            .or_insert_with(|| settings.user_agent.clone());
        let connect_timeout = match bypass_proxy {
            true => settings.direct_connect_timeout,
            false => settings.connect_timeout,
        };
        let longest = settings.attempt_timeout;
        Outgoing {
            request,
            connect_timeout,
            timeout: timeout.map_or(longest, |timeout| timeout.min(longest)),
            max_body_bytes: settings.max_body_bytes,
            bypass_proxy,
            fresh_connection: false,
        }
    }
}

impl fmt::Debug for FetchContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FetchContext")
            .field("now", &self.now())
            .field("deadline", &self.deadline())
            .finish_non_exhaustive()
    }
}
