use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::Duration,
};

/// Starts the calls of one instance and group one interval apart, first come, first served.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the next call may start.
    free_at: Duration,
    /// The waiting calls, in the order of their tickets.
    queue: VecDeque<Waiting>,
    last_ticket: u64,
}

#[derive(Debug)]
struct Waiting {
    ticket: u64,
    waker: Waker,
}

/// A call's place in the queue. Dropping it leaves the queue.
#[derive(Debug)]
pub(crate) struct Place {
    limiter: Arc<Limiter>,
    ticket: u64,
}

/// The position of a call in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It may start.
    Due,
    /// It is next and starts at this time.
    Next(Duration),
    /// Others are ahead of it; its waker is called when it is next.
    Behind,
}

impl Limiter {
    /// Takes a place at the end of the queue.
    pub(crate) fn join(self: &Arc<Self>) -> Place {
        let mut state = self.lock();
        state.last_ticket += 1;
        Place { limiter: Arc::clone(self), ticket: state.last_ticket }
    }

    /// Delays every start until a time.
    pub(crate) fn pause(&self, until: Duration) {
        let mut state = self.lock();
        // The next call asks again at the old time and gets the new one.
        state.free_at = state.free_at.max(until);
    }

    /// Returns whether it holds no state: no queue, and no start to wait for.
    pub(super) fn is_idle(&self, now: Duration) -> bool {
        let state = self.lock();
        state.queue.is_empty() && state.free_at <= now
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is complete before anything can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Joins the queue, if necessary, and returns the position.
    pub(crate) fn standing(&self, now: Duration, waker: &Waker) -> Standing {
        self.limiter.lock().standing(self.ticket, now, waker)
    }

    /// Starts the call if it may start. The next one then waits for an interval.
    pub(crate) fn start(&self, interval: Duration, now: Duration, waker: &Waker) -> Standing {
        let mut state = self.limiter.lock();
        let standing = state.standing(self.ticket, now, waker);
        if standing == Standing::Due {
            // Counted from now, not from the due time, so that late starts do not bunch up.
            state.free_at = now.saturating_add(interval);
            drop(state);
            self.step_aside();
        }
        standing
    }

    /// Leaves the queue. Asking for the position rejoins it at the old place.
    pub(crate) fn step_aside(&self) {
        let mut state = self.limiter.lock();
        let Ok(index) = state.position(self.ticket) else { return };
        state.queue.remove(index);
        let next = if index == 0 { state.queue.front().map(|it| it.waker.clone()) } else { None };
        drop(state);
        if let Some(next) = next {
            next.wake();
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.step_aside();
    }
}

impl State {
    fn standing(&mut self, ticket: u64, now: Duration, waker: &Waker) -> Standing {
        match self.position(ticket) {
            Ok(index) => {
                if let Some(waiting) = self.queue.get_mut(index) {
                    waiting.waker.clone_from(waker);
                }
            }
            // Tickets increase, so the queue keeps the order of the calls.
            Err(index) => self.queue.insert(index, Waiting { ticket, waker: waker.clone() }),
        }
        match self.queue.front() {
            Some(first) if first.ticket != ticket => Standing::Behind,
            _ if self.free_at <= now => Standing::Due,
            _ => Standing::Next(self.free_at),
        }
    }

    fn position(&self, ticket: u64) -> Result<usize, usize> {
        self.queue.binary_search_by_key(&ticket, |it| it.ticket)
    }
}

#[cfg(test)]
mod tests;
