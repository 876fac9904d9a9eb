//! What the instances of a store share: its limits, and the right to change it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::memory::Memory;

/// Holds what all instances need to be changed.
#[derive(Debug)]
pub(super) struct Storage {
    pub(super) keep_images: bool,
    pub(super) memory: Memory,
    writer: Mutex<()>,
}

impl Storage {
    pub(super) fn new(keep_images: bool, max_memory: u64) -> Self {
        Self { keep_images, memory: Memory::new(max_memory), writer: Mutex::default() }
    }

    /// Waits for all other changes to end; the one who has the guard is the only writer.
    ///
    /// It is taken before any lock of instances or pictures.
    pub(super) fn writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
