use std::{
    future::{pending, poll_fn},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
    time::Duration,
};

use bytes::Bytes;

use super::{
    Answer, Failure, FailurePhase, Id, LoadError, Now, Outgoing, Source,
    mailbox::{Arrival, Mailbox, Reply, Request},
};
use crate::error::Error;

/// The I/O of an async block, performed by the driver that polls its [`Task`](super::Task).
///
/// Its futures must be awaited inside that block: they store no waker, since the whole block is
/// polled when a result arrives.
#[derive(Clone)]
pub(crate) struct Io {
    mailbox: Arc<Mutex<Mailbox>>,
}

/// The result of a request, with the times of sending and receiving.
pub(crate) struct Exchanged {
    pub(crate) sent: Now,
    pub(crate) received: Now,
    pub(crate) result: Result<Answer, Failure>,
}

impl Io {
    /// Creates the I/O of a block with a deadline.
    pub(super) fn new(deadline: Duration) -> Self {
        Self { mailbox: Arc::new(Mutex::new(Mailbox::new(deadline))) }
    }

    /// Returns the time.
    pub(crate) fn now(&self) -> Now {
        self.mailbox().now
    }

    /// Returns the deadline of the block, on the clock of [`Now::monotonic`].
    pub(crate) fn deadline(&self) -> Duration {
        self.mailbox().deadline
    }

    /// Returns whether the deadline has passed. The block then ends at its next wait.
    pub(crate) fn is_late(&self) -> bool {
        self.mailbox().is_late()
    }

    /// Completes before the deadline, and never after it.
    pub(crate) async fn still_in_time(&self) {
        if self.is_late() {
            pending::<()>().await;
        }
    }

    /// Queues a request. Dropping the result aborts it.
    pub(crate) fn transmit(&self, outgoing: Outgoing) -> Pending {
        self.request(Request::Transmit(Box::new(outgoing)))
    }

    /// Loads something.
    pub(crate) async fn load(&self, source: Source) -> Result<Bytes, LoadError> {
        match self.request(Request::Load(source)).arrival().await.reply {
            Reply::Loaded(result) => result,
            Reply::Answered(_) => Err(LoadError::Unreadable(OUT_OF_ORDER.to_owned())),
        }
    }

    /// Waits for a time.
    pub(crate) async fn sleep_until(&self, time: Duration) {
        poll_fn(|_| {
            let mut mailbox = self.mailbox();
            if mailbox.now.monotonic >= time && !mailbox.is_late() {
                return Poll::Ready(());
            }
            mailbox.wake_at(time);
            Poll::Pending
        })
        .await;
    }

    /// Schedules another poll of the block, for futures that also wait for something else.
    pub(crate) fn wake_at(&self, time: Duration) {
        self.mailbox().wake_at(time);
    }

    /// Waits until the driver polls again, with a new time.
    pub(crate) async fn read_clock(&self) {
        let mut polled = false;
        poll_fn(|_| {
            if std::mem::replace(&mut polled, true) {
                return Poll::Ready(());
            }
            let mut mailbox = self.mailbox();
            let now = mailbox.now.monotonic;
            mailbox.wake_at(now);
            Poll::Pending
        })
        .await;
    }

    /// Returns whether a request or a load is queued.
    pub(super) fn has_queued(&self) -> bool {
        self.mailbox().has_queued()
    }

    /// Draws 128 random bits, or `None` if the system has none.
    pub(crate) async fn random(&self) -> Option<[u8; 16]> {
        poll_fn(|_| match self.mailbox().take_random() {
            Some(random) => Poll::Ready(random),
            None => Poll::Pending,
        })
        .await
    }

    /// Draws a nonce: 32 hexadecimal digits.
    pub(crate) async fn nonce(&self) -> Result<String, Error> {
        let random = self.random().await;
        random
            .map(|bytes| crate::sign::hex(&bytes))
            .ok_or_else(|| Error::config("the system has no randomness for a nonce"))
    }

    /// Draws a number for a delay. Without randomness it is the largest, for the longest delay.
    pub(crate) async fn jitter(&self) -> u64 {
        self.random().await.map_or(u64::MAX, |[a, b, c, d, e, f, g, h, ..]| {
            u64::from_be_bytes([a, b, c, d, e, f, g, h])
        })
    }

    pub(super) fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        // Every change is complete before anything can panic.
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(&self, request: Request) -> Pending {
        let id = self.mailbox().request(request);
        Pending { io: self.clone(), id }
    }
}

/// A pending effect. Dropping it aborts the effect.
pub(crate) struct Pending {
    io: Io,
    id: Id,
}

impl Pending {
    pub(crate) fn id(&self) -> Id {
        self.id
    }

    /// Waits for the response to a request or its timeout.
    pub(crate) async fn answer(self) -> Exchanged {
        let Arrival { sent, received, reply } = self.arrival().await;
        let result = match reply {
            Reply::Answered(result) => result,
            Reply::Loaded(_) => Err(Failure::new(FailurePhase::Connect, OUT_OF_ORDER)),
        };
        Exchanged { sent, received, result }
    }

    async fn arrival(self) -> Arrival {
        poll_fn(|_| match self.io.mailbox().take(self.id) {
            Some(arrival) => Poll::Ready(arrival),
            None => Poll::Pending,
        })
        .await
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        self.io.mailbox().forget(self.id);
    }
}

/// The error for a driver that passes in a response for a load, or the reverse.
const OUT_OF_ORDER: &str = "the driver passed in a result of the wrong kind";
