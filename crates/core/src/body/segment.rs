use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine};
use bytes::Bytes;

/// The number of bytes to encode at a time: divisible by three, so that only the last chunk is
/// padded.
const ENCODED_AT_ONCE: usize = 48 * 1024;

/// A part of a [`Body`](crate::body::Body): bytes, and the form in which they are sent.
///
/// ```
/// use imagesearch_core::body::Segment;
///
/// assert_eq!(Segment::plain("four").len(), 4);
/// assert_eq!(Segment::base64("four").len(), 8);
/// assert_eq!(Segment::form_base64("four").len(), 12);
/// ```
#[derive(Clone)]
pub struct Segment {
    form: Form,
    bytes: Bytes,
}

#[derive(Clone, Copy)]
enum Form {
    Plain,
    Base64,
    /// Base64 in a form, with the length of its percent encoding.
    PercentEncoded {
        length: u64,
    },
}

impl Segment {
    /// Creates a segment that is sent unchanged.
    pub fn plain(bytes: impl Into<Bytes>) -> Self {
        Self { form: Form::Plain, bytes: bytes.into() }
    }

    /// Creates a segment that is sent as Base64: standard alphabet, padded, on one line.
    pub fn base64(bytes: impl Into<Bytes>) -> Self {
        Self { form: Form::Base64, bytes: bytes.into() }
    }

    /// Creates a segment that is sent as percent-encoded Base64, for a form.
    ///
    /// The length depends on the content, so it is counted here, in constant memory.
    pub fn form_base64(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let encoded = bytes.chunks(ENCODED_AT_ONCE).map(|chunk| {
            // Counting without branches is several times faster than encoding.
            let text = BASE64_STANDARD.encode(chunk);
            let grows = |byte| u32::from(byte == b'+') + u32::from(byte == b'/');
            let padding = text.bytes().rev().take_while(|byte| *byte == b'=').count();
            (text.len() + 2 * padding) as u64 + 2 * u64::from(text.bytes().map(grows).sum::<u32>())
        });
        Self { form: Form::PercentEncoded { length: encoded.sum() }, bytes }
    }

    /// Returns the length in bytes, as sent.
    pub fn len(&self) -> u64 {
        let length = self.bytes.len() as u64;
        match self.form {
            Form::Plain => length,
            Form::Base64 => length.div_ceil(3) * 4,
            Form::PercentEncoded { length } => length,
        }
    }

    /// Returns whether there is nothing to send.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Returns the bytes if they are sent unchanged.
    pub(super) fn as_plain(&self) -> Option<&Bytes> {
        match self.form {
            Form::Plain => Some(&self.bytes),
            Form::Base64 | Form::PercentEncoded { .. } => None,
        }
    }

    /// Returns the chunk at an offset, and the offset of the next one.
    pub(super) fn chunk(&self, offset: usize) -> Option<(Bytes, usize)> {
        let rest = self.bytes.len().checked_sub(offset).filter(|rest| *rest > 0)?;
        Some(match self.form {
            Form::Plain => (self.bytes.slice(offset..), self.bytes.len()),
            Form::Base64 => {
                let end = offset + rest.min(ENCODED_AT_ONCE);
                let text = BASE64_STANDARD.encode(self.bytes.slice(offset..end));
                (Bytes::from(text), end)
            }
            Form::PercentEncoded { .. } => {
                let end = offset + rest.min(ENCODED_AT_ONCE);
                (Bytes::from(form_base64(&self.bytes.slice(offset..end))), end)
            }
        })
    }
}

/// Encodes bytes as Base64 and percent-encodes the three characters that forms reserve.
fn form_base64(bytes: &[u8]) -> Vec<u8> {
    let text = BASE64_STANDARD.encode(bytes);
    // About 3 % of the characters are reserved for random bytes; each grows to three.
    let mut encoded = Vec::with_capacity(text.len() + text.len() / 12);
    let mut rest = text.as_bytes();
    while let Some(index) = memchr::memchr3(b'+', b'/', b'=', rest) {
        let (plain, reserved) = rest.split_at(index);
        encoded.extend_from_slice(plain);
        encoded.extend_from_slice(match reserved.first() {
            Some(b'+') => b"%2B",
            Some(b'/') => b"%2F",
            _ => b"%3D",
        });
        rest = reserved.get(1..).unwrap_or_default();
    }
    encoded.extend_from_slice(rest);
    encoded
}

impl From<Bytes> for Segment {
    fn from(bytes: Bytes) -> Self {
        Self::plain(bytes)
    }
}

impl fmt::Debug for Segment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Segment({} bytes)", self.len())
    }
}
