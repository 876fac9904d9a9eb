//! The body of a request, read as a whole.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::answer::Refusal;

/// The most bytes of a body.
pub(crate) const MOST_BODY_BYTES: usize = 16 * 1024 * 1024;

/// How many bytes the bodies may have that are being read or worked on. A request takes several
/// times its body, so this is what bounds the memory of many clients.
const MOST_BYTES_AT_ONCE: usize = 32 * 1024 * 1024;

/// How much is read of a body that is refused already, so that its sender gets to the answer.
const MOST_DISCARDED_BYTES: usize = 64 * 1024 * 1024;

/// Memory is handed out in pieces of so many bytes.
const PIECE: usize = 1024;

/// Reads bodies, as many at once as there is memory for.
#[derive(Debug)]
pub(crate) struct Bodies {
    time: Duration,
    pieces: Arc<Semaphore>,
}

/// A body, and its share of the memory for all of them.
#[derive(Debug)]
pub(crate) struct ReadBody {
    pub(crate) bytes: Bytes,
    _share: OwnedSemaphorePermit,
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
            Self::TooLarge => {
                refused("the body is larger than 16 MiB").with_status(StatusCode::PAYLOAD_TOO_LARGE)
            }
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
        Self { time, pieces: Arc::new(Semaphore::new(MOST_BYTES_AT_ONCE / PIECE)) }
    }

    /// Reads the whole body, within limits on its length, on time, and on what others read.
    ///
    /// What it may take is known before anything of it is read: its length, or the most if the
    /// client does not tell. So no body waits half read for the memory that others hold.
    pub(crate) async fn read(&self, mut body: Body) -> Result<ReadBody, BodyError> {
        let announced = HttpBody::size_hint(&body).upper();
        let announced = announced
            .map_or(MOST_BODY_BYTES, |length| usize::try_from(length).unwrap_or(usize::MAX));
        let read = if announced > MOST_BODY_BYTES {
            Err(BodyError::TooLarge)
        } else {
            self.read_announced(&mut body, announced).await
        };
        if read.is_err() {
            // Closing while a client still sends would take the answer from it.
            tokio::spawn(timeout(self.time, discard(body)));
        }
        read
    }

    async fn read_announced(&self, body: &mut Body, most: usize) -> Result<ReadBody, BodyError> {
        let pieces = u32::try_from(most.div_ceil(PIECE)).unwrap_or(u32::MAX);
        let waiting = Arc::clone(&self.pieces).acquire_many_owned(pieces);
        let Ok(Ok(share)) = timeout(self.time, waiting).await else {
            return Err(BodyError::TooMany);
        };
        let collected = timeout(self.time, collect(body, most));
        let bytes = collected.await.map_err(|_| BodyError::TooSlow)??;
        Ok(ReadBody { bytes, _share: share })
    }
}

/// Collects a body, up to a limit.
pub(crate) async fn collect(body: &mut Body, most: usize) -> Result<Bytes, BodyError> {
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| BodyError::CutShort)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if data.len() > most - whole.len() {
            return Err(BodyError::TooLarge);
        }
        if whole.is_empty() && data.len() == most {
            return Ok(data);
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole.freeze())
}

/// Reads on and forgets, up to a limit.
async fn discard(mut body: Body) {
    let mut left = MOST_DISCARDED_BYTES;
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
    use super::*;

    #[tokio::test]
    async fn a_body_is_refused_when_others_have_all_the_memory() {
        let bodies = Bodies::new(Duration::from_millis(1));
        let all = MOST_BYTES_AT_ONCE / PIECE;
        let held = bodies.pieces.acquire_many(u32::try_from(all).unwrap()).await.unwrap();
        assert_eq!(bodies.read(Body::from("a=1")).await.unwrap_err(), BodyError::TooMany);
        assert_eq!(bodies.read(Body::empty()).await.unwrap().bytes, "");
        drop(held);
        let read = bodies.read(Body::from("a=1")).await.unwrap();
        assert_eq!((&*read.bytes, bodies.pieces.available_permits()), (&b"a=1"[..], all - 1));
        drop(read);
        assert_eq!(bodies.pieces.available_permits(), all);
    }

    #[tokio::test]
    async fn a_body_may_have_as_many_bytes_as_the_limit_says() {
        let bodies = Bodies::new(Duration::from_secs(60));
        for (length, expected) in
            [(MOST_BODY_BYTES, None), (MOST_BODY_BYTES + 1, Some(BodyError::TooLarge))]
        {
            let announced = bodies.read(Body::from(vec![0; length])).await;
            assert_eq!(announced.err(), expected);
        }
    }
}
