use std::{future::poll_fn, sync::Arc, task::Poll, time::Duration};

use crate::{
    io::{Io, Now},
    pacing::{Limiter, Place, Standing},
};

/// The turn of a call, if its client paces calls.
pub(super) struct Turn {
    limiter: Arc<Limiter>,
    /// The interval from the start of this call to that of the next.
    interval: Duration,
    /// Its place in the queue, after it asked to start.
    place: Option<Place>,
}

/// How long a throttled call pauses its group: the service counts calls per second.
const PAUSE: Duration = Duration::from_secs(1);

impl Turn {
    pub(super) fn new(limiter: Arc<Limiter>, interval: Duration) -> Self {
        Self { limiter, interval, place: None }
    }

    /// Waits until the call may start, if it has a place in the queue.
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

    /// Starts the call if its turn has come, or else queues it. Returns whether it started.
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

    /// Leaves the queue while something else is missing. The call keeps its old place.
    pub(super) fn step_aside(&self) {
        if let Some(place) = &self.place {
            place.step_aside();
        }
    }

    /// Pauses the group of a throttled call, for as long as the service asks.
    pub(super) fn throttled(&self, now: Now, asked: Option<Duration>) {
        self.limiter.pause(now.monotonic.saturating_add(asked.unwrap_or(PAUSE)));
    }
}
