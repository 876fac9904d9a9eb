use std::io;

use imagesearch_core::exchange::LoadError;

/// The maximum size of a credentials file or a program's output, in bytes.
pub(crate) const LONGEST: usize = 1024 * 1024;

/// Turns the error of a read into one of a load.
pub(crate) fn explain(error: &io::Error) -> LoadError {
    match error.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound,
        kind => LoadError::Unreadable(kind.to_string()),
    }
}
