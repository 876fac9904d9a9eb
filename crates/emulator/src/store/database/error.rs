use imagesearch_similarity::DESCRIPTOR_VERSION;

/// Why the file of a store cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// The disk, or what is on it.
    #[error(transparent)]
    File(#[from] Box<redb::Error>),
    /// Pictures were described in another way than this version does.
    #[error(
        "its pictures were described by version {found} of the descriptor and this is version \
         {DESCRIPTOR_VERSION}; start the version that wrote it, or choose another folder and add \
         the pictures again"
    )]
    Descriptor { found: u64 },
    /// A row is not what this version writes.
    #[error("{0} cannot be read; bring the folder back from a copy, or choose another one")]
    Row(String),
    /// A write that was reported as failed was completed after all.
    #[error("it has a write that failed before; start the emulator again to read it")]
    Ahead,
    /// A write has failed, and the file has not been opened since.
    #[error("it was closed when a write failed; whatever needs it next opens it again")]
    Failed,
    /// The emulator is ending.
    #[error("it is closed, as the emulator ends")]
    Closed,
}

/// The errors of redb's steps are all parts of one.
macro_rules! from_redb {
    ($($error:ident),*) => {
        $(impl From<redb::$error> for DatabaseError {
            fn from(error: redb::$error) -> Self {
                Self::File(Box::new(error.into()))
            }
        })*
    };
}

from_redb!(CommitError, DatabaseError, StorageError, TableError, TransactionError);
