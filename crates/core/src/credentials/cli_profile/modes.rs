use std::sync::Arc;

use serde_json::{Map, Value};

use super::profile::Profile;
use super::token_exchange::{TokenExchange, cloud_sso, oauth};
use crate::{
    credentials::{
        Credentials, CredentialsProvider, CredentialsUriProvider, EcsRamRoleProvider,
        OidcRoleProvider, ProcessProvider, RamRoleArnProvider, hosts::Hosts, issued_key::text,
        no_credentials,
    },
    error::Error,
    suggest,
    values::Timestamp,
};

const MODES: [&str; 14] = [
    "AK",
    "StsToken",
    "BearerToken",
    "RamRoleArn",
    "ChainableRamRoleArn",
    "EcsRamRole",
    "RamRoleArnWithRoleName",
    "OIDC",
    "External",
    "CredentialsURI",
    "CloudSSO",
    "OAuth",
    "RsaKeyPair",
    "Anonymous",
];

/// The profiles of a file.
pub(super) struct Profiles<'a> {
    pub(super) path: &'a str,
    pub(super) list: Vec<&'a Map<String, Value>>,
    pub(super) hosts: &'a Hosts,
    pub(super) now: Timestamp,
}

type Source = Arc<dyn CredentialsProvider>;

impl Profiles<'_> {
    /// Creates the provider that a profile describes.
    pub(super) fn provider(&self, name: &str) -> Result<Source, Error> {
        self.provider_of(name, &mut Vec::new())
    }

    fn provider_of(&self, name: &str, seen: &mut Vec<String>) -> Result<Source, Error> {
        let named = |it: &&&Map<String, Value>| text(it, "name").as_deref() == Some(name);
        let Some(values) = self.list.iter().find(named) else {
            let error = no_credentials(format!("`{}` has no profile `{name}`", self.path));
            let names: Vec<String> = self.list.iter().filter_map(|it| text(it, "name")).collect();
            return Err(match suggest::closest(name, names.iter().map(String::as_str)) {
                Some(meant) => error.with_advice(format!("did you mean `{meant}`?")),
                None => error.with_advice(format!("run `aliyun configure --profile {name}`")),
            });
        };
        let profile = Profile { path: self.path, name, values, hosts: self.hosts, now: self.now };
        if seen.iter().any(|it| it == name) {
            return Err(profile.refuse("is its own source through `source_profile`"));
        }
        seen.push(name.to_owned());
        let mode = profile.required("mode")?;
        let Some(known) = MODES.iter().copied().find(|it| it.eq_ignore_ascii_case(&mode)) else {
            let error = profile.refuse("has an unknown `mode`");
            return Err(match suggest::closest(&mode, MODES.into_iter()) {
                Some(meant) => error.with_advice(format!("did you mean `{meant}`?")),
                None => error.with_advice(format!("the modes are {}", MODES.join(", "))),
            });
        };
        Ok(match known {
            "AK" => Arc::new(profile.access_key()?),
            "StsToken" => Arc::new(profile.stored_key()?),
            "BearerToken" => Arc::new(Credentials::bearer(profile.required("bearer_token")?)),
            "RamRoleArn" => {
                let key = match profile.get("sts_token") {
                    Some(_) => profile.stored_key()?,
                    None => profile.access_key()?,
                };
                Arc::new(profile.role(key)?)
            }
            "ChainableRamRoleArn" => {
                let source = self.provider_of(&profile.required("source_profile")?, seen)?;
                Arc::new(profile.role(source)?)
            }
            "EcsRamRole" => Arc::new(profile.ecs_role()),
            "RamRoleArnWithRoleName" => Arc::new(profile.role(profile.ecs_role())?),
            "OIDC" => Arc::new(profile.oidc_role()?),
            "External" => Arc::new(ProcessProvider::new(profile.required("process_command")?)),
            "CredentialsURI" => match profile.get("credentials_uri") {
                Some(uri) => Arc::new(CredentialsUriProvider::new(uri)),
                None => Arc::new(CredentialsUriProvider::from_environment()),
            },
            "CloudSSO" => {
                profile.login("access_token", "cloud_sso_access_token_expire", cloud_sso)?
            }
            "OAuth" => profile.login("oauth_access_token", "oauth_access_token_expire", oauth)?,
            "RsaKeyPair" => {
                return Err(profile
                    .refuse("is an RSA key pair, which is not supported")
                    .with_advice("use a profile of mode `RamRoleArn`, or an access key (`AK`)"));
            }
            _ => return Err(profile.refuse("is anonymous, which Image Search does not allow")),
        })
    }
}

impl Profile<'_> {
    fn access_key(&self) -> Result<Credentials, Error> {
        let secret = self.required("access_key_secret");
        Ok(Credentials::access_key(self.required("access_key_id")?, secret?))
    }

    /// Returns the temporary key that the profile holds, unless it has expired.
    fn stored_key(&self) -> Result<Credentials, Error> {
        let (id, secret) = (self.required("access_key_id")?, self.required("access_key_secret")?);
        let key = Credentials::sts(id, secret, self.required("sts_token")?);
        match self.time("sts_expiration") {
            Some(expires) if expires <= self.now => Err(self.log_in_again("has an expired key")),
            Some(expires) => Ok(key.with_expiry(expires)),
            None => Ok(key),
        }
    }

    fn role(
        &self,
        source: impl CredentialsProvider + 'static,
    ) -> Result<RamRoleArnProvider, Error> {
        let mut role = RamRoleArnProvider::new(source, self.required("ram_role_arn")?);
        if let Some(name) = self.get("ram_session_name") {
            role = role.with_session_name(name);
        }
        if let Some(duration) = self.duration() {
            role = role.with_duration(duration);
        }
        if let Some(policy) = self.get("policy") {
            role = role.with_policy(policy);
        }
        if let Some(external_id) = self.get("external_id") {
            role = role.with_external_id(external_id);
        }
        if let Some(region) = self.get("sts_region") {
            role = role.with_sts_region(region);
        }
        role.sts.endpoint.clone_from(&self.hosts.sts);
        Ok(role.with_sts_vpc(self.flag("enable_vpc")))
    }

    fn oidc_role(&self) -> Result<OidcRoleProvider, Error> {
        let mut role = OidcRoleProvider::new(
            self.required("ram_role_arn")?,
            self.required("oidc_provider_arn")?,
            self.required("oidc_token_file")?,
        );
        // The CLI writes the first, the official SDKs read the second.
        if let Some(name) = self.get("role_session_name").or_else(|| self.get("ram_session_name")) {
            role = role.with_session_name(name);
        }
        if let Some(duration) = self.duration() {
            role = role.with_duration(duration);
        }
        if let Some(policy) = self.get("policy") {
            role = role.with_policy(policy);
        }
        if let Some(region) = self.get("sts_region") {
            role = role.with_sts_region(region);
        }
        role.sts.endpoint.clone_from(&self.hosts.sts);
        Ok(role.with_sts_vpc(self.flag("enable_vpc")))
    }

    fn ecs_role(&self) -> EcsRamRoleProvider {
        let mut role = EcsRamRoleProvider::new();
        if let Some(name) = self.get("ram_role_name") {
            role = role.with_role_name(name);
        }
        role.endpoint.clone_from(&self.hosts.metadata);
        role
    }

    /// Uses the token of the last login while it is valid, or else the key of the last login.
    fn login(
        &self,
        token: &str,
        expires: &str,
        exchange: fn(&Self, String) -> Result<TokenExchange, Error>,
    ) -> Result<Source, Error> {
        let valid = self.time(expires).is_some_and(|expires| self.now < expires);
        match self.get(token) {
            Some(token) if valid => Ok(Arc::new(exchange(self, token)?)),
            _ if self.get("sts_token").is_some() => Ok(Arc::new(self.stored_key()?)),
            _ => Err(self.log_in_again("has no valid login")),
        }
    }
}
