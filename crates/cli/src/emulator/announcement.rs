//! The announcement that the emulator is ready.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use serde::Serialize;
use tempfile::NamedTempFile;

use crate::{exit::Failure, output};

/// The first line of output, which scripts wait for and parse.
#[derive(Serialize)]
pub(super) struct Announcement<'a> {
    pub(super) url: &'a str,
    pub(super) instance: Option<&'a str>,
    pub(super) access_key_id: Option<&'a str>,
    pub(super) access_key_secret: Option<&'a str>,
    pub(super) ca_file: Option<&'a Path>,
    /// The token of the admin API, if it was generated.
    pub(super) admin_token: Option<&'a str>,
}

impl Announcement<'_> {
    /// Prints the line and writes the file, if there is one.
    pub(super) fn publish(&self, file: Option<&Path>) -> Result<(), Failure> {
        let line = serde_json::to_string(self).map_err(Failure::call)?;
        if let Some(file) = file {
            write(file, &line).map_err(|error| unusable(file, &error))?;
        }
        output::line(&line)
    }
}

/// Removes the file of an earlier emulator.
pub(super) fn withdraw(file: &Path) -> Result<(), Failure> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(unusable(file, &error)),
        _ => Ok(()),
    }
}

/// Writes a file atomically: readers never see a part of it.
fn write(file: &Path, line: &str) -> io::Result<()> {
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    let mut written = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    writeln!(written, "{line}")?;
    written.persist(file).map_err(|error| error.error)?;
    Ok(())
}

fn unusable(file: &Path, error: &io::Error) -> Failure {
    Failure::call(format!("--ready-file {}: {error}", file.display()))
}
