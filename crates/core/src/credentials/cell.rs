use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::Duration,
};

use super::{Credentials, CredentialsFetch, CredentialsProvider};
use crate::values::Timestamp;

/// How long before they expire credentials are refreshed.
const REFRESH_AHEAD: Duration = Duration::from_secs(15 * 60);

/// The credentials that the calls of a client share, and the one refresh under way.
#[derive(Debug)]
pub(crate) struct CredentialsCell {
    provider: Arc<dyn CredentialsProvider>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    current: Option<Arc<Credentials>>,
    refreshing: bool,
    waiting: Vec<Waker>,
}

/// What a call gets when it asks for credentials.
pub(crate) enum Access {
    /// Credentials to sign with.
    Ready(Arc<Credentials>),
    /// The right and duty to fetch them.
    Lease(Lease, Box<dyn CredentialsFetch>),
    /// Another call is fetching them; the waker is called when it is done.
    Busy,
}

impl CredentialsCell {
    pub(crate) fn new(provider: Arc<dyn CredentialsProvider>) -> Self {
        Self { provider, state: Mutex::default() }
    }

    /// Asks for credentials that are valid at a time.
    pub(crate) fn access(self: &Arc<Self>, wall: Timestamp, waker: &Waker) -> Access {
        let mut state = self.lock();
        let lasts = |credentials: &Arc<Credentials>, ahead: Duration| {
            credentials.expires().is_none_or(|expires| wall.saturating_add(ahead) < expires)
        };
        let valid = state.current.clone().filter(|current| lasts(current, Duration::ZERO));
        if let Some(current) = valid
            && (state.refreshing || lasts(&current, REFRESH_AHEAD))
        {
            return Access::Ready(current);
        }
        if state.refreshing {
            if !state.waiting.iter().any(|known| known.will_wake(waker)) {
                state.waiting.push(waker.clone());
            }
            return Access::Busy;
        }
        state.refreshing = true;
        drop(state);
        Access::Lease(Lease { cell: Arc::clone(self), open: true }, self.provider.fetch())
    }

    /// Returns the current credentials if they are still valid, for when a refresh failed.
    pub(crate) fn still_valid(&self, wall: Timestamp) -> Option<Arc<Credentials>> {
        let valid = |it: &Arc<Credentials>| it.expires().is_none_or(|expires| wall < expires);
        self.lock().current.clone().filter(valid)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is replaced as a whole, so a panic elsewhere cannot leave it half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to refresh; dropping it hands the right to the next call that waits.
pub(crate) struct Lease {
    cell: Arc<CredentialsCell>,
    open: bool,
}

impl Lease {
    /// Publishes new credentials and wakes whoever waits for them.
    pub(crate) fn publish(mut self, credentials: Credentials) -> Arc<Credentials> {
        let credentials = Arc::new(credentials);
        self.close(Some(Arc::clone(&credentials)));
        credentials
    }

    fn close(&mut self, credentials: Option<Arc<Credentials>>) {
        self.open = false;
        let mut state = self.cell.lock();
        state.refreshing = false;
        if credentials.is_some() {
            state.current = credentials;
        }
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        for waker in waiting {
            waker.wake();
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.open {
            self.close(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::CredentialsKind;

    const NOW: Timestamp = Timestamp::from_millisecond(1_000_000_000);

    fn cell() -> Arc<CredentialsCell> {
        Arc::new(CredentialsCell::new(Arc::new(Credentials::access_key("id", "secret"))))
    }

    fn lease(cell: &Arc<CredentialsCell>) -> Lease {
        match cell.access(NOW, Waker::noop()) {
            Access::Lease(lease, _) => lease,
            Access::Ready(_) | Access::Busy => panic!("expected the lease"),
        }
    }

    #[test]
    fn lets_one_call_fetch_and_hands_the_right_on() {
        let cell = cell();
        let first = lease(&cell);
        assert!(matches!(cell.access(NOW, Waker::noop()), Access::Busy));
        drop(first);
        let second = lease(&cell);
        second.publish(Credentials::access_key("fresh", "secret"));
        let Access::Ready(credentials) = cell.access(NOW, Waker::noop()) else { panic!() };
        assert!(
            matches!(credentials.kind(), CredentialsKind::AccessKey { id, .. } if id == "fresh")
        );
    }

    #[test]
    fn refreshes_ahead_of_expiry_and_serves_the_old_value_meanwhile() {
        let cell = cell();
        let soon = NOW.saturating_add(Duration::from_secs(60));
        lease(&cell).publish(Credentials::access_key("old", "secret").with_expiry(soon));
        let refresh = lease(&cell);
        assert!(matches!(cell.access(NOW, Waker::noop()), Access::Ready(_)));
        let later = soon.saturating_add(Duration::from_secs(1));
        assert!(matches!(cell.access(later, Waker::noop()), Access::Busy));
        drop(refresh);
        assert!(cell.still_valid(NOW).is_some() && cell.still_valid(later).is_none());
    }
}
