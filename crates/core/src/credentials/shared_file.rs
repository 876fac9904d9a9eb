use std::{collections::BTreeMap, sync::Arc};

use super::{
    Credentials, CredentialsFuture, CredentialsProvider, EcsRamRoleProvider, FetchContext,
    OidcRoleProvider, RamRoleArnProvider,
    files::try_read_text,
    hosts::{Hosts, file_setters},
    ini::Ini,
    no_credentials,
    role_session::RoleSession,
};
use crate::{error::Error, suggest};

const FILE_VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_FILE";
const FILES: [&str; 2] = ["~/.alibabacloud/credentials.ini", "~/.alibabacloud/credentials"];
const TYPES: [&str; 5] =
    ["access_key", "ram_role_arn", "oidc_role_arn", "ecs_ram_role", "rsa_key_pair"];

/// Credentials from the INI file that the official SDKs share.
///
/// The file is `ALIBABA_CLOUD_CREDENTIALS_FILE`, or else `~/.alibabacloud/credentials.ini`, or else
/// `~/.alibabacloud/credentials`. The section is `ALIBABA_CLOUD_PROFILE`, or else `default`.
///
/// | `type` | keys |
/// | --- | --- |
/// | `access_key` | `access_key_id`, `access_key_secret` |
/// | `ram_role_arn` | the same, and `role_arn`; `role_session_name`, `policy` |
/// | `oidc_role_arn` | `role_arn`, `oidc_provider_arn`, `oidc_token_file_path`; `role_session_name`, `policy` |
/// | `ecs_ram_role` | `role_name`, optional |
/// | `rsa_key_pair` | refused: RSA signatures are not supported |
///
/// Keep the file private, for example with `chmod 600`.
///
/// ```
/// # use imagesearch_core::credentials::SharedFileProvider;
/// let provider = SharedFileProvider::new().with_profile("catalogue");
/// # let _ = provider;
/// ```
#[derive(Clone, Debug, Default)]
pub struct SharedFileProvider {
    file: Option<String>,
    profile: Option<String>,
    hosts: Hosts,
}

impl SharedFileProvider {
    /// Creates a provider for the file and section named by the environment, or the defaults.
    pub fn new() -> Self {
        Self::default()
    }

    file_setters!();
}

impl CredentialsProvider for SharedFileProvider {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let provider = self.clone();
        Box::pin(async move {
            let file = match provider.file {
                Some(file) => Some(file),
                None => context.variable(FILE_VARIABLE).await,
            };
            let candidates = match file {
                Some(file) => vec![file],
                None => FILES.map(str::to_owned).to_vec(),
            };
            let mut found = None;
            for path in &candidates {
                if let Some(text) = try_read_text(&context, path).await? {
                    found = Some((path, text));
                    break;
                }
            }
            let Some((path, text)) = found else {
                return Err(no_credentials(format!(
                    "no such file: `{}`",
                    candidates.join("` or `")
                )));
            };
            let ini = Ini::parse(&text).map_err(|line| {
                no_credentials(format!(
                    "line {line} of `{path}` is neither `[section]` nor `key = value` in a section"
                ))
            })?;
            let profile = match provider.profile {
                Some(name) => Some(name),
                None => context.variable("ALIBABA_CLOUD_PROFILE").await,
            };
            let profile = profile.unwrap_or_else(|| "default".to_owned());
            let Some(section) = ini.section(&profile) else {
                let error = no_credentials(format!("`{path}` has no section `[{profile}]`"));
                return Err(match suggest::closest(&profile, ini.names()) {
                    Some(meant) => error.with_advice(format!("did you mean `{meant}`?")),
                    None => error,
                });
            };
            let section = Section { path, profile: &profile, values: section };
            let source = section.provider(&provider.hosts)?;
            source.fetch(context.clone()).await
        })
    }
}

/// One section of a file.
struct Section<'a> {
    path: &'a str,
    profile: &'a str,
    values: &'a BTreeMap<String, String>,
}

impl Section<'_> {
    fn provider(&self, hosts: &Hosts) -> Result<Arc<dyn CredentialsProvider>, Error> {
        let kind = self.required("type")?;
        Ok(match kind {
            "access_key" => Arc::new(self.access_key()?),
            "ram_role_arn" => {
                let mut role =
                    RamRoleArnProvider::new(self.access_key()?, self.required("role_arn")?);
                role.session = self.session();
                role.sts.endpoint.clone_from(&hosts.sts);
                Arc::new(role)
            }
            "oidc_role_arn" => {
                let mut role = OidcRoleProvider::new(
                    self.required("role_arn")?,
                    self.required("oidc_provider_arn")?,
                    self.required("oidc_token_file_path")?,
                );
                role.session = self.session();
                role.sts.endpoint.clone_from(&hosts.sts);
                Arc::new(role)
            }
            "ecs_ram_role" => {
                let mut role = EcsRamRoleProvider::new();
                if let Some(name) = self.get("role_name") {
                    role = role.with_role_name(name);
                }
                role.endpoint.clone_from(&hosts.metadata);
                Arc::new(role)
            }
            "rsa_key_pair" => {
                return Err(self
                    .refuse("is an RSA key pair, which is not supported")
                    .with_advice("use a role of type `ram_role_arn`, or an `access_key`"));
            }
            // The value is not shown: if lines ran together, it may contain the secret.
            other => {
                let error = self.refuse("has an unknown `type`");
                return Err(match suggest::closest(other, TYPES.into_iter()) {
                    Some(meant) => error.with_advice(format!("did you mean `{meant}`?")),
                    None => error.with_advice(format!("the types are {}", TYPES.join(", "))),
                });
            }
        })
    }

    fn session(&self) -> RoleSession {
        RoleSession {
            name: self.get("role_session_name").map(str::to_owned),
            policy: self.get("policy").map(str::to_owned),
            ..RoleSession::default()
        }
    }

    fn access_key(&self) -> Result<Credentials, Error> {
        let (id, secret) = (self.required("access_key_id")?, self.required("access_key_secret")?);
        Ok(Credentials::access_key(id, secret))
    }

    fn required(&self, key: &str) -> Result<&str, Error> {
        self.get(key).ok_or_else(|| self.refuse(&format!("has no `{key}`")))
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn refuse(&self, why: &str) -> Error {
        no_credentials(format!("section `[{}]` of `{}` {why}", self.profile, self.path))
    }
}
