//! Credentials files and the home directory.

use super::{FetchContext, no_credentials};
use crate::{
    error::Error,
    io::{LoadError, Source},
};

/// Reads a file as text. A leading `~/` is the home directory.
pub(super) async fn read_text(context: &FetchContext, path: &str) -> Result<String, Error> {
    match try_read_text(context, path).await? {
        Some(text) => Ok(text),
        None => Err(no_credentials(format!("no such file: `{path}`"))),
    }
}

/// Reads a file as text, if it exists.
pub(super) async fn try_read_text(
    context: &FetchContext,
    path: &str,
) -> Result<Option<String>, Error> {
    let full = expand(context, path).await?;
    let content = match context.load(Source::File(full)).await {
        Ok(content) => content,
        Err(LoadError::NotFound) => return Ok(None),
        Err(error) => {
            return Err(no_credentials(format!("could not read the file `{path}`: {error}")));
        }
    };
    match std::str::from_utf8(&content) {
        Ok(text) => Ok(Some(text.trim_start_matches('\u{feff}').to_owned())),
        Err(_) => Err(no_credentials(format!("the file `{path}` is not UTF-8"))),
    }
}

/// Replaces a leading `~/` with the home directory, taken from environment variables.
async fn expand(context: &FetchContext, path: &str) -> Result<String, Error> {
    let Some(rest) = path.strip_prefix("~/") else {
        return Ok(path.to_owned());
    };
    let home = match context.variable("HOME").await {
        Some(home) => Some(home),
        None => context.variable("USERPROFILE").await,
    };
    match home {
        Some(home) => Ok(format!("{}/{rest}", home.trim_end_matches('/'))),
        None => Err(no_credentials(format!(
            "could not resolve `{path}`: neither HOME nor USERPROFILE is set"
        ))),
    }
}
