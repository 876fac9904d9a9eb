//! A body that does not come as it should.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::Sleep;

use crate::http::transport::connection::ConnectionControl;

/// Sends pieces, waits between them, and ends in its own way.
pub(super) struct BrokenBody {
    pieces: VecDeque<Bytes>,
    /// Announced to the client, whatever comes.
    length: u64,
    pause: Option<Duration>,
    sleeping: Option<Pin<Box<Sleep>>>,
    ending: Ending,
    /// Whether the connection had its chance to send what was given to it.
    flushed: bool,
}

/// How a body ends after its last piece.
pub(super) enum Ending {
    /// As it should.
    Complete,
    /// The connection is closed.
    Close,
    /// The connection is reset.
    Reset(ConnectionControl),
}

impl BrokenBody {
    /// Sends the first bytes of a body whose whole length is announced, and ends.
    pub(super) fn cut(whole: &Bytes, sent: usize, ending: Ending) -> Body {
        let piece = whole.slice(..sent.min(whole.len()));
        Body::new(Self {
            pieces: if piece.is_empty() { VecDeque::new() } else { VecDeque::from([piece]) },
            length: whole.len() as u64,
            pause: None,
            sleeping: None,
            ending,
            flushed: false,
        })
    }

    /// Sends a body at a rate in bytes per second.
    pub(super) fn drip(whole: &Bytes, bytes_per_s: u32) -> Body {
        // Ten pieces a second, or a byte at a time if that is too much already.
        let size = usize::try_from(bytes_per_s / 10).unwrap_or(1).max(1);
        let pause = Duration::from_secs_f64(size as f64 / f64::from(bytes_per_s.max(1)));
        let mut rest = whole.clone();
        let mut pieces = VecDeque::new();
        while !rest.is_empty() {
            pieces.push_back(rest.split_to(size.min(rest.len())));
        }
        Body::new(Self {
            pieces,
            length: whole.len() as u64,
            pause: Some(pause),
            sleeping: None,
            ending: Ending::Complete,
            flushed: false,
        })
    }

    /// Ends, once what was sent has had its chance to leave.
    fn end(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if matches!(self.ending, Ending::Complete) {
            return Poll::Ready(None);
        }
        if !self.flushed {
            // The connection flushes what it has when a body lets it wait.
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if let Ending::Reset(control) = &self.ending {
            control.reset();
        }
        Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
    }
}

impl http_body::Body for BrokenBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(sleeping) = &mut self.sleeping {
            if sleeping.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            self.sleeping = None;
        }
        let Some(piece) = self.pieces.pop_front() else {
            return self.end(context);
        };
        self.sleeping = self.pause.map(|pause| Box::pin(tokio::time::sleep(pause)));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
