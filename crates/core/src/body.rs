//! Request bodies that can be hashed and sent more than once.

mod chunks;
mod segment;
#[cfg(test)]
mod tests;

pub use chunks::Chunks;
pub use segment::Segment;

use std::{fmt, sync::Arc};

use bytes::Bytes;

/// The body of a request: a sequence of segments.
///
/// Cloning is cheap and copies no bytes, so every attempt sends the same body, and a picture is not
/// copied between the caller and the socket. A Base64 segment keeps its plain bytes and is encoded
/// while it is read, 48 KiB at a time.
///
/// ```
/// use bytes::Bytes;
/// use imagesearch_core::body::{Body, Segment};
///
/// let picture = Bytes::from_static(b"pic_content1");
/// let body = Body::new([Segment::plain("picture="), Segment::base64(picture)]);
/// assert_eq!(body.len(), 24);
/// let sent: Vec<Bytes> = body.chunks().collect();
/// assert_eq!(sent, ["picture=", "cGljX2NvbnRlbnQx"]);
/// ```
#[derive(Clone, Default)]
pub struct Body {
    segments: Arc<[Segment]>,
    length: u64,
}

impl Body {
    /// Creates a body from segments; `Bytes` are sent unchanged.
    pub fn new<S: Into<Segment>>(segments: impl IntoIterator<Item = S>) -> Self {
        let segments: Arc<[Segment]> =
            segments.into_iter().map(Into::into).filter(|segment| !segment.is_empty()).collect();
        let length = segments.iter().map(Segment::len).sum();
        Self { segments, length }
    }

    /// Returns the length in bytes, as sent.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Returns whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Returns an iterator over the chunks to send, none of which is empty.
    ///
    /// A plain segment is one chunk and is not copied. The text of a Base64 segment comes in chunks
    /// of at most 64 KiB. The iterator borrows nothing, so a transport can store it.
    pub fn chunks(&self) -> Chunks {
        Chunks::new(Arc::clone(&self.segments))
    }

    /// Returns the whole body in one buffer; does not copy a single plain segment.
    ///
    /// For inspection; transports should use [`Body::chunks`].
    pub fn to_bytes(&self) -> Bytes {
        if let [only] = &*self.segments
            && let Some(plain) = only.as_plain()
        {
            return plain.clone();
        }
        let mut joined = Vec::with_capacity(usize::try_from(self.length).unwrap_or(0));
        for chunk in self.chunks() {
            joined.extend_from_slice(&chunk);
        }
        joined.into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::new([Bytes::from(text)])
    }
}

impl PartialEq for Body {
    /// Compares the sent bytes, regardless of segments.
    fn eq(&self, other: &Self) -> bool {
        self.length == other.length && self.to_bytes() == other.to_bytes()
    }
}

impl Eq for Body {}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Body({} bytes)", self.length)
    }
}
