//! Ids that tell requests apart.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

/// Draws request ids: unique within the process by a counter, and across processes by chance.
#[derive(Debug)]
pub(crate) struct RequestIds {
    prefix: u64,
    counter: AtomicU64,
}

impl RequestIds {
    /// Draws the part that all ids of this process have in common.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { prefix: getrandom::u64()?, counter: AtomicU64::new(1) })
    }

    /// Makes an id in the shape of an upper-case UUID, as the service's are.
    pub(crate) fn next(&self) -> String {
        let count = self.counter.fetch_add(1, Ordering::Relaxed);
        let (high, low) = (self.prefix >> 32, self.prefix & 0xFFFF_FFFF);
        format!(
            "{high:08X}-{:04X}-{:04X}-{:04X}-{:012X}",
            low >> 16,
            low & 0xFFFF,
            count >> 48,
            count & 0xFFFF_FFFF_FFFF,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_uuids_and_differ() {
        let ids = RequestIds::new().unwrap();
        let (first, second) = (ids.next(), ids.next());
        assert_ne!(first, second);
        let lengths: Vec<usize> = first.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(first.bytes().all(|b| b == b'-' || b.is_ascii_digit() || b.is_ascii_uppercase()));
    }
}
