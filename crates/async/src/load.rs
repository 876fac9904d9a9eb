use std::{env, fs, io, path::PathBuf, process::Command};

use bytes::Bytes;
use imagesearch_core::exchange::{LoadError, Source};

/// How much is read of a credentials file or program.
const LONGEST: usize = 1024 * 1024;

/// Loads what credentials are made of.
pub(crate) fn load(source: Source) -> Result<Bytes, LoadError> {
    let content = match source {
        Source::Environment(name) => {
            env::var_os(name).ok_or(LoadError::NotFound)?.into_encoded_bytes()
        }
        Source::File(path) => fs::read(expand_home(path)).map_err(|error| explain(&error))?,
        Source::Command { arguments } => run(&arguments)?,
        _ => {
            return Err(LoadError::Unreadable("it is of a kind this client does not know".into()));
        }
    };
    if content.len() > LONGEST {
        return Err(LoadError::Unreadable(format!("it is longer than {LONGEST} bytes")));
    }
    Ok(content.into())
}

fn run(arguments: &[String]) -> Result<Vec<u8>, LoadError> {
    let Some((program, arguments)) = arguments.split_first() else {
        return Err(LoadError::NotFound);
    };
    let output = Command::new(program).args(arguments).output().map_err(|error| explain(&error))?;
    if !output.status.success() {
        // What the program wrote stays out of the error: it may be the secret.
        return Err(LoadError::Unreadable(format!("`{program}` ended with {}", output.status)));
    }
    Ok(output.stdout)
}

fn explain(error: &io::Error) -> LoadError {
    match error.kind() {
        io::ErrorKind::NotFound => LoadError::NotFound,
        kind => LoadError::Unreadable(kind.to_string()),
    }
}

fn expand_home(path: String) -> PathBuf {
    match path.strip_prefix("~/").and_then(|rest| Some(env::home_dir()?.join(rest))) {
        Some(expanded) => expanded,
        None => path.into(),
    }
}
