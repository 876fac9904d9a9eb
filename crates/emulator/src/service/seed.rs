//! Pictures of a folder, stored as if they had been added one by one.

pub(crate) mod description;
mod folder;

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde::Serialize;

use super::Service;
use super::operations::add_picture::add_picture;
use super::refusal::Refusal;
use crate::store::StoreError;
use crate::store::instance::Instance;
use description::Description;

/// The file that describes the pictures of a folder.
const DESCRIPTIONS: &str = "seed.jsonl";

/// The longest picture that is read, in bytes; one more tells that it is too large.
const MAX_PICTURE_BYTES: u64 = 4 * 1024 * 1024 + 1;

/// The longest file of descriptions, in bytes; one more tells that it is too long.
const MAX_DESCRIPTION_BYTES: u64 = 64 * 1024 * 1024;

/// The result of storing the pictures of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SeedReport {
    /// The stored pictures, in order.
    pub added: Vec<SeedAdded>,
    /// The refused pictures, of which nothing is stored.
    pub refused: Vec<SeedRefused>,
}

/// A stored picture of a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SeedAdded {
    /// The file, as a path below the folder.
    pub file: String,
    /// The id of its product.
    pub product_id: String,
    /// The name of the picture.
    pub pic_name: String,
}

/// Why a file, or a line of `seed.jsonl`, was not stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SeedRefused {
    /// The file, as a path below the folder; `seed.jsonl` for a line that names none.
    pub file: String,
    /// The line of `seed.jsonl`, from 1, if there is such a file.
    pub line: Option<usize>,
    /// The error code that `AddImage` would return.
    pub code: String,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for SeedRefused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, code, reason } = self;
        write!(formatter, "{file}")?;
        if let Some(line) = line {
            write!(formatter, " (line {line} of {DESCRIPTIONS})")?;
        }
        write!(formatter, ": {code}: {reason}")
    }
}

/// Why a folder was not stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SeedError {
    /// There is no such instance.
    #[error(transparent)]
    Instance(StoreError),
    /// The folder or its `seed.jsonl` cannot be read.
    #[error("{} cannot be read: {source}", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// Interrupted by the end of the emulator. Pictures that were stored before may stay.
    #[error("interrupted; pictures that were stored before may stay")]
    Interrupted,
}

/// Stores the pictures of a folder, each as a whole or not at all. Blocks; to be called on a thread of
/// the runtime that may.
///
/// With a file `seed.jsonl`, these are the pictures that it describes, else all files, those in folders
/// below and without hidden ones.
pub(crate) fn seed(
    service: &Service,
    instance: &str,
    folder: &Path,
) -> Result<SeedReport, SeedError> {
    let found = service.store.instance(instance);
    let found = found.ok_or_else(|| StoreError::NoInstance { name: instance.to_owned() });
    let instance = found.map_err(SeedError::Instance)?;
    let mut report = SeedReport::default();
    for (line, described) in pictures(folder)? {
        match described.and_then(|it| add(service, &instance, folder, it)) {
            Ok(added) => report.added.push(added),
            Err((file, refusal)) => {
                let reason = format!("{} ({})", refusal.message, refusal.advice);
                report.refused.push(SeedRefused { file, line, code: refusal.code, reason });
            }
        }
    }
    Ok(report)
}

/// A picture to be stored, or what cannot be and why, with the line that says so.
type Listed = (Option<usize>, Result<Description, (String, Refusal)>);

fn pictures(folder: &Path) -> Result<Vec<Listed>, SeedError> {
    let unreadable = |path: PathBuf| |source| SeedError::Unreadable { path, source };
    let path = folder.join(DESCRIPTIONS);
    match open(&path) {
        Ok(file) => {
            let mut text = String::new();
            let read = file.take(MAX_DESCRIPTION_BYTES + 1).read_to_string(&mut text);
            let read = read.and_then(|length| match length as u64 {
                0..=MAX_DESCRIPTION_BYTES => Ok(()),
                _ => Err(io::Error::other("it is longer than 64 MiB; seed its parts one by one")),
            });
            read.map_err(unreadable(path))?;
            let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
            let listed = lines.map(|(number, line)| {
                let read = Description::read(line);
                (Some(number), read.map_err(|refusal| (DESCRIPTIONS.to_owned(), refusal)))
            });
            Ok(listed.collect())
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let files = folder::files(folder).map_err(unreadable(folder.to_owned()))?;
            Ok(files.into_iter().map(|file| (None, Ok(Description::of_file(file)))).collect())
        }
        Err(error) => Err(unreadable(path)(error)),
    }
}

fn add(
    service: &Service,
    instance: &Instance,
    folder: &Path,
    Description { file, fields }: Description,
) -> Result<SeedAdded, (String, Refusal)> {
    let content = read(folder, &file);
    match add_picture(&service.compute, instance, fields, content) {
        Ok(key) => Ok(SeedAdded { file, product_id: key.product_id, pic_name: key.pic_name }),
        Err(error) => Err((file, error.into())),
    }
}

fn read(folder: &Path, file: &str) -> Result<Bytes, Refusal> {
    let refused = |reason: String| Refusal::of("PictureError").because(reason);
    let path = folder::inside(folder, file)
        .ok_or_else(|| refused("file must be a path below the folder".to_owned()))?;
    let mut content = Vec::new();
    let read =
        open(&path).and_then(|opened| opened.take(MAX_PICTURE_BYTES).read_to_end(&mut content));
    read.map_err(|error| refused(error.to_string()))?;
    Ok(content.into())
}

/// Opens a file. Anything else, a pipe for example, could keep a reader waiting.
fn open(path: &Path) -> io::Result<File> {
    if path.metadata()?.is_file() {
        return File::open(path);
    }
    Err(io::Error::other("it is not a regular file"))
}

#[cfg(test)]
mod tests;
