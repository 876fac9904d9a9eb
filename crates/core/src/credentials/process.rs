mod words;

use std::time::Duration;

use self::words::split;
use super::{
    CredentialsFuture, CredentialsProvider, FetchContext,
    issued_key::{SNAKE_CASE, any_key, json_object, text},
    no_credentials,
};
use crate::{
    io::{LoadError, Source},
    secret::Secret,
};

/// Upper bound for a program's run time.
const LIMIT: Duration = Duration::from_secs(10);

/// Temporary keys without an expiry are fetched again after the shortest lifetime that STS issues.
const UNKNOWN_LIFE: Duration = Duration::from_secs(900);

/// Keys printed by a program, as in the mode `External` of the CLI.
///
/// The program prints a JSON object with `mode` (`AK` or `StsToken`), `access_key_id`,
/// `access_key_secret`, and for the latter `sts_token`; it may add `expiration`. It must end within
/// 10 seconds and print at most 1 MiB. Errors do not show its output; its standard error is
/// inherited.
///
/// The command is split into words at whitespace, without a shell: single and double quotes group
/// words, and a backslash escapes the next character, except on Windows, where it separates
/// folders. Variables, `~`, `*` and pipes have no meaning. `Debug` does not show the command, since
/// an argument may be a secret; errors show only the program's name.
///
/// ```
/// # use imagesearch_core::credentials::ProcessProvider;
/// let provider = ProcessProvider::new("vault-key --role 'image search'");
/// # let _ = provider;
/// ```
#[derive(Clone, Debug)]
pub struct ProcessProvider {
    command: Secret,
}

impl ProcessProvider {
    /// Creates a provider that runs the command whenever a key is needed.
    pub fn new(command: impl Into<String>) -> Self {
        Self { command: Secret::from(command.into()) }
    }
}

impl CredentialsProvider for ProcessProvider {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let command = self.command.clone();
        Box::pin(async move {
            let arguments = split(command.expose(), cfg!(windows))
                .map_err(|why| no_credentials(format!("the credentials command {why}")))?;
            let program = arguments.first().cloned().unwrap_or_default();
            let limit = LIMIT.min(context.deadline().saturating_sub(context.now().monotonic));
            let printed =
                context.load(Source::Command { arguments, limit }).await.map_err(|error| {
                    no_credentials(match error {
                        LoadError::NotFound => format!("program `{program}` not found"),
                        error => format!("the program `{program}` failed: {error}"),
                    })
                })?;
            let unreadable = |error| {
                no_credentials(format!("could not read the output of `{program}`: {error}"))
            };
            let object = json_object(&printed).map_err(unreadable)?;
            let mode = text(&object, "mode");
            let lasting = mode.as_deref().is_none_or(|mode| mode.eq_ignore_ascii_case("AK"));
            let temporary = mode.is_some_and(|mode| mode.eq_ignore_ascii_case("StsToken"));
            if !lasting && !temporary {
                return Err(no_credentials(format!(
                    "`{program}` printed a key whose mode is neither `AK` nor `StsToken`"
                )));
            }
            let has_token = text(&object, "sts_token").is_some();
            if temporary && !has_token {
                return Err(no_credentials(format!("`{program}` printed no `sts_token`")));
            }
            let key = any_key(&object, &SNAKE_CASE).map_err(unreadable)?;
            Ok(match key.expires() {
                None if has_token => {
                    key.with_expiry(context.now().system.saturating_add(UNKNOWN_LIFE))
                }
                _ => key,
            })
        })
    }
}
