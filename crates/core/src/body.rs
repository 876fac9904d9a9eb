use std::{fmt, sync::Arc};

use bytes::Bytes;

/// The body of a request: segments that are sent one after the other.
///
/// Cloning is cheap and copies no bytes, so every attempt sends the same body, and a picture is not
/// copied between the caller and the socket.
#[derive(Clone, Default)]
pub struct Body {
    segments: Arc<[Bytes]>,
    length: u64,
}

impl Body {
    /// Makes a body of segments.
    pub fn new(segments: impl IntoIterator<Item = Bytes>) -> Self {
        let segments: Arc<[Bytes]> =
            segments.into_iter().filter(|segment| !segment.is_empty()).collect();
        let length = segments.iter().map(|segment| segment.len() as u64).sum();
        Self { segments, length }
    }

    /// Returns the length in bytes.
    pub fn len(&self) -> u64 {
        self.length
    }

    /// Tells whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Iterates over the segments.
    pub fn segments(&self) -> impl Iterator<Item = &Bytes> {
        self.segments.iter()
    }

    /// Copies the segments into one buffer, or clones the only one.
    pub fn to_bytes(&self) -> Bytes {
        match &*self.segments {
            [only] => only.clone(),
            segments => segments.concat().into(),
        }
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::new([Bytes::from(text)])
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Body({} bytes)", self.length)
    }
}
