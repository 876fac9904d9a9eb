//! The body of a request, read as a whole.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use crate::service::refusal::Refusal;

/// The most bytes of a body.
pub(crate) const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// How many bytes the bodies that are being read or worked on share. With one that needs more, which is
/// allowed as many of its own, this is what bounds the memory of many clients: a request takes several
/// times its body.
const SHARED_BYTES: usize = 16 * 1024 * 1024;

/// How much is read of a body that is refused already, so that its sender gets to the answer.
const MAX_DISCARDED_BYTES: usize = 64 * 1024 * 1024;

/// Reads bodies, as many at once as there is memory for.
#[derive(Clone, Debug)]
pub(crate) struct Bodies {
    time: Duration,
    /// A permit for each byte that all share.
    shared: Arc<Semaphore>,
    /// The permit of the one body that takes no more of what is shared.
    alone: Arc<Semaphore>,
}

/// A body, and its share of the memory for all of them.
#[derive(Debug)]
pub(crate) struct ReadBody {
    pub(crate) bytes: Bytes,
    _share: Share,
}

/// The memory that a body may take, until this is dropped.
#[derive(Debug, Default)]
struct Share {
    shared: Option<OwnedSemaphorePermit>,
    alone: Option<OwnedSemaphorePermit>,
}

/// Why a body could not be read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BodyError {
    TooLarge,
    TooSlow,
    TooMany,
    CutShort,
}

impl BodyError {
    /// Refuses the call as the gateway does.
    pub(crate) fn refusal(self) -> Refusal {
        let refused = |reason| Refusal::of("InvalidParameter").because(reason);
        match self {
            Self::TooLarge => refused("the body is larger than 16 MiB").with_status(413),
            Self::CutShort => refused("the body is cut short, or not framed as HTTP has it"),
            Self::TooSlow => Refusal::of("RequestTimeout").because("the body took too long"),
            Self::TooMany => Refusal::of("ServiceUnavailable")
                .because("too many large bodies are being worked on; send fewer at a time"),
        }
    }
}

impl Bodies {
    /// Allows each body so much time.
    pub(crate) fn new(time: Duration) -> Self {
        let shared = Arc::new(Semaphore::new(SHARED_BYTES));
        Self { time, shared, alone: Arc::new(Semaphore::new(1)) }
    }

    /// Reads the whole body, within limits on its length, on time, and on what others read.
    pub(crate) async fn read(&self, mut body: Body) -> Result<ReadBody, BodyError> {
        let read = if HttpBody::size_hint(&body).lower() > MAX_BODY_BYTES as u64 {
            Err(BodyError::TooLarge)
        } else {
            self.read_pieces(&mut body).await
        };
        if read.is_err() {
            // Closing while a client still sends would take the answer from it.
            tokio::spawn(timeout(self.time, discard(body)));
        }
        read
    }

    /// Takes memory as the body comes: what is announced and does not come takes nothing from others.
    async fn read_pieces(&self, body: &mut Body) -> Result<ReadBody, BodyError> {
        let end = Instant::now() + self.time;
        let (mut whole, mut share) = (BytesMut::new(), Share::default());
        loop {
            let next = timeout_at(end, next_piece(body, MAX_BODY_BYTES - whole.len()));
            let Some(piece) = next.await.map_err(|_| BodyError::TooSlow)?? else {
                return Ok(ReadBody { bytes: whole.freeze(), _share: share });
            };
            let reserved = timeout_at(end, self.reserve(piece.len(), &mut share));
            reserved.await.map_err(|_| BodyError::TooMany)?;
            whole.extend_from_slice(&piece);
        }
    }

    /// Waits until a body may take more bytes.
    ///
    /// Bodies that have come in part may wait for each other here. One of them always goes on, alone,
    /// and makes room for the others when it has been worked on.
    async fn reserve(&self, bytes: usize, share: &mut Share) {
        if share.alone.is_some() {
            return;
        }
        // No longer than a body may be, and neither semaphore is ever closed.
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        tokio::select! {
            biased;
            more = Arc::clone(&self.shared).acquire_many_owned(bytes) => {
                match (&mut share.shared, more.ok()) {
                    (Some(shared), Some(more)) => shared.merge(more),
                    (shared, more) => *shared = more,
                }
            }
            alone = Arc::clone(&self.alone).acquire_owned() => share.alone = alone.ok(),
        }
    }
}

/// Collects a body, up to a limit.
pub(crate) async fn collect(body: &mut Body, most: usize) -> Result<Bytes, BodyError> {
    let mut whole = BytesMut::new();
    while let Some(piece) = next_piece(body, most - whole.len()).await? {
        whole.extend_from_slice(&piece);
    }
    Ok(whole.freeze())
}

/// Waits for more of a body, which may be at most so long; `None` at its end.
async fn next_piece(body: &mut Body, most: usize) -> Result<Option<Bytes>, BodyError> {
    while let Some(frame) = body.frame().await {
        // What is no data are trailers, which say nothing.
        if let Ok(piece) = frame.map_err(|_| BodyError::CutShort)?.into_data() {
            return if piece.len() > most { Err(BodyError::TooLarge) } else { Ok(Some(piece)) };
        }
    }
    Ok(None)
}

/// Reads on and forgets, up to a limit.
async fn discard(mut body: Body) {
    let mut left = MAX_DISCARDED_BYTES;
    while let Some(Ok(frame)) = body.frame().await {
        let length = frame.data_ref().map_or(0, Bytes::len);
        match left.checked_sub(length) {
            Some(rest) => left = rest,
            None => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use http_body::Frame;
    use tokio::sync::mpsc;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    /// A body that comes through a channel.
    struct Coming(mpsc::Receiver<Bytes>);

    impl HttpBody for Coming {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            self.0.poll_recv(context).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
        }
    }

    fn coming() -> (mpsc::Sender<Bytes>, Body) {
        let (sender, receiver) = mpsc::channel(1);
        (sender, Body::new(Coming(receiver)))
    }

    async fn until(condition: impl Fn() -> bool) {
        while !condition() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn bodies_take_memory_as_they_come() {
        let bodies = Arc::new(Bodies::new(MINUTE));
        let read = |body| {
            let bodies = Arc::clone(&bodies);
            tokio::spawn(async move { bodies.read(body).await })
        };
        let (first, body) = coming();
        let first_read = read(body);
        assert_eq!(bodies.read(Body::from("a=1")).await.unwrap().bytes, "a=1");
        first.send(Bytes::from(vec![0; SHARED_BYTES])).await.unwrap();
        until(|| bodies.shared.available_permits() == 0).await;
        let (second, body) = coming();
        let second_read = read(body);
        second.send(Bytes::from("a=2")).await.unwrap();
        until(|| bodies.alone.available_permits() == 0).await;
        // Nothing is left for a third, but for one without bytes.
        let hasty = Bodies { time: Duration::from_millis(1), ..Bodies::clone(&bodies) };
        assert_eq!(hasty.read(Body::from("a=3")).await.unwrap_err(), BodyError::TooMany);
        assert_eq!(hasty.read(Body::empty()).await.unwrap().bytes, "");
        drop((first, second));
        let second = second_read.await.unwrap().unwrap();
        drop(first_read.await.unwrap().unwrap());
        assert_eq!(bodies.shared.available_permits(), SHARED_BYTES);
        assert_eq!((&*second.bytes, bodies.alone.available_permits()), (&b"a=2"[..], 0));
        drop(second);
        assert_eq!(bodies.alone.available_permits(), 1);
    }

    #[tokio::test]
    async fn large_bodies_that_come_at_the_same_time_are_all_read() {
        const PIECES: usize = 16;
        let bodies = Arc::new(Bodies::new(MINUTE));
        let piece = Bytes::from(vec![0; MAX_BODY_BYTES / PIECES]);
        let read = (0..6).map(|_| {
            let (bodies, piece, (sender, body)) = (Arc::clone(&bodies), piece.clone(), coming());
            tokio::spawn(async move {
                for _ in 0..PIECES {
                    sender.send(piece.clone()).await.unwrap();
                }
            });
            tokio::spawn(async move { bodies.read(body).await.map(|read| read.bytes.len()) })
        });
        for read in read.collect::<Vec<_>>() {
            assert_eq!(read.await.unwrap(), Ok(MAX_BODY_BYTES));
        }
    }

    #[tokio::test]
    async fn a_body_may_have_as_many_bytes_as_the_limit_says() {
        let bodies = Bodies::new(MINUTE);
        for (length, expected) in
            [(MAX_BODY_BYTES, None), (MAX_BODY_BYTES + 1, Some(BodyError::TooLarge))]
        {
            let announced = bodies.read(Body::from(vec![0; length])).await;
            assert_eq!(announced.err(), expected);
        }
    }
}
