//! Files that tasks leave behind, downloaded at signed addresses.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Path as PathOf, State as Shared};
use http::{HeaderMap, Response, StatusCode, Uri, header};
use tempfile::{NamedTempFile, TempDir};

use super::failure;
use crate::answer::{self, Refusal};
use crate::form;
use crate::oss;
use crate::state::State;
use crate::streamed::streamed;

/// Where the files are served; not below the admin API, since a signature opens them.
pub(crate) const RESULTS_ROUTE: &str = "/task-results/{name}";

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
        is_there.then(|| RESULTS_ROUTE.replace("{name}", &name))
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
        create().map_err(|error: io::Error| failure(&error.to_string()))
    }

    /// Removes the file of a task, if it has one.
    pub(super) fn remove(&self, instance: &str, id: i64) {
        let folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = &*folder {
            // A task that failed left none; any other is removed with the folder at the latest.
            let _ = std::fs::remove_file(folder.path().join(file_name(instance, id)));
        }
    }

    fn open(&self, name: &str) -> io::Result<File> {
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

    /// Makes the file visible.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        let finish = || -> io::Result<File> {
            let file = self.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.persist(&self.to).map_err(|error| error.error)
        };
        finish().map(drop).map_err(|error| failure(&error.to_string()))
    }
}

/// Names the file of a task. Names of instances may hold anything, so they are written in hex.
fn file_name(instance: &str, id: i64) -> String {
    let name: String = instance.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("{name}-{id}.jsonl")
}

/// Serves a file to whoever has an address with a signature that is still good.
pub(crate) async fn serve_results(
    Shared(state): Shared<Arc<State>>,
    PathOf(name): PathOf<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    let request_id = state.request_ids.next();
    let query = form::pairs(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let content = || {
        state.oss.check_url(&state.host, uri.path(), &query, state.clock.now())?;
        let open = || {
            let file = state.tasks.results.open(&name)?;
            let length = file.metadata()?.len();
            Ok(streamed(file, length))
        };
        tokio::task::block_in_place(open).map_err(|_: io::Error| oss::no_such_key())
    };
    match content() {
        Ok(content) => answer::response(StatusCode::OK, &request_id, "application/jsonl", content),
        Err(refusal) => {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            oss::injected(&refusal, &request_id, host.unwrap_or_default())
        }
    }
}
