//! States of a store that it can be set back to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::StoreError;
use super::contents::Contents;

/// Keeps contents by name, in memory.
#[derive(Debug, Default)]
pub(super) struct Snapshots(Mutex<BTreeMap<String, Arc<Contents>>>);

impl Snapshots {
    /// Lists the names.
    pub(super) fn names(&self) -> Vec<String> {
        self.lock().keys().cloned().collect()
    }

    /// Returns what a name stands for.
    pub(super) fn get(&self, name: &str) -> Option<Arc<Contents>> {
        self.lock().get(name).cloned()
    }

    /// Keeps contents under a name, whatever had that name before.
    pub(super) fn put(&self, name: &str, contents: Contents) {
        self.lock().insert(name.to_owned(), Arc::new(contents));
    }

    /// Forgets a name.
    pub(super) fn remove(&self, name: &str) -> Option<Arc<Contents>> {
        self.lock().remove(name)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Contents>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Refuses names that could not be the name of a file everywhere.
pub(super) fn check_name(name: &str) -> Result<(), StoreError> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    let fits = (1..=64).contains(&name.len()) && name.bytes().all(allowed);
    if fits && !name.starts_with('.') {
        return Ok(());
    }
    Err(StoreError::SnapshotName { name: name.to_owned() })
}
