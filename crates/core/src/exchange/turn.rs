use std::{sync::Arc, task::Waker, time::Duration};

use super::Now;
use crate::pacing::{Limiter, Place, Standing};

/// The way of one call to its turn, where its client paces calls.
pub(super) struct Turn {
    /// What it asks, and how long its start keeps the next waiting; absent if it is not paced.
    limiter: Option<(Arc<Limiter>, Duration)>,
    place: Option<Place>,
    due: Option<Duration>,
}

/// How long a call that was throttled holds up its group: the service counts by the second.
const PAUSE: Duration = Duration::from_secs(1);

impl Turn {
    pub(super) fn new(limiter: Option<(Arc<Limiter>, Duration)>) -> Self {
        Self { limiter, place: None, due: None }
    }

    /// Tells whether the call waits for others or for its time, and need not get ready yet.
    pub(super) fn is_awaited(&mut self, now: Now, waker: &Waker) -> bool {
        let standing = self.place.as_ref().map(|place| place.standing(now.mono, waker));
        self.note(standing);
        standing.is_some_and(|standing| standing != Standing::Due)
    }

    /// Starts the call if its turn has come; otherwise it waits in the queue.
    pub(super) fn has_come(&mut self, now: Now, waker: &Waker) -> bool {
        let Some((limiter, interval)) = &self.limiter else {
            return true;
        };
        let place = self.place.get_or_insert_with(|| limiter.join());
        let standing = place.start(*interval, now.mono, waker);
        self.note(Some(standing));
        if standing == Standing::Due {
            self.place = None;
        }
        standing == Standing::Due
    }

    /// Lets others pass while something else is missing.
    pub(super) fn step_aside(&mut self) {
        self.due = None;
        if let Some(place) = &self.place {
            place.step_aside();
        }
    }

    /// Tells whether the call has asked for its turn and not started.
    pub(super) fn has_place(&self) -> bool {
        self.place.is_some()
    }

    /// Returns when the turn comes, if the call is next.
    pub(super) fn due(&self) -> Option<Duration> {
        self.due
    }

    /// Gives the place in the queue up.
    pub(super) fn give_up(&mut self) {
        (self.place, self.due) = (None, None);
    }

    /// Holds up the group of a call that was throttled, as long as the service asks.
    pub(super) fn throttled(&self, now: Now, asked: Option<Duration>) {
        if let Some((limiter, _)) = &self.limiter {
            limiter.pause(now.mono.saturating_add(asked.unwrap_or(PAUSE)));
        }
    }

    fn note(&mut self, standing: Option<Standing>) {
        self.due = match standing {
            Some(Standing::Next(due)) => Some(due),
            Some(Standing::Due | Standing::Behind) | None => None,
        };
    }
}
