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

/// Credentials of a profile of the official command line, `aliyun configure`.
///
/// The profile is that of `ALIBABA_CLOUD_PROFILE`, else the file's current one. The file is
/// `~/.aliyun/config.json`; with `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` set to `true` it is not read.
///
/// | `mode` | where the key comes from |
/// | --- | --- |
/// | `AK`, `StsToken`, `BearerToken` | the profile |
/// | `RamRoleArn` | STS, in the name of the profile's access key |
/// | `ChainableRamRoleArn` | STS, in the name of the profile that `source_profile` names |
/// | `EcsRamRole`, `RamRoleArnWithRoleName` | the metadata of the ECS instance; for the latter STS in its name |
/// | `OIDC` | STS, for the token in a file |
/// | `External` | what a program prints, see [`ProcessProvider`](super::ProcessProvider) |
/// | `CredentialsURI` | a URI, see [`CredentialsUriProvider`](super::CredentialsUriProvider) |
/// | `CloudSSO`, `OAuth` | an exchange for the token of the last login while that is valid, else the key of the last login; nothing is written back |
/// | `RsaKeyPair`, `Anonymous` | refused |
///
/// Nobody else should be able to read the file; `chmod 600` sees to that.
///
/// ```
/// use imagesearch_core::credentials::ProfileProvider;
///
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
    /// Takes the profile that the environment names, or the current one.
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
                .map_err(|error| no_credentials(format!("`{path}` cannot be read: {error}")))?;
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
