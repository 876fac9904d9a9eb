//! The folder of a durable store: whose it is, and how files come into it.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

/// Says that a folder is ours, and how what is in it is laid out.
const MARKER: &str = "imagesearch-emulator.json";

/// Is locked by the process that uses the folder, and has its id.
const LOCK: &str = "lock";

/// The file of the store.
const STORE: &str = "store.redb";

/// The folder of snapshots.
const SNAPSHOTS: &str = "snapshots";

/// How the names of files begin that are not complete yet.
const INCOMPLETE: &str = ".imagesearch-";

/// How the names of databases end.
const EXTENSION: &str = "redb";

/// The format of the folder that this version reads and writes.
const FORMAT: u32 = 1;

/// A folder that this process alone uses.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Whether it has been in use before: it had a marker when it was opened.
    pub(super) is_ours: bool,
    lock: File,
}

#[derive(Deserialize, Serialize)]
struct Marker {
    format: u32,
}

impl Folder {
    /// Takes a folder into use. One that is empty, or that is not there yet, becomes ours with
    /// [`mark`](Self::mark).
    pub(super) fn open(path: &Path) -> Result<Self, FolderError> {
        let at = |source| FolderError::Io { path: path.to_owned(), source };
        make(path).map_err(at)?;
        let is_ours = is_ours(path)?;
        if !is_ours && !is_empty(path).map_err(at)? {
            return Err(FolderError::Foreign { path: path.to_owned() });
        }
        let this = Self { path: path.to_owned(), is_ours, lock: lock(path)? };
        // Nobody else has the folder now, so what is not complete never will be.
        make(&this.snapshots_folder()).map_err(at)?;
        remove_incomplete(path).map_err(at)?;
        remove_incomplete(&this.snapshots_folder()).map_err(at)?;
        Ok(this)
    }

    /// Creates the folder ours for good, once its store is there: where a marker is and no store, it has
    /// been lost.
    pub(super) fn mark(&self) -> Result<(), FolderError> {
        let path = self.path.join(MARKER);
        let at = |source| FolderError::Io { path: path.clone(), source };
        let marker = serde_json::to_vec(&Marker { format: FORMAT });
        let marker = marker.map_err(|error| at(error.into()))?;
        self.write(&path, |file| file.write_all(&marker).map_err(at))
    }

    /// Names the file of the store.
    pub(super) fn database(&self) -> PathBuf {
        self.path.join(STORE)
    }

    /// Names the file of a snapshot.
    pub(super) fn snapshot(&self, name: &str) -> PathBuf {
        self.snapshots_folder().join(format!("{name}.{EXTENSION}"))
    }

    /// Lists the names of the snapshots.
    pub(super) fn snapshots(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.snapshots_folder())? {
            let file = PathBuf::from(entry?.file_name());
            let name = file.file_stem().and_then(|name| name.to_str());
            if let Some(name) = name.filter(|_| file.extension().is_some_and(|it| it == EXTENSION))
            {
                names.push(name.to_owned());
            }
        }
        names.sort();
        Ok(names)
    }

    /// Makes or replaces a file in one step: it is there as `fill` has left it, or as it was.
    pub(super) fn write<E: From<FolderError>>(
        &self,
        path: &Path,
        fill: impl FnOnce(&mut NamedTempFile) -> Result<(), E>,
    ) -> Result<(), E> {
        let at = |source| FolderError::Io { path: path.to_owned(), source };
        let folder = path.parent().unwrap_or(&self.path);
        let file = tempfile::Builder::new().prefix(INCOMPLETE).tempfile_in(folder);
        let mut file = file.map_err(at)?;
        fill(&mut file)?;
        let persist = || {
            file.as_file().sync_all()?;
            file.persist(path).map_err(|error| error.error)?;
            sync_folder(folder)
        };
        persist().map_err(at)?;
        Ok(())
    }

    /// Lets other processes use the folder.
    pub(super) fn release(&self) {
        // The end of the process releases it anyway.
        let _ = self.lock.unlock();
    }

    fn snapshots_folder(&self) -> PathBuf {
        self.path.join(SNAPSHOTS)
    }
}

/// Reads the marker, if there is one.
fn is_ours(path: &Path) -> Result<bool, FolderError> {
    let text = match fs::read(path.join(MARKER)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(source) => return Err(FolderError::Io { path: path.join(MARKER), source }),
    };
    let marker: Result<Marker, _> = serde_json::from_slice(&text);
    let found = marker.map_err(|_| FolderError::Marker { path: path.join(MARKER) })?.format;
    if found != FORMAT {
        return Err(FolderError::Format { path: path.to_owned(), found });
    }
    Ok(true)
}

/// Returns whether nothing is in a folder but what a start that was cut short leaves behind, and what
/// the system puts into every new volume.
fn is_empty(path: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        let harmless = ["lost+found", LOCK, STORE, SNAPSHOTS].iter().any(|it| name == **it);
        if !harmless && !name.to_string_lossy().starts_with(INCOMPLETE) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn lock(path: &Path) -> Result<File, FolderError> {
    let file = path.join(LOCK);
    let at = |source| FolderError::Io { path: file.clone(), source };
    let mut options = File::options();
    let mut lock =
        options.read(true).write(true).create(true).truncate(false).open(&file).map_err(at)?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let owner = fs::read_to_string(&file).unwrap_or_default();
            let owner = owner.trim().parse().ok();
            return Err(FolderError::InUse { path: path.to_owned(), owner: Owner(owner) });
        }
        Err(TryLockError::Error(source)) => return Err(at(source)),
    }
    lock.set_len(0).map_err(at)?;
    writeln!(lock, "{}", std::process::id()).map_err(at)?;
    Ok(lock)
}

fn remove_incomplete(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(INCOMPLETE) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn make(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    // Pictures are nobody else's business.
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Creates the names of files durable.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Other systems do so by themselves.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Why a folder is unusable.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: io::Error },
    #[error(
        "the folder {} has files that are not an emulator's; choose another, or an empty one",
        path.display()
    )]
    Foreign { path: PathBuf },
    #[error(
        "{} cannot be read; bring the folder back from a copy, or choose another one",
        path.display()
    )]
    Marker { path: PathBuf },
    #[error(
        "the folder {} has format {found} and this version reads {FORMAT}; start the version that \
         wrote it, or choose another folder",
        path.display()
    )]
    Format { path: PathBuf, found: u32 },
    #[error("the folder {} is used by {owner}; stop it, or choose another folder", path.display())]
    InUse { path: PathBuf, owner: Owner },
}

/// The process that uses a folder, as far as it is known.
#[derive(Debug)]
pub(crate) struct Owner(Option<u32>);

impl std::fmt::Display for Owner {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(id) => write!(formatter, "the emulator of process {id}"),
            None => formatter.write_str("another emulator"),
        }
    }
}
