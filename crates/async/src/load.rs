use std::{env, fs, io};

use bytes::Bytes;
use imagesearch_core::exchange::{LoadError, Source};

use crate::process;

/// How much is read of a credentials file or program.
pub(crate) const LONGEST: usize = 1024 * 1024;

/// Loads what credentials are made of.
pub(crate) fn load(source: Source) -> Result<Bytes, LoadError> {
    let content = match source {
        Source::Environment(name) => {
            env::var_os(name).ok_or(LoadError::NotFound)?.into_encoded_bytes()
        }
        Source::File(path) => fs::read(path).map_err(|error| explain(&error))?,
        Source::Command { arguments, limit } => process::run(&arguments, limit)?,
        _ => {
            return Err(LoadError::Unreadable("it is of a kind this client does not know".into()));
        }
    };
    if content.len() > LONGEST {
        return Err(LoadError::Unreadable(format!("it is longer than {LONGEST} bytes")));
    }
    Ok(content.into())
}

pub(crate) fn explain(error: &io::Error) -> LoadError {
    match error.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound,
        kind => LoadError::Unreadable(kind.to_string()),
    }
}
