//! Buckets with objects that stay: folders of this machine, or memory.

mod folder;
mod memory;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::PathBuf;

use bytes::Bytes;
use serde::Serialize;

use crate::service::refusal::Refusal;
use folder::Folder;
use memory::Memory;

/// The longest key, in bytes, as OSS has it.
const MAX_KEY_BYTES: usize = 1_023;

/// Holds the buckets. One that has no folder is in memory, and exists once it has an object.
#[derive(Debug)]
pub(crate) struct Buckets {
    folders: BTreeMap<String, Folder>,
    memory: Memory,
}

/// An object that has been opened.
pub(crate) struct Object {
    pub(crate) content: Box<dyn Read + Send>,
    pub(crate) size: u64,
}

/// What a list tells about an object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Listed {
    pub(crate) key: String,
    pub(crate) size: u64,
}

/// Why an object could not be read or stored, as OSS would.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} ({code}; {reason})")]
pub struct BucketError {
    code: String,
    message: String,
    reason: String,
}

impl BucketError {
    /// Returns the code of OSS, such as `NoSuchKey`.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl From<Refusal> for BucketError {
    fn from(Refusal { code, message, advice, .. }: Refusal) -> Self {
        Self { code, message, reason: advice }
    }
}

/// A folder that cannot be a bucket.
#[derive(Debug, thiserror::Error)]
#[error("bucket {bucket}: {source}: {}", folder.display())]
pub(crate) struct UnusableFolder {
    bucket: String,
    folder: PathBuf,
    source: io::Error,
}

impl Buckets {
    /// Takes the buckets that have a folder, which must exist.
    pub(crate) fn new(
        folders: impl IntoIterator<Item = (String, PathBuf)>,
    ) -> Result<Self, UnusableFolder> {
        let folders = folders.into_iter().map(|(bucket, path)| match Folder::open(&path) {
            Ok(folder) => Ok((bucket, folder)),
            Err(source) => Err(UnusableFolder { bucket, folder: path, source }),
        });
        Ok(Self { folders: folders.collect::<Result<_, _>>()?, memory: Memory::default() })
    }

    /// Opens an object.
    pub(crate) fn open(&self, bucket: &str, key: &str) -> Result<Object, Refusal> {
        check_key(key)?;
        match self.folders.get(bucket) {
            Some(folder) => folder.read(key),
            None => self.memory.read(bucket, key),
        }
    }

    /// Reads an object as a whole.
    pub(crate) fn read(&self, bucket: &str, key: &str) -> Result<Vec<u8>, Refusal> {
        let mut content = Vec::new();
        let read = self.open(bucket, key)?.content.read_to_end(&mut content);
        read.map_err(|error| unreadable(&error))?;
        Ok(content)
    }

    /// Stores an object, replacing one of the same key.
    pub(crate) fn put(&self, bucket: &str, key: &str, content: Bytes) -> Result<(), Refusal> {
        check_key(key)?;
        match self.folders.get(bucket) {
            Some(folder) => folder.put(key, &content),
            None => self.memory.put(bucket, key, content),
        }
    }

    /// Lists the objects whose keys begin with a text, by key.
    pub(crate) fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<Listed>, Refusal> {
        match self.folders.get(bucket) {
            Some(folder) => folder.list(prefix),
            None => self.memory.list(bucket, prefix),
        }
    }
}

/// Says that an object does not exist, as OSS does.
pub(crate) fn no_such_key() -> Refusal {
    refusal(404, "NoSuchKey", "The specified key does not exist.")
        .because("store it first, or check the key for a typo")
}

fn no_such_bucket() -> Refusal {
    refusal(404, "NoSuchBucket", "The specified bucket does not exist.")
        .because("add a folder for the bucket, or store an object in it")
}

fn refusal(status: u16, code: &str, message: &str) -> Refusal {
    Refusal::of(code).with_status(status).with_message(message)
}

/// Returns what the system said about a file.
fn unreadable(error: &io::Error) -> Refusal {
    match error.kind() {
        // A part of the path may be a file, or be too long for the file system.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename => {
            no_such_key()
        }
        io::ErrorKind::PermissionDenied => {
            refusal(403, "AccessDenied", "The object cannot be reached.")
        }
        _ => refusal(500, "InternalError", "The object cannot be read or written.")
            .because(error.to_string()),
    }
}

/// Refuses keys that could name a file outside of a folder, in all buckets alike.
fn check_key(key: &str) -> Result<(), Refusal> {
    let plain = |part: &str| {
        !part.is_empty() && part != "." && part != ".." && !part.contains(['\\', ':', '\0'])
    };
    if key.len() <= MAX_KEY_BYTES && key.split('/').all(plain) {
        return Ok(());
    }
    Err(refusal(400, "InvalidObjectName", "The specified key is not valid.").because(format!(
        "a key has at most {MAX_KEY_BYTES} bytes, its parts are neither empty nor . nor .., and \
             there is no backslash or colon in it"
    )))
}

#[cfg(test)]
mod tests;
