//! What the instances of a store share: its limits, and the right to change it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::StoreError;
use super::data::Data;
use super::memory::Memory;
use super::pictures::Edit;
use super::tasks::Task;

/// Holds what all instances need to be changed.
#[derive(Debug)]
pub(super) struct Storage {
    pub(super) keep_images: bool,
    pub(super) memory: Memory,
    /// The durable copy, unless all is in memory.
    pub(super) data: Option<Data>,
    writer: Mutex<()>,
}

impl Storage {
    pub(super) fn new(keep_images: bool, memory: Memory, data: Option<Data>) -> Self {
        Self { keep_images, memory, data, writer: Mutex::default() }
    }

    /// Waits for all other changes to end; the one who has the guard is the only writer.
    ///
    /// It is taken before any lock of instances or pictures.
    pub(super) fn writer(&self) -> MutexGuard<'_, ()> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the pictures to be kept out of the steps of a change, where they go to the disk alone.
    pub(super) fn take_kept(&self, edits: &mut [Edit]) -> BTreeMap<u64, Bytes> {
        if self.data.is_none() {
            return BTreeMap::new();
        }
        let puts = edits.iter_mut().filter_map(|edit| match edit {
            Edit::Put { id, kept, .. } => Some((*id, kept.take()?)),
            _ => None,
        });
        puts.collect()
    }

    /// Creates a task durable, where that is wanted.
    pub(super) fn put_task(&self, instance: &str, task: &Task) -> Result<(), StoreError> {
        let data = self.data.as_ref();
        data.map_or(Ok(()), |data| data.database.put_task(instance, task).map_err(StoreError::data))
    }

    /// Forgets a task on the disk.
    pub(super) fn remove_task(&self, instance: &str, id: i64) -> Result<(), StoreError> {
        let data = self.data.as_ref();
        data.map_or(Ok(()), |data| {
            data.database.remove_task(instance, id).map_err(StoreError::data)
        })
    }

    /// Creates the steps of a change durable, where that is wanted.
    pub(super) fn write(
        &self,
        instance: &str,
        edits: &[Edit],
        kept: &BTreeMap<u64, Bytes>,
    ) -> Result<(), StoreError> {
        match &self.data {
            Some(data) if !edits.is_empty() => {
                data.database.write(instance, edits, kept).map_err(StoreError::data)
            }
            _ => Ok(()),
        }
    }
}
