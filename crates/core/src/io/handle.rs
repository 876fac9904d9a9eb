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

/// The I/O of an async block, carried out by whoever polls its [`Task`](super::Task).
///
/// Its futures are awaited inside that block alone: they keep no waker, since the whole block is
/// polled whenever something has come back.
#[derive(Clone)]
pub(crate) struct Io {
    mailbox: Arc<Mutex<Mailbox>>,
}

/// The outcome of a request, and the times around it.
pub(crate) struct Exchanged {
    pub(crate) sent: Now,
    pub(crate) received: Now,
    pub(crate) result: Result<Answer, Failure>,
}

impl Io {
    /// Creates the I/O of a block that ends at a time.
    pub(super) fn new(deadline: Duration) -> Self {
        Self { mailbox: Arc::new(Mutex::new(Mailbox::new(deadline))) }
    }

    /// Returns the time.
    pub(crate) fn now(&self) -> Now {
        self.mailbox().now
    }

    /// Returns when the block ends, on the clock of [`Now::monotonic`].
    pub(crate) fn deadline(&self) -> Duration {
        self.mailbox().deadline
    }

    /// Returns whether the deadline has passed. The block then ends as soon as it waits.
    pub(crate) fn is_late(&self) -> bool {
        self.mailbox().is_late()
    }

    /// Returns at once before the deadline, and never after it.
    pub(crate) async fn still_in_time(&self) {
        if self.is_late() {
            pending::<()>().await;
        }
    }

    /// Queues a request. Dropping the result aborts it.
    pub(crate) fn transmit(&self, outgoing: Outgoing) -> Pending {
        self.request(Request::Transmit(outgoing))
    }

    /// Loads something.
    pub(crate) async fn load(&self, source: Source) -> Result<Bytes, LoadError> {
        match self.request(Request::Load(source)).arrival().await.reply {
            Reply::Loaded(result) => result,
            Reply::Answered(_) => Err(LoadError::Unreadable(OUT_OF_ORDER.to_owned())),
        }
    }

    /// Lets time pass.
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

    /// Has the block polled again at a time, for futures that wait for more than that.
    pub(crate) fn wake_at(&self, time: Duration) {
        self.mailbox().wake_at(time);
    }

    /// Returns whether a request or a load waits to be handed out.
    pub(super) fn has_queued(&self) -> bool {
        self.mailbox().has_queued()
    }

    /// Draws 128 random bits, if the system has any to give.
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
        random.map(|bytes| crate::sign::hex(&bytes)).ok_or_else(|| {
            Error::config("the system has no randomness for the nonce of a signature")
        })
    }

    /// Draws a number for a delay; the largest, and so the longest delay, if there is no randomness.
    pub(crate) async fn jitter(&self) -> u64 {
        self.random().await.map_or(u64::MAX, |[a, b, c, d, e, f, g, h, ..]| {
            u64::from_be_bytes([a, b, c, d, e, f, g, h])
        })
    }

    pub(super) fn mailbox(&self) -> MutexGuard<'_, Mailbox> {
        // Every change is complete before anything that could panic.
        self.mailbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(&self, request: Request) -> Pending {
        let id = self.mailbox().request(request);
        Pending { io: self.clone(), id }
    }
}

/// An effect that the block waits for. Dropping it aborts the effect.
pub(crate) struct Pending {
    io: Io,
    id: Id,
}

impl Pending {
    pub(crate) fn id(&self) -> Id {
        self.id
    }

    /// Waits for the answer to a request, until its time runs out.
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

/// The answer to a driver that hands in an answer for a load, or the other way round.
const OUT_OF_ORDER: &str = "the driver handed in another kind of outcome than it was asked for";
