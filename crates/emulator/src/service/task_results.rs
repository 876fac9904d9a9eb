//! Files that tasks leave behind.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::{NamedTempFile, TempDir};

use super::refusal::{Refusal, task_failure};

/// The path at which the files are served; not below the admin API, since a signature opens them.
pub(crate) const RESULTS_PATH: &str = "/task-results/";

/// Keeps the files in a folder of their own, made for the first one and removed at the end.
#[derive(Debug, Default)]
pub(super) struct Results {
    folder: Mutex<Option<TempDir>>,
}

/// A file that is being written, and seen by nobody until it is finished.
pub(super) struct ResultsFile {
    writer: BufWriter<NamedTempFile>,
    to: PathBuf,
}

impl Results {
    /// Returns the path of the URL of a task's file, if it is there.
    pub(super) fn path(&self, instance: &str, id: i64) -> Option<String> {
        let name = file_name(instance, id);
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        let is_there = folder.as_ref().is_some_and(|folder| folder.path().join(&name).is_file());
        is_there.then(|| format!("{RESULTS_PATH}{name}"))
    }

    /// Begins the file of a task.
    pub(super) fn create(&self, instance: &str, id: i64) -> Result<ResultsFile, Refusal> {
        let create = || {
            let mut folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
            let folder = match &mut *folder {
                Some(folder) => folder,
                empty => empty.insert(tempfile::tempdir()?),
            };
            let file = NamedTempFile::new_in(folder.path())?;
            let to = folder.path().join(file_name(instance, id));
            Ok(ResultsFile { writer: BufWriter::new(file), to })
        };
        create().map_err(|error: io::Error| task_failure(&error.to_string()))
    }

    /// Removes the file of a task, if it has one.
    pub(super) fn remove(&self, instance: &str, id: i64) {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = &*folder {
            // A task that failed left none; any other is removed with the folder at the latest.
            let _ = std::fs::remove_file(folder.path().join(file_name(instance, id)));
        }
    }

    /// Opens a file by its name.
    pub(super) fn open(&self, name: &str) -> io::Result<File> {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        let plain = Path::new(name).file_name().is_some_and(|file| file == name);
        match &*folder {
            Some(folder) if plain => File::open(folder.path().join(name)),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

impl ResultsFile {
    pub(super) fn writer(&mut self) -> &mut impl Write {
        &mut self.writer
    }

    /// Creates the file visible.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        let finish = || -> io::Result<File> {
            let file = self.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.persist(&self.to).map_err(|error| error.error)
        };
        finish().map(drop).map_err(|error| task_failure(&error.to_string()))
    }
}

/// Names the file of a task. Names of instances may hold anything, so they are written in hex.
fn file_name(instance: &str, id: i64) -> String {
    let name: String = instance.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{name}-{id}.jsonl")
}
