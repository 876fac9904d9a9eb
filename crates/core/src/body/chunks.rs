use std::{fmt, sync::Arc};

use bytes::Bytes;

use super::Segment;

/// The chunks of a [`Body`](crate::body::Body) in the order they are sent.
///
/// Made by [`Body::chunks`](crate::body::Body::chunks); holds at most one encoded chunk at a time.
#[derive(Clone)]
pub struct Chunks {
    segments: Arc<[Segment]>,
    /// The index of the current segment.
    current: usize,
    /// The number of its raw bytes that were read.
    offset: usize,
}

impl Chunks {
    pub(super) fn new(segments: Arc<[Segment]>) -> Self {
        Self { segments, current: 0, offset: 0 }
    }
}

impl Iterator for Chunks {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        loop {
            match self.segments.get(self.current)?.chunk(self.offset) {
                Some((chunk, next)) => {
                    self.offset = next;
                    return Some(chunk);
                }
                None => {
                    self.current += 1;
                    self.offset = 0;
                }
            }
        }
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Chunks").field("segments", &self.segments).finish_non_exhaustive()
    }
}
