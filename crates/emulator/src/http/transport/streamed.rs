//! Bodies of answers that are read while they are sent, so that none is in memory as a whole.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::task::block_in_place;

/// How many bytes are read at a time.
const PIECE: usize = 64 * 1024;

/// A body of a known length, which is read as fast as the client takes it.
struct Streamed<R> {
    content: R,
    left: u64,
}

/// Creates a body of the next `length` bytes of a reader.
pub(crate) fn streamed(content: impl Read + Send + Unpin + 'static, length: u64) -> Body {
    Body::new(Streamed { content, left: length })
}

impl<R: Read + Unpin> HttpBody for Streamed<R> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let length = usize::try_from(self.left).map_or(PIECE, |left| left.min(PIECE));
        let mut piece = vec![0; length];
        // It may wait for the disk.
        let read = block_in_place(|| self.content.read_exact(&mut piece));
        self.left -= length as u64;
        Poll::Ready(Some(read.map(|()| Frame::data(piece.into()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn as_much_is_read_as_was_said() {
        let content: Vec<u8> = (0..=u8::MAX).cycle().take(3 * PIECE + 1).collect();
        for length in [0, 1, PIECE, PIECE + 1, content.len()] {
            let body = streamed(io::Cursor::new(content.clone()), length as u64);
            assert_eq!(HttpBody::size_hint(&body).exact(), Some(length as u64));
            let read = body.collect().await.unwrap().to_bytes();
            assert!(read == content[..length], "{length}");
        }
        // A file that has been cut off meanwhile must not look complete.
        let cut = streamed(io::Cursor::new(content.clone()), content.len() as u64 + 1);
        cut.collect().await.unwrap_err();
    }
}
