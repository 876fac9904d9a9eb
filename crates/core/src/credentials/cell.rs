use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::Duration,
};

use super::{Credentials, CredentialsFuture, CredentialsProvider, FetchContext};
use crate::{error::Error, io::Now, values::Timestamp};

/// How long before expiry a refresh may start, as in the official SDKs.
const REFRESH_AHEAD: Duration = Duration::from_secs(15 * 60);

/// Credentials that live for less than three times [`REFRESH_AHEAD`] are refreshed in this last
/// part of their life.
const REFRESH_PART: u32 = 3;

/// How long to use credentials that seem to have expired before they arrived.
///
/// No source issues such credentials, so the clock must be wrong.
const LIFE_UNDER_A_WRONG_CLOCK: Duration = Duration::from_secs(60);

/// How long to wait before a failed source is asked again.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The credentials shared by a client's calls, and the refresh in progress.
///
/// Expiry is judged by the time that calls pass in, corrected by the known offset of the service's
/// clock.
#[derive(Debug)]
pub(crate) struct CredentialsCell {
    provider: Arc<dyn CredentialsProvider>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    current: Option<Current>,
    /// The credentials that the service last refused as expired.
    refused: Option<Arc<Credentials>>,
    refreshing: bool,
    waiting: Vec<Waker>,
    /// Until when the source is left alone, on the clock of [`Now::monotonic`].
    quiet_until: Duration,
    /// Why the last refresh failed, if it did.
    failure: Option<Error>,
}

#[derive(Clone, Debug)]
struct Current {
    credentials: Arc<Credentials>,
    /// `None` if they do not expire.
    life: Option<Life>,
}

#[derive(Clone, Copy, Debug)]
struct Life {
    fetched: Timestamp,
    refresh_from: Timestamp,
    expires: Timestamp,
}

/// The result of asking for credentials.
pub(crate) enum Access {
    /// Credentials to sign with.
    Ready(Arc<Credentials>),
    /// The right, and the duty, to fetch them.
    Lease(Lease),
    /// Another call is fetching them and will wake this one.
    Busy,
    /// Another call has just failed to fetch them.
    Failed(Error),
}

impl CredentialsCell {
    pub(crate) fn new(provider: Arc<dyn CredentialsProvider>) -> Self {
        Self { provider, state: Mutex::default() }
    }

    /// Returns credentials that are valid now, or how to get them.
    pub(crate) fn access(self: &Arc<Self>, now: Now, waker: &Waker) -> Access {
        let mut state = self.lock();
        let quiet = now.monotonic < state.quiet_until;
        if let Some(current) = state.usable(now)
            && (state.refreshing || quiet || !current.is_due(now))
        {
            return Access::Ready(Arc::clone(&current.credentials));
        }
        if state.refreshing {
            if !state.waiting.iter().any(|known| known.will_wake(waker)) {
                state.waiting.push(waker.clone());
            }
            return Access::Busy;
        }
        if let Some(error) = state.failure.as_ref().filter(|_| quiet) {
            return Access::Failed(error.clone());
        }
        state.refreshing = true;
        drop(state);
        Access::Lease(Lease { cell: Arc::clone(self), open: true })
    }

    /// Records that the service refused credentials as expired. Returns whether a refresh may help.
    pub(crate) fn refuse(&self, credentials: &Arc<Credentials>, now: Now) -> bool {
        let mut state = self.lock();
        let is_current =
            state.current.as_ref().is_some_and(|it| Arc::ptr_eq(&it.credentials, credentials));
        if is_current {
            if now.monotonic < state.quiet_until {
                return false;
            }
            state.current = None;
            state.refused = Some(Arc::clone(credentials));
        }
        true
    }

    /// Wakes all waiting calls, so that they check again.
    pub(crate) fn wake_all(&self) {
        // A separate statement, so that no call is woken under the lock.
        let waiting = mem::take(&mut self.lock().waiting);
        waiting.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is replaced as a whole, so a panic elsewhere cannot leave it half-written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn usable(&self, now: Now) -> Option<&Current> {
        self.current.as_ref().filter(|it| it.life.is_none_or(|life| life.lasts(now.system)))
    }
}

impl Current {
    fn is_due(&self, now: Now) -> bool {
        self.life.is_some_and(|life| life.is_due(now.system))
    }
}

impl Life {
    /// Returns when to refresh credentials: before they expire, and spread over time.
    fn new(fetched: Timestamp, expires: Timestamp, random: u64) -> Self {
        let lifetime = expires.saturating_since(fetched);
        let window = match lifetime.is_zero() {
            // Their real lifetime is unknown.
            true => REFRESH_AHEAD,
            false => REFRESH_AHEAD.min(lifetime / REFRESH_PART),
        };
        // Spread over a third of the window; the rest is left for retries.
        let jitter = (window / 3).mul_f64(random as f64 / u64::MAX as f64);
        let ahead = window.saturating_sub(jitter);
        Self { fetched, refresh_from: expires.saturating_sub(ahead), expires }
    }

    fn lasts(&self, now: Timestamp) -> bool {
        now < self.expires || self.is_read_off_a_wrong_clock(now)
    }

    fn is_due(&self, now: Timestamp) -> bool {
        now >= self.refresh_from && !self.is_read_off_a_wrong_clock(now)
    }

    /// Returns whether, by the clock, they still seem to have expired before they arrived. Once the
    /// clock is corrected, their own expiry counts.
    fn is_read_off_a_wrong_clock(&self, now: Timestamp) -> bool {
        let trusted_until = self.fetched.saturating_add(LIFE_UNDER_A_WRONG_CLOCK);
        self.expires <= self.fetched && (self.fetched..trusted_until).contains(&now)
    }
}

/// The right to refresh. Dropping it passes the right to the next waiting call.
pub(crate) struct Lease {
    cell: Arc<CredentialsCell>,
    open: bool,
}

impl Lease {
    /// Starts the fetch that the lease is for.
    pub(crate) fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        self.cell.provider.fetch(context)
    }

    /// Publishes new credentials and wakes the waiting calls. `random` spreads the next refresh.
    pub(crate) fn publish(
        mut self,
        credentials: Credentials,
        now: Now,
        random: u64,
    ) -> Arc<Credentials> {
        let credentials = Arc::new(credentials);
        let life = credentials.expires().map(|expires| Life::new(now.system, expires, random));
        let published = Arc::clone(&credentials);
        self.close(|state| {
            let refused = state.refused.take();
            let again = refused.as_ref().filter(|refused| refused.has_same_key(&credentials));
            if again.is_some() {
                state.quiet_until = now.monotonic.saturating_add(LONGEST_PAUSE);
                state.refused = refused;
            }
            state.failure = None;
            state.current = Some(Current { credentials, life });
        });
        published
    }

    /// Pauses the source, and returns the old credentials while they are valid.
    ///
    /// # Errors
    ///
    /// There are no valid credentials. Waiting calls get the same error.
    pub(crate) fn fail(mut self, error: Error, now: Now) -> Result<Arc<Credentials>, Error> {
        let mut outcome = Err(error.clone());
        self.close(|state| {
            let mut left = Duration::ZERO;
            if let Some(current) = state.usable(now) {
                left = current
                    .life
                    .map_or(LONGEST_PAUSE, |life| life.expires.saturating_since(now.system));
                outcome = Ok(Arc::clone(&current.credentials));
            }
            // The pause shrinks as expiry approaches, when a refresh is most urgent.
            let pause = (left / 4).clamp(SHORTEST_PAUSE, LONGEST_PAUSE);
            state.quiet_until = now.monotonic.saturating_add(pause);
            state.failure = Some(error);
        });
        outcome
    }

    fn close(&mut self, change: impl FnOnce(&mut State)) {
        self.open = false;
        let mut state = self.cell.lock();
        state.refreshing = false;
        change(&mut state);
        drop(state);
        self.cell.wake_all();
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.open {
            self.close(|_| {});
        }
    }
}

#[cfg(test)]
mod tests;
