use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use imagesearch_similarity::Look;

use super::{StoreError, StoredImage};

/// What a picture takes besides its look, its texts and its bytes: nodes of maps, and a row of the
/// index. Rounded up, so that the limit is kept rather than exceeded.
const OVERHEAD: usize = 512;

/// Counts the bytes that pictures and snapshots take, and refuses what would be too many.
#[derive(Debug)]
pub(super) struct Memory {
    most: u64,
    used: AtomicU64,
}

impl Memory {
    pub(super) fn new(most: u64) -> Self {
        Self { most, used: AtomicU64::new(0) }
    }

    /// Returns how many bytes are taken.
    pub(super) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Returns whether `freed` bytes could be given back for `taken` ones. Shrinking always can.
    pub(super) fn check(&self, freed: u64, taken: u64) -> Result<(), StoreError> {
        let after = self.used().saturating_sub(freed).saturating_add(taken);
        if taken <= freed || after <= self.most {
            return Ok(());
        }
        Err(StoreError::OutOfMemory { most: self.most })
    }

    /// Counts what has been given back and taken. Changes are serialized, so the earlier check
    /// still holds.
    pub(super) fn replace(&self, freed: u64, taken: u64) {
        let after = self.used().saturating_sub(freed).saturating_add(taken);
        self.used.store(after, Ordering::Relaxed);
    }
}

/// Estimates the bytes of memory that a picture takes.
pub(super) fn weight(image: &StoredImage, look: &Look, kept: Option<&Bytes>) -> u64 {
    let vectors = 1 + usize::from(look.subject.is_some());
    let vectors = vectors * imagesearch_similarity::Descriptor::LENGTH;
    (OVERHEAD + vectors + image.text_bytes() + kept.map_or(0, Bytes::len)) as u64
}
