//! The durable copy of a store: one file, written before a change is shown.

mod error;
mod rows;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use bytes::Bytes;
use imagesearch_core::values::Timestamp;
use redb::{ReadTransaction, ReadableDatabase, WriteTransaction};

use super::contents::Contents;
use super::pictures::Edit;
use super::tasks::Task;
use crate::store::instance_settings::InstanceSettings;

pub(super) use error::DatabaseError;

/// How much of the file is kept in memory; all but kept pictures is in the store anyway.
const CACHE_BYTES: usize = 32 << 20;

/// A file with instances and their pictures.
///
/// A failed write closes it, and who needs it next opens it again: what was there before can be read
/// however full the disk is, and may be written to by then.
#[derive(Debug)]
pub(super) struct Database {
    path: PathBuf,
    file: RwLock<Access>,
    /// How often it has been written, so as to notice when a write that failed was made after all.
    commits: AtomicU64,
}

#[derive(Debug)]
enum Access {
    Open(redb::Database),
    /// A write has failed.
    Failed,
    /// The store has ended.
    Closed,
}

impl Access {
    fn file(&self) -> Result<&redb::Database, DatabaseError> {
        match self {
            Self::Open(file) => Ok(file),
            Self::Failed => Err(DatabaseError::Failed),
            Self::Closed => Err(DatabaseError::Closed),
        }
    }
}

impl Database {
    /// Creates a file of contents, with the pictures that another file keeps of them.
    pub(super) fn create(
        path: &Path,
        contents: &Contents,
        keeper: Option<&Self>,
    ) -> Result<(), DatabaseError> {
        Self::of(path, builder().create(path)?).replace(contents, keeper)
    }

    /// Opens a file and reads all of it but kept pictures.
    pub(super) fn open(path: &Path) -> Result<(Self, Contents), DatabaseError> {
        let this = Self::of(path, builder().open(path)?);
        let contents = this.read(|transaction| {
            rows::check_descriptor(transaction)?;
            this.commits.store(rows::commits(transaction)?, Ordering::Relaxed);
            rows::contents(transaction)
        })?;
        Ok((this, contents))
    }

    fn of(path: &Path, file: redb::Database) -> Self {
        let commits = AtomicU64::new(0);
        Self { path: path.to_owned(), file: RwLock::new(Access::Open(file)), commits }
    }

    /// Writes the steps of a change, and the pictures that are kept of it by their numbers.
    pub(super) fn write(
        &self,
        instance: &str,
        edits: &[Edit],
        kept: &BTreeMap<u64, Bytes>,
    ) -> Result<(), DatabaseError> {
        self.commit(|transaction| rows::write(transaction, instance, edits, kept))
    }

    /// Writes the settings of an instance.
    pub(super) fn put_instance(
        &self,
        settings: &InstanceSettings,
        created: Timestamp,
    ) -> Result<(), DatabaseError> {
        self.commit(|transaction| rows::put_instance(transaction, settings, created))
    }

    /// Removes the pictures of instances.
    pub(super) fn clear<'a>(
        &self,
        instances: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), DatabaseError> {
        self.commit(|transaction| {
            let mut instances = instances.into_iter();
            instances.try_for_each(|name| rows::remove_pictures(transaction, name))
        })
    }

    /// Removes an instance with its pictures.
    pub(super) fn remove_instance(&self, name: &str) -> Result<(), DatabaseError> {
        self.commit(|transaction| rows::remove_instance(transaction, name))
    }

    /// Writes a task as it is now.
    pub(super) fn put_task(&self, instance: &str, task: &Task) -> Result<(), DatabaseError> {
        self.commit(|transaction| rows::put_task(transaction, instance, task))
    }

    /// Forgets a task.
    pub(super) fn remove_task(&self, instance: &str, id: i64) -> Result<(), DatabaseError> {
        self.commit(|transaction| rows::remove_task(transaction, instance, id))
    }

    /// Replaces all that is in the file, kept pictures by those of another. Tasks of instances that stay
    /// stay as well.
    pub(super) fn replace(
        &self,
        contents: &Contents,
        keeper: Option<&Self>,
    ) -> Result<(), DatabaseError> {
        self.commit(|transaction| {
            rows::replace(transaction, contents)?;
            match keeper {
                Some(keeper) => keeper.read(|from| rows::copy_kept(from, transaction)),
                None => Ok(()),
            }
        })
    }

    /// Returns the bytes of a picture, if they are kept.
    pub(super) fn kept(&self, instance: &str, id: u64) -> Result<Option<Bytes>, DatabaseError> {
        self.read(|transaction| rows::kept(transaction, instance, id))
    }

    /// Returns whether the bytes of a picture are kept.
    pub(super) fn keeps(&self, instance: &str, id: u64) -> Result<bool, DatabaseError> {
        self.read(|transaction| rows::keeps(transaction, instance, id))
    }

    /// Closes the file for good.
    pub(super) fn close(&self) {
        *self.access_mut() = Access::Closed;
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&ReadTransaction) -> Result<T, DatabaseError>,
    ) -> Result<T, DatabaseError> {
        self.open_again()?;
        read(&self.access().file()?.begin_read()?)
    }

    /// Writes all or nothing; only one at a time does so.
    fn commit(
        &self,
        write: impl FnOnce(&WriteTransaction) -> Result<(), DatabaseError>,
    ) -> Result<(), DatabaseError> {
        self.open_again()?;
        let commits = self.commits.load(Ordering::Relaxed) + 1;
        let written = self.access().file().and_then(|file| {
            let transaction = file.begin_write()?;
            write(&transaction)?;
            rows::put_commits(&transaction, commits)?;
            Ok(transaction.commit()?)
        });
        match written {
            Ok(()) => self.commits.store(commits, Ordering::Relaxed),
            Err(_) => *self.access_mut() = Access::Failed,
        }
        written
    }

    /// Opens the file if a failed write has closed it.
    fn open_again(&self) -> Result<(), DatabaseError> {
        if !matches!(*self.access(), Access::Failed) {
            return Ok(());
        }
        let mut access = self.access_mut();
        // Another may have done so since.
        if !matches!(*access, Access::Failed) {
            return Ok(());
        }
        let file = builder().open(&self.path)?;
        let commits = rows::commits(&file.begin_read()?)?;
        if commits != self.commits.load(Ordering::Relaxed) {
            return Err(DatabaseError::Ahead);
        }
        *access = Access::Open(file);
        Ok(())
    }

    fn access(&self) -> RwLockReadGuard<'_, Access> {
        self.file.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn access_mut(&self) -> RwLockWriteGuard<'_, Access> {
        self.file.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn builder() -> redb::Builder {
    let mut builder = redb::Builder::new();
    builder.set_cache_size(CACHE_BYTES);
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails in the middle of a write, as on a disk without room.
    fn fail(_transaction: &WriteTransaction) -> Result<(), DatabaseError> {
        Err(DatabaseError::Row("a row".to_owned()))
    }

    #[test]
    fn a_failed_write_keeps_nobody_from_reading_or_writing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("store");
        Database::create(&path, &Contents::default(), None).unwrap();
        let (database, _) = Database::open(&path).unwrap();
        let kept = BTreeMap::new();
        for _ in 0..2 {
            database.commit(fail).unwrap_err();
            assert!(!database.keeps("shop", 1).unwrap());
            database.commit(fail).unwrap_err();
            database.write("shop", &[], &kept).unwrap();
        }
        // What was written although it seemed to have failed is not known here.
        database.commits.fetch_add(1, Ordering::Relaxed);
        database.commit(fail).unwrap_err();
        assert!(matches!(database.keeps("shop", 1), Err(DatabaseError::Ahead)));
        database.close();
        assert!(matches!(database.keeps("shop", 1), Err(DatabaseError::Closed)));
    }
}
