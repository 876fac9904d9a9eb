//! Credentials and their sources.

mod cell;
mod chain;
mod cli_profile;
mod context;
mod credentials_uri;
mod ecs_ram_role;
mod environment;
mod fetch;
mod fetch_request;
mod files;
mod hosts;
mod ini;
mod issued_key;
mod oidc_role;
mod process;
mod provider;
mod ram_role_arn;
mod request;
mod role_session;
mod shared_file;
mod sts;

pub use crate::{
    body::Body,
    io::{Answer, Failure, FailurePhase, LoadError, Now, Source},
    secret::Secret,
};
pub(crate) use cell::{Access, CredentialsCell, Lease};
pub use chain::CredentialsChain;
pub use cli_profile::ProfileProvider;
pub use context::FetchContext;
pub(crate) use context::FetchSettings;
pub use credentials_uri::CredentialsUriProvider;
pub use ecs_ram_role::EcsRamRoleProvider;
pub use environment::EnvironmentProvider;
pub use fetch::CredentialsFetch;
pub use fetch_request::FetchRequest;
pub use oidc_role::OidcRoleProvider;
pub use process::ProcessProvider;
pub use provider::{CredentialsFuture, CredentialsProvider};
pub use ram_role_arn::RamRoleArnProvider;
pub use shared_file::SharedFileProvider;

use std::fmt;

use crate::{
    error::{Error, ErrorKind},
    values::Timestamp,
};

/// An immutable set of credentials.
///
/// ```
/// # use imagesearch_core::Credentials;
/// let credentials = Credentials::sts("id", "very-secret", "token");
/// let printed = format!("{credentials:?}");
/// assert!(!printed.contains("very-secret") && !printed.contains("token\""));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    kind: CredentialsKind,
    expires: Option<Timestamp>,
}

/// The kinds of [`Credentials`].
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum CredentialsKind {
    AccessKey { id: String, secret: Secret, security_token: Option<Secret> },
    Bearer { token: Secret },
}

impl Credentials {
    /// Creates credentials from a long-lived access key.
    pub fn access_key(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::new(CredentialsKind::AccessKey {
            id: id.into(),
            secret: secret.into(),
            security_token: None,
        })
    }

    /// Creates credentials from a temporary access key and its security token.
    pub fn sts(
        id: impl Into<String>,
        secret: impl Into<Secret>,
        security_token: impl Into<Secret>,
    ) -> Self {
        Self::new(CredentialsKind::AccessKey {
            id: id.into(),
            secret: secret.into(),
            security_token: Some(security_token.into()),
        })
    }

    /// Creates credentials from a bearer token.
    pub fn bearer(token: impl Into<Secret>) -> Self {
        Self::new(CredentialsKind::Bearer { token: token.into() })
    }

    /// Sets the expiry. Clients refresh the credentials before it.
    #[must_use]
    pub fn with_expiry(mut self, expires: Timestamp) -> Self {
        self.expires = Some(expires);
        self
    }

    /// Returns the expiry, or `None` if they do not expire.
    pub fn expires(&self) -> Option<Timestamp> {
        self.expires
    }

    /// Returns the access key id; a bearer token has none.
    pub fn access_key_id(&self) -> Option<&str> {
        match &self.kind {
            CredentialsKind::AccessKey { id, .. } => Some(id),
            CredentialsKind::Bearer { .. } => None,
        }
    }

    /// Returns whether both sign with the same key.
    pub(crate) fn has_same_key(&self, other: &Self) -> bool {
        self.kind == other.kind
    }

    pub(crate) fn kind(&self) -> &CredentialsKind {
        &self.kind
    }

    /// Returns the secrets, which must not be printed.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &Secret> + Clone {
        let (secret, token) = match &self.kind {
            CredentialsKind::AccessKey { secret, security_token, .. } => {
                (Some(secret), security_token.as_ref())
            }
            CredentialsKind::Bearer { token } => (None, Some(token)),
        };
        secret.into_iter().chain(token)
    }

    fn new(kind: CredentialsKind) -> Self {
        Self { kind, expires: None }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Credentials");
        match &self.kind {
            CredentialsKind::AccessKey { id, secret, security_token } => debug
                .field("access_key_id", id)
                .field("access_key_secret", secret)
                .field("security_token", security_token),
            CredentialsKind::Bearer { token } => debug.field("bearer_token", token),
        };
        debug.field("expires", &self.expires).finish()
    }
}

/// Creates the error of a source without credentials.
fn no_credentials(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Credentials, message)
}
