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

/// How long a program may take, if the call has as much time left.
const LIMIT: Duration = Duration::from_secs(10);

/// Temporary keys that do not say when they end are asked for again after the shortest life that STS
/// gives.
const UNKNOWN_LIFE: Duration = Duration::from_secs(900);

/// Keys that a program prints, as the CLI's mode `External` has it.
///
/// The program prints a JSON object with `mode` (`AK` or `StsToken`), `access_key_id`,
/// `access_key_secret`, and for the latter `sts_token`; it may add `expiration`. It must end within
/// 10 seconds and print at most 1 MiB. What it prints is in no error; what it writes to its standard
/// error goes where this program's does.
///
/// The command is split into words at blanks, and no shell sees it: single and double quotes keep
/// blanks together, and a backslash takes the next character as it is, except on Windows, where it
/// separates folders. Variables, `~`, `*` and pipes mean nothing. `Debug` does not show the command,
/// since one of its arguments may be a secret; errors name the program alone.
///
/// ```
/// use imagesearch_core::credentials::ProcessProvider;
///
/// let provider = ProcessProvider::new("vault-key --role 'image search'");
/// # let _ = provider;
/// ```
#[derive(Clone, Debug)]
pub struct ProcessProvider {
    command: Secret,
}

impl ProcessProvider {
    /// Takes the command, which is run whenever a key is needed.
    pub fn new(command: impl Into<String>) -> Self {
        Self { command: Secret::from(command.into()) }
    }
}

impl CredentialsProvider for ProcessProvider {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let command = self.command.clone();
        Box::pin(async move {
            let arguments = split(command.expose(), cfg!(windows))
                .map_err(|why| no_credentials(format!("the command for credentials {why}")))?;
            let program = arguments.first().cloned().unwrap_or_default();
            let limit = LIMIT.min(context.deadline().saturating_sub(context.now().monotonic));
            let printed =
                context.load(Source::Command { arguments, limit }).await.map_err(|error| {
                    no_credentials(match error {
                        LoadError::NotFound => format!("there is no program `{program}`"),
                        error => format!("the program `{program}` gave no credentials: {error}"),
                    })
                })?;
            let unreadable =
                |error| no_credentials(format!("what `{program}` printed cannot be read: {error}"));
            let object = json_object(&printed).map_err(unreadable)?;
            let mode = text(&object, "mode");
            let lasting = mode.as_deref().is_none_or(|mode| mode.eq_ignore_ascii_case("AK"));
            let temporary = mode.is_some_and(|mode| mode.eq_ignore_ascii_case("StsToken"));
            if !lasting && !temporary {
                return Err(no_credentials(format!(
                    "`{program}` printed a key of another mode than `AK` and `StsToken`"
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
