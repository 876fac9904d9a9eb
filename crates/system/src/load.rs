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

/// Loads what credentials are made of: a variable of the environment, a file, or what a program prints.
///
/// It waits for the disk and for the program, up to the limit that comes with it; what is loaded has at
/// most 1 MiB.
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
/// It is not there, too long, no regular file, or the program fails or does not end in time.
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

/// Reads a file; only a regular one, since others may have no end or wait for whoever writes to them.
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
