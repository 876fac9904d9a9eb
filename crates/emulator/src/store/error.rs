use super::instance_settings::InstanceError;

/// An error of the store. Nothing has changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No instance has this name, or it was removed during the call.
    #[error("no such instance: `{name}`")]
    NoInstance {
        /// The given name.
        name: String,
    },
    /// A setting of an instance is invalid.
    #[error(transparent)]
    Settings(InstanceError),
    /// The instance is full.
    #[error("the instance is full")]
    Full,
    /// The change would exceed the memory limit.
    #[error(
        "this would take more than the {most} bytes of memory that pictures and snapshots may; \
         delete some, or start with a higher max_memory (--max-memory)"
    )]
    OutOfMemory {
        /// The limit in bytes.
        most: u64,
    },
    /// The data folder cannot be read or written.
    #[error("the data folder: {reason}")]
    Data {
        /// What is wrong.
        reason: String,
    },
    /// The name of a snapshot is invalid.
    #[error(
        "the name of a snapshot must be 1 to 64 letters, digits, dots, hyphens and underscores, \
         the first no dot, not `{name}`"
    )]
    SnapshotName {
        /// The given name.
        name: String,
    },
    /// No snapshot has this name.
    #[error("no such snapshot: `{name}`")]
    NoSnapshot {
        /// The given name.
        name: String,
    },
}

impl StoreError {
    /// Returns what is wrong with the folder.
    pub(super) fn data(error: impl std::error::Error) -> Self {
        Self::Data { reason: error.to_string() }
    }
}
