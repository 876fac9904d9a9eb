use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Listed, Object, no_such_key, refusal, unreadable};
use crate::service::refusal::Refusal;

/// A folder whose files are the objects of a bucket; their paths below it are the keys.
///
/// Links are followed as long as they stay inside. Keys have been checked before they come here.
#[derive(Debug)]
pub(super) struct Folder {
    /// Without links in it.
    root: PathBuf,
}

impl Folder {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let root = path.canonicalize()?;
        // Fails for what is no folder, or not to be read.
        fs::read_dir(&root)?;
        Ok(Self { root })
    }

    pub(super) fn read(&self, key: &str) -> Result<Object, Refusal> {
        let path = self.inside(&self.root.join(key))?;
        // Anything but a file, a pipe for example, could keep a reader waiting.
        if !path.is_file() {
            return Err(no_such_key());
        }
        let open = || {
            let file = File::open(path)?;
            let size = file.metadata()?.len();
            Ok(Object { content: Box::new(file), size })
        };
        open().map_err(|error| unreadable(&error))
    }

    pub(super) fn put(&self, key: &str, content: &[u8]) -> Result<(), Refusal> {
        let path = self.root.join(key);
        let folder = path.parent().unwrap_or(&self.root);
        // The folders to be made begin below one that exists, which decides where they come to be.
        let existing = folder.ancestors().find(|it| it.symlink_metadata().is_ok());
        self.inside(existing.unwrap_or(&self.root))?;
        let write = || -> io::Result<()> {
            fs::create_dir_all(folder)?;
            let mut file = NamedTempFile::new_in(folder)?;
            file.write_all(content)?;
            // Takes the place of a link, rather than writing to where that leads.
            file.persist(&path).map_err(|error| error.error)?;
            Ok(())
        };
        write().map_err(|error| unreadable(&error))
    }

    pub(super) fn list(&self, prefix: &str) -> Result<Vec<Listed>, Refusal> {
        let mut listed = Vec::new();
        self.collect(&self.root, "", &mut listed).map_err(|error| unreadable(&error))?;
        listed.retain(|it| it.key.starts_with(prefix));
        listed.sort_by(|left, right| left.key.cmp(&right.key));
        Ok(listed)
    }

    /// Lists the files of a folder and of those in it; links to folders are left out, as they may turn
    /// in circles, and so are names that are not UTF-8.
    fn collect(&self, folder: &Path, before: &str, listed: &mut Vec<Listed>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else {
                continue;
            };
            let key = format!("{before}{name}");
            if entry.file_type()?.is_dir() {
                self.collect(&entry.path(), &format!("{key}/"), listed)?;
            } else if let Ok(path) = self.inside(&entry.path())
                && let Ok(metadata) = path.metadata()
                && metadata.is_file()
            {
                listed.push(Listed { key, size: metadata.len() });
            }
        }
        Ok(())
    }

    /// Follows links, and refuses a path that leads out of the folder.
    fn inside(&self, path: &Path) -> Result<PathBuf, Refusal> {
        let path = path.canonicalize().map_err(|error| unreadable(&error))?;
        if path.starts_with(&self.root) {
            return Ok(path);
        }
        Err(refusal(403, "AccessDenied", "The key leads out of the bucket.")
            .because("a link in the folder of the bucket leads out of it"))
    }
}
