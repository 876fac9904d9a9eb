use super::instance_settings::InstanceError;

/// Tells why the store did not do what it was asked to; nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No instance has this name, or it was removed while the call was on its way.
    #[error("there is no instance `{name}`")]
    NoInstance {
        /// The name that was given.
        name: String,
    },
    /// A setting of an instance is out of range.
    #[error(transparent)]
    Settings(InstanceError),
    /// The instance holds as many pictures as it may.
    #[error("the instance holds as many pictures as it may")]
    Full,
    /// What would be stored does not fit into the memory that may be used.
    #[error(
        "this would take more than the {most} bytes of memory that pictures and snapshots may; \
         delete some, or start with a higher max_memory (--max-memory)"
    )]
    OutOfMemory {
        /// How many bytes may be used.
        most: u64,
    },
    /// The folder of the store cannot be written or read.
    #[error("the data folder: {reason}")]
    Data {
        /// What is wrong.
        reason: String,
    },
    /// A snapshot cannot have this name.
    #[error(
        "the name of a snapshot must be 1 to 64 letters, digits, dots, hyphens and underscores, \
         the first no dot, not `{name}`"
    )]
    SnapshotName {
        /// The name that was given.
        name: String,
    },
    /// No snapshot has this name.
    #[error("there is no snapshot `{name}`")]
    NoSnapshot {
        /// The name that was given.
        name: String,
    },
}

impl StoreError {
    /// Tells what is wrong with the folder.
    pub(super) fn data(error: impl std::error::Error) -> Self {
        Self::Data { reason: error.to_string() }
    }
}
