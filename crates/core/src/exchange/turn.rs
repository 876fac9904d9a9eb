use std::{future::poll_fn, sync::Arc, task::Poll, time::Duration};

use crate::{
    io::{Io, Now},
    pacing::{Limiter, Place, Standing},
};

/// The turn of one call, where its client paces calls.
pub(super) struct Turn {
    limiter: Arc<Limiter>,
    /// How long the start of the call keeps the next one waiting.
    interval: Duration,
    /// Its place in the queue, once it has asked to start.
    place: Option<Place>,
}

/// How long a throttled call holds up its group: the service counts by the second.
const PAUSE: Duration = Duration::from_secs(1);

impl Turn {
    pub(super) fn new(limiter: Arc<Limiter>, interval: Duration) -> Self {
        Self { limiter, interval, place: None }
    }

    /// Waits until the call may start, if it has asked to before.
    pub(super) async fn wait(&self, io: &Io) {
        let Some(place) = &self.place else { return };
        poll_fn(|context| match place.standing(io.now().monotonic, context.waker()) {
            Standing::Due => Poll::Ready(()),
            Standing::Next(due) => {
                io.wake_at(due);
                Poll::Pending
            }
            Standing::Behind => Poll::Pending,
        })
        .await;
    }

    /// Starts the call if its turn has come, and queues it otherwise; returns whether it started.
    pub(super) async fn start(&mut self, io: &Io) -> bool {
        let place = self.place.get_or_insert_with(|| self.limiter.join());
        let interval = self.interval;
        let standing = poll_fn(|context| {
            Poll::Ready(place.start(interval, io.now().monotonic, context.waker()))
        })
        .await;
        let started = standing == Standing::Due;
        if started {
            self.place = None;
        }
        started
    }

    /// Leaves the queue while something else is missing; the call comes back to its old place.
    pub(super) fn step_aside(&self) {
        if let Some(place) = &self.place {
            place.step_aside();
        }
    }

    /// Holds up the group of a throttled call, as long as the service asks.
    pub(super) fn throttled(&self, now: Now, asked: Option<Duration>) {
        self.limiter.pause(now.monotonic.saturating_add(asked.unwrap_or(PAUSE)));
    }
}
