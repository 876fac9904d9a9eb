mod modes;
mod profile;
mod token_exchange;

use serde_json::{Map, Value};

use self::modes::Profiles;
use super::{
    CredentialsFuture, CredentialsProvider, FetchContext,
    files::read_text,
    hosts::{Hosts, file_setters},
    issued_key::{json_object, text},
    no_credentials,
};
const FILE: &str = "~/.aliyun/config.json";

/// Credentials from a profile of the official command line tool, as `aliyun configure` writes them.
///
/// The profile is the one named by `ALIBABA_CLOUD_PROFILE`, or else the file's current one. The
/// file is `~/.aliyun/config.json`; it is not read if `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` is
/// `true`.
///
/// | `mode` | where the key comes from |
/// | --- | --- |
/// | `AK`, `StsToken`, `BearerToken` | the profile |
/// | `RamRoleArn` | STS, with the profile's access key |
/// | `ChainableRamRoleArn` | STS, with the credentials of the profile named by `source_profile` |
/// | `EcsRamRole`, `RamRoleArnWithRoleName` | the ECS instance metadata; for the latter, then STS |
/// | `OIDC` | STS, with the token from a file |
/// | `External` | the output of a program, see [`ProcessProvider`](super::ProcessProvider) |
/// | `CredentialsURI` | a URI, see [`CredentialsUriProvider`](super::CredentialsUriProvider) |
/// | `CloudSSO`, `OAuth` | an exchange of the last login's token while it is valid, or else the last login's key; nothing is written back |
/// | `RsaKeyPair`, `Anonymous` | refused |
///
/// Keep the file private, for example with `chmod 600`.
///
/// ```
/// # use imagesearch_core::credentials::ProfileProvider;
/// let provider = ProfileProvider::new().with_profile("catalogue");
/// # let _ = provider;
/// ```
#[derive(Clone, Debug, Default)]
pub struct ProfileProvider {
    file: Option<String>,
    profile: Option<String>,
    hosts: Hosts,
}

impl ProfileProvider {
    /// Creates a provider for the profile named by the environment, or else the current one.
    pub fn new() -> Self {
        Self::default()
    }

    file_setters!();
}

impl CredentialsProvider for ProfileProvider {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let provider = self.clone();
        Box::pin(async move {
            const DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
            if context.flag(DISABLED).await {
                return Err(no_credentials(format!("{DISABLED} is `true`")));
            }
            let path = provider.file.unwrap_or_else(|| FILE.to_owned());
            let content = read_text(&context, &path).await?;
            let config = json_object(content.as_bytes())
                .map_err(|error| no_credentials(format!("could not read `{path}`: {error}")))?;
            let name = match provider.profile {
                Some(name) => Some(name),
                None => context.variable("ALIBABA_CLOUD_PROFILE").await,
            };
            let name = name.or_else(|| text(&config, "current")).ok_or_else(|| {
                no_credentials(format!("`{path}` has no current profile"))
                    .with_advice("run `aliyun configure`, or set ALIBABA_CLOUD_PROFILE")
            })?;
            let profiles = Profiles {
                path: &path,
                list: profiles(&config),
                hosts: &provider.hosts,
                now: context.now().system,
            };
            let source = profiles.provider(&name)?;
            source.fetch(context.clone()).await
        })
    }
}

fn profiles(config: &Map<String, Value>) -> Vec<&Map<String, Value>> {
    let list = config.get("profiles").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_object).collect()
}
