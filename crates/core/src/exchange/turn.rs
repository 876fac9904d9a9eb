use std::{sync::Arc, task::Waker, time::Duration};

use super::Now;
use crate::pacing::{Admission, Limiter, Place};

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

    /// Asks whether the call may start now; otherwise it waits in the queue.
    pub(super) fn has_come(&mut self, now: Now, waker: &Waker) -> bool {
        let Some((limiter, interval)) = &self.limiter else {
            return true;
        };
        self.due = None;
        match limiter.admit(self.place.take(), *interval, now.mono, waker) {
            Admission::Now => return true,
            Admission::At(place, due) => (self.place, self.due) = (Some(place), Some(due)),
            Admission::Later(place) => self.place = Some(place),
        }
        false
    }

    /// Tells whether the call waits in the queue.
    pub(super) fn is_awaited(&self) -> bool {
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
}
