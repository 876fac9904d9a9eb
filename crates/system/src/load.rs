use std::{
    env,
    fs::{self, File},
    io::{self, Read},
};

use bytes::Bytes;
use imagesearch_core::exchange::{LoadError, Source};

use crate::{
    limit::{LONGEST, explain},
    process,
};

/// Loads a source of credentials: an environment variable, a file, or a program's output.
///
/// Blocks on the disk and on the program, up to the program's time limit. Reads at most 1 MiB.
///
/// ```
/// use imagesearch_core::exchange::{LoadError, Source};
///
/// let missing = imagesearch_system::load(Source::File("no/such/file".into()));
/// assert_eq!(missing, Err(LoadError::NotFound));
/// ```
///
/// # Errors
///
/// The source does not exist, is too long or not a regular file, or the program fails or exceeds
/// its time limit.
pub fn load(source: Source) -> Result<Bytes, LoadError> {
    let content = match source {
        Source::Environment(name) => {
            env::var_os(name).ok_or(LoadError::NotFound)?.into_encoded_bytes()
        }
        Source::File(path) => read(&path)?,
        Source::Command { arguments, limit } => process::run(&arguments, limit)?,
    };
    if content.len() > LONGEST {
        return Err(LoadError::Unreadable(format!("it is longer than {LONGEST} bytes")));
    }
    Ok(content.into())
}

/// Reads a regular file; others may be endless or block until something is written.
fn read(path: &str) -> Result<Vec<u8>, LoadError> {
    let unreadable = |error: io::Error| explain(&error);
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(LoadError::Unreadable("it is not a regular file".into()));
    }
    let mut content = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(LONGEST as u64 + 1).read_to_end(&mut content).map_err(unreadable)?;
    Ok(content)
}
