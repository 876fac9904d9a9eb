//! The files of a folder.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// How many folders lie in one another at most.
const MAX_DEPTH: usize = 32;

/// Lists the files in a folder and in those below, as paths with slashes, sorted.
///
/// Hidden ones are left out, and links to folders are not followed.
pub(super) fn files(folder: &Path) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    collect(folder, "", MAX_DEPTH, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        // A name that is no text cannot name a picture either.
        let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let name = format!("{prefix}{name}");
        if entry.file_type()?.is_dir() {
            if depth > 0 {
                collect(&entry.path(), &format!("{name}/"), depth - 1, files)?;
            }
        } else if entry.path().is_file() {
            files.push(name);
        }
    }
    Ok(())
}

/// Finds a file below a folder; `None` for a path that could lead out of it.
pub(super) fn inside(folder: &Path, file: &str) -> Option<PathBuf> {
    let file = Path::new(file);
    let plain = file.components().all(|part| matches!(part, Component::Normal(_)));
    (plain && !file.as_os_str().is_empty()).then(|| folder.join(file))
}
