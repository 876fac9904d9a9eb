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

/// What a call that asks for its turn gets.
#[derive(Debug)]
pub(crate) enum Admission {
    /// It starts now.
    Now,
    /// It is next, at that time.
    At(Place, Duration),
    /// Others are before it; the waker is called when it is next.
    Later(Place),
}

impl Limiter {
    /// Asks for a turn with the place from the last time, at the end of the queue without one.
    ///
    /// The one that starts keeps the next waiting for an interval.
    pub(crate) fn admit(
        self: &Arc<Self>,
        place: Option<Place>,
        interval: Duration,
        now: Duration,
        waker: &Waker,
    ) -> Admission {
        let mut state = self.lock();
        let place = place.unwrap_or_else(|| {
            state.last_ticket += 1;
            let ticket = state.last_ticket;
            state.queue.push_back(Waiting { ticket, waker: waker.clone() });
            Place { limiter: Arc::clone(self), ticket }
        });
        let is_next = state.queue.front().is_some_and(|it| it.ticket == place.ticket);
        if is_next && state.free_at <= now {
            // Counted from now rather than from when it was due: late starts do not bunch up.
            state.free_at = now.saturating_add(interval);
            drop(state);
            // Dropping the place takes it out of the queue and wakes the next.
            return Admission::Now;
        }
        if let Some(waiting) = state.find(place.ticket) {
            waiting.waker.clone_from(waker);
        }
        if is_next { Admission::At(place, state.free_at) } else { Admission::Later(place) }
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

    fn leave(&self, ticket: u64) {
        let mut state = self.lock();
        let Ok(index) = state.position(ticket) else { return };
        state.queue.remove(index);
        let next = if index == 0 { state.queue.front().map(|it| it.waker.clone()) } else { None };
        drop(state);
        if let Some(next) = next {
            next.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is complete before anything that could panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn position(&self, ticket: u64) -> Result<usize, usize> {
        self.queue.binary_search_by_key(&ticket, |it| it.ticket)
    }

    fn find(&mut self, ticket: u64) -> Option<&mut Waiting> {
        let index = self.position(ticket).ok()?;
        self.queue.get_mut(index)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.limiter.leave(self.ticket);
    }
}

#[cfg(test)]
mod tests;
