use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::Duration,
};

use super::{Credentials, CredentialsFuture, CredentialsProvider, FetchContext};
use crate::{error::Error, io::Now, values::Timestamp};

/// How long before they expire credentials are refreshed at the earliest, as in the official SDKs.
const REFRESH_AHEAD: Duration = Duration::from_secs(15 * 60);

/// Credentials that last less than three times [`REFRESH_AHEAD`] are refreshed in this last part of
/// their life.
const REFRESH_PART: u32 = 3;

/// How long credentials are used that look as if they had expired before they came.
///
/// Nobody hands out such credentials, so it is the clock that is wrong.
const LIFE_UNDER_A_WRONG_CLOCK: Duration = Duration::from_secs(60);

/// How long a source that failed is left alone.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// The credentials that the calls of a client share, and the one refresh under way.
///
/// Expiry is judged by the time of day that calls hand in, which is corrected by what is known of
/// the service's clock.
#[derive(Debug)]
pub(crate) struct CredentialsCell {
    provider: Arc<dyn CredentialsProvider>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    current: Option<Current>,
    /// What the service refused last as expired.
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
    /// Absent if they do not expire.
    life: Option<Life>,
}

#[derive(Clone, Copy, Debug)]
struct Life {
    fetched: Timestamp,
    refresh_from: Timestamp,
    expires: Timestamp,
}

/// What a call gets when it asks for credentials.
pub(crate) enum Access {
    /// Credentials to sign with.
    Ready(Arc<Credentials>),
    /// The right and duty to fetch them.
    Lease(Lease),
    /// Another call is fetching them; the waker is called when it is done.
    Busy,
    /// Another call has just failed to fetch them.
    Failed(Error),
}

impl CredentialsCell {
    pub(crate) fn new(provider: Arc<dyn CredentialsProvider>) -> Self {
        Self { provider, state: Mutex::default() }
    }

    /// Asks for credentials that are valid now.
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

    /// Takes note that the service refused credentials as expired; tells whether it makes sense to
    /// ask for others.
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

    /// Lets all calls that wait look again.
    pub(crate) fn wake_all(&self) {
        // A statement of its own, so that nobody is woken under the lock.
        let waiting = mem::take(&mut self.lock().waiting);
        waiting.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is replaced as a whole, so a panic elsewhere cannot leave it half written.
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
    /// Says when credentials are refreshed: ahead of their end, and not all of them together.
    fn new(fetched: Timestamp, expires: Timestamp, random: u64) -> Self {
        let lifetime = expires.saturating_since(fetched);
        let window = match lifetime.is_zero() {
            // How long they really last is not known.
            true => REFRESH_AHEAD,
            false => REFRESH_AHEAD.min(lifetime / REFRESH_PART),
        };
        // Spread over a third of the window, so that two thirds are left for failures.
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

    /// Tells whether the clock still says that they had expired before they came. Once it is
    /// corrected, they last as long as they say.
    fn is_read_off_a_wrong_clock(&self, now: Timestamp) -> bool {
        let trusted_until = self.fetched.saturating_add(LIFE_UNDER_A_WRONG_CLOCK);
        self.expires <= self.fetched && (self.fetched..trusted_until).contains(&now)
    }
}

/// The right to refresh; dropping it hands the right to the next call that waits.
pub(crate) struct Lease {
    cell: Arc<CredentialsCell>,
    open: bool,
}

impl Lease {
    /// Starts the fetch that the lease is for.
    pub(crate) fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        self.cell.provider.fetch(context)
    }

    /// Publishes new credentials and wakes whoever waits for them. `random` spreads the next
    /// refresh.
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

    /// Leaves the source alone for a while, and returns the old credentials while they are valid.
    ///
    /// # Errors
    ///
    /// There are none; calls that wait get the same error.
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
            // Shorter and shorter towards the end, when new ones are needed most.
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
