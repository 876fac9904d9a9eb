//! What makes a store durable: a folder, with the file of the store and those of snapshots.

use std::path::Path;
use std::{fs, io};

use super::contents::Contents;
use super::database::{Database, DatabaseError};
use super::folder::{Folder, FolderError};
use super::{StoreError, snapshots};

/// The folder of a durable store, and its file.
#[derive(Debug)]
pub(super) struct Data {
    folder: Folder,
    pub(super) database: Database,
}

/// Why a folder, or the data in it, is unusable.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DataError {
    #[error(transparent)]
    Folder(#[from] FolderError),
    #[error(
        "the file {file} is gone, with all that was stored; bring it back from a copy, or choose \
         another folder"
    )]
    Gone { file: String },
    #[error("the file {file}: {source}")]
    Database { file: String, source: DatabaseError },
    #[error(
        "the pictures in the folder take {bytes} bytes of memory, more than the {most} that they \
         may; start with a higher max_memory (--max-memory)"
    )]
    TooLarge { bytes: u64, most: u64 },
}

impl Data {
    /// Takes a folder into use and reads what is stored in it.
    pub(super) fn open(path: &Path) -> Result<(Self, Contents), DataError> {
        let folder = Folder::open(path)?;
        let file = folder.database();
        let unknown = |source| FolderError::Io { path: file.clone(), source };
        match (file.try_exists().map_err(unknown)?, folder.is_ours) {
            (true, _) => {}
            (false, false) => create(&folder, &file, &Contents::default(), None)?,
            (false, true) => return Err(DataError::Gone { file: file.display().to_string() }),
        }
        let (database, contents) = Database::open(&file).map_err(at(&file))?;
        if !folder.is_ours {
            folder.mark()?;
        }
        Ok((Self { folder, database }, contents))
    }

    /// Lists the names of snapshots.
    pub(super) fn snapshots(&self) -> Result<Vec<String>, StoreError> {
        let names = self.folder.snapshots().map_err(StoreError::data)?;
        // Whatever else may lie there, it could not be asked for.
        Ok(names.into_iter().filter(|name| snapshots::check_name(name).is_ok()).collect())
    }

    /// Writes contents, which are those of the store now, to the file of a snapshot.
    pub(super) fn put_snapshot(&self, name: &str, contents: &Contents) -> Result<(), StoreError> {
        let file = self.folder.snapshot(name);
        create(&self.folder, &file, contents, Some(&self.database)).map_err(StoreError::data)
    }

    /// Opens a snapshot and reads it.
    pub(super) fn snapshot(&self, name: &str) -> Result<(Database, Contents), StoreError> {
        let file = self.folder.snapshot(name);
        if !file.try_exists().map_err(StoreError::data)? {
            return Err(StoreError::NoSnapshot { name: name.to_owned() });
        }
        Database::open(&file).map_err(at(&file)).map_err(StoreError::data)
    }

    /// Removes the file of a snapshot.
    pub(super) fn remove_snapshot(&self, name: &str) -> Result<(), StoreError> {
        match fs::remove_file(self.folder.snapshot(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(StoreError::NoSnapshot { name: name.to_owned() })
            }
            removed => removed.map_err(StoreError::data),
        }
    }

    /// Closes the file and lets others use the folder. Every later write is refused.
    pub(super) fn close(&self) {
        self.database.close();
        self.folder.release();
    }
}

fn create(
    folder: &Folder,
    path: &Path,
    contents: &Contents,
    keeper: Option<&Database>,
) -> Result<(), DataError> {
    folder.write(path, |file| Database::create(file.path(), contents, keeper).map_err(at(path)))
}

fn at(path: &Path) -> impl Fn(DatabaseError) -> DataError {
    let file = path.display().to_string();
    move |source| DataError::Database { file: file.clone(), source }
}
