use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Waker,
    time::Duration,
};

/// Starts the calls of one instance and group one interval apart, first come first served.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the next call may start.
    free_at: Duration,
    /// Who waits, in the order of their tickets.
    queue: VecDeque<Waiting>,
    last_ticket: u64,
}

#[derive(Debug)]
struct Waiting {
    ticket: u64,
    waker: Waker,
}

/// A call's place in the queue. Dropping it gives it up, and those behind move up.
#[derive(Debug)]
pub(crate) struct Place {
    limiter: Arc<Limiter>,
    ticket: u64,
}

/// How a call in the queue stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It may start.
    Due,
    /// It is next, at that time.
    Next(Duration),
    /// Others are before it; its waker is called when it is next.
    Behind,
}

impl Limiter {
    /// Takes a place at the end of the queue.
    pub(crate) fn join(self: &Arc<Self>) -> Place {
        let mut state = self.lock();
        state.last_ticket += 1;
        Place { limiter: Arc::clone(self), ticket: state.last_ticket }
    }

    /// Lets nothing start before a time.
    pub(crate) fn pause(&self, until: Duration) {
        let mut state = self.lock();
        // Whoever is next asks again at the time it was told, and is told another.
        state.free_at = state.free_at.max(until);
    }

    /// Tells whether it is as good as new.
    pub(super) fn is_idle(&self, now: Duration) -> bool {
        let state = self.lock();
        state.queue.is_empty() && state.free_at <= now
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is complete before anything that could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Tells how the call stands; it is in the queue from then on.
    pub(crate) fn standing(&self, now: Duration, waker: &Waker) -> Standing {
        self.limiter.lock().standing(self.ticket, now, waker)
    }

    /// Starts the call if it may, which keeps the next one waiting for an interval.
    pub(crate) fn start(&self, interval: Duration, now: Duration, waker: &Waker) -> Standing {
        let mut state = self.limiter.lock();
        let standing = state.standing(self.ticket, now, waker);
        if standing == Standing::Due {
            // Counted from now rather than from when it was due: late starts do not bunch up.
            state.free_at = now.saturating_add(interval);
            drop(state);
            self.step_aside();
        }
        standing
    }

    /// Leaves the queue; whoever asks how it stands comes back to where it was.
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
            // Tickets rise, so that the order of the queue is that of the calls.
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
