use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use super::{
    CredentialsFuture, CredentialsProvider, CredentialsUriProvider, EcsRamRoleProvider,
    EnvironmentProvider, FetchContext, OidcRoleProvider, ProfileProvider, SharedFileProvider,
    environment::{ID, SECRET},
    no_credentials,
};
use crate::endpoint::Endpoint;

/// A list of credentials sources, tried in order until one succeeds. The default of every client.
///
/// | | source | reads |
/// | --- | --- | --- |
/// | 1 | [`EnvironmentProvider`] | `ALIBABA_CLOUD_ACCESS_KEY_ID`, `…_SECRET` |
/// | 2 | [`OidcRoleProvider`] | `ALIBABA_CLOUD_ROLE_ARN`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`, `ALIBABA_CLOUD_OIDC_TOKEN_FILE`, if all are set |
/// | 3 | [`ProfileProvider`] | `~/.aliyun/config.json` |
/// | 4 | [`SharedFileProvider`] | `~/.alibabacloud/credentials.ini`, or without `.ini` |
/// | 5 | [`EcsRamRoleProvider`] | the RAM role of the ECS instance |
/// | 6 | [`CredentialsUriProvider`] | `ALIBABA_CLOUD_CREDENTIALS_URI` |
///
/// The order is that of the official SDKs. A source that fails is skipped; if all fail, the error
/// lists every reason. The source that worked last is tried first the next time. If the environment
/// has a key, no file is read.
///
/// ```
/// # use imagesearch_core::{Credentials, credentials::{CredentialsChain, EnvironmentProvider}};
/// let official = CredentialsChain::default();
/// let own = CredentialsChain::new()
///     .with_source("environment", EnvironmentProvider)
///     .with_source("built in", Credentials::access_key("id", "secret"));
/// # let _ = (official, own);
/// ```
#[derive(Clone, Debug)]
pub struct CredentialsChain {
    sources: Vec<(String, Arc<dyn CredentialsProvider>)>,
    /// The source that worked last, shared by clones.
    last: Arc<AtomicUsize>,
}

impl CredentialsChain {
    /// Creates a chain without sources.
    pub fn new() -> Self {
        Self { sources: Vec::new(), last: Arc::new(AtomicUsize::new(usize::MAX)) }
    }

    /// Adds a source; errors refer to it by `name`.
    #[must_use]
    pub fn with_source(
        mut self,
        name: impl Into<String>,
        provider: impl CredentialsProvider + 'static,
    ) -> Self {
        self.sources.push((name.into(), Arc::new(provider)));
        self
    }

    /// Creates the default chain with other hosts for STS and for ECS instance metadata, for tests.
    /// Only loopback hosts may be plain `http://`.
    pub fn with_hosts(sts: Endpoint, metadata: Endpoint) -> Self {
        Self::official(
            OidcRoleProvider::from_environment().with_sts_endpoint(sts.clone()),
            ProfileProvider::new()
                .with_sts_endpoint(sts.clone())
                .with_metadata_endpoint(metadata.clone()),
            SharedFileProvider::new()
                .with_sts_endpoint(sts)
                .with_metadata_endpoint(metadata.clone()),
            EcsRamRoleProvider::new().with_metadata_endpoint(metadata),
        )
    }

    fn official(
        oidc: OidcRoleProvider,
        profile: ProfileProvider,
        shared: SharedFileProvider,
        ecs: EcsRamRoleProvider,
    ) -> Self {
        Self::new()
            .with_source("environment", EnvironmentProvider)
            .with_source("OIDC role", oidc)
            .with_source("CLI profile", profile)
            .with_source("shared file", shared)
            .with_source("ECS RAM role", ecs)
            .with_source("credentials URI", CredentialsUriProvider::from_environment())
    }
}

impl Default for CredentialsChain {
    fn default() -> Self {
        Self::official(
            OidcRoleProvider::from_environment(),
            ProfileProvider::new(),
            SharedFileProvider::new(),
            EcsRamRoleProvider::new(),
        )
    }
}

impl CredentialsProvider for CredentialsChain {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let chain = self.clone();
        Box::pin(async move {
            let last = chain.last.load(Ordering::Relaxed);
            let again = chain.sources.get(last).map(|source| (last, source));
            let others = chain.sources.iter().enumerate().filter(|(index, _)| *index != last);
            let mut causes = Vec::new();
            let mut retryable = false;
            for (index, (name, provider)) in again.into_iter().chain(others) {
                match provider.fetch(context.clone()).await {
                    Ok(credentials) => {
                        chain.last.store(index, Ordering::Relaxed);
                        return Ok(credentials);
                    }
                    Err(error) => {
                        retryable |= error.is_retryable();
                        causes.push((index, format!("{name}: {error:#}")));
                    }
                }
            }
            causes.sort();
            Err(no_credentials("no source has credentials")
                .with_retryable(retryable)
                .with_advice(format!(
                    "set {ID} and {SECRET}, log in with `aliyun configure`, give the machine a RAM \
                     role, or pass credentials to the client"
                ))
                .with_causes(causes.into_iter().map(|(_, cause)| cause).collect()))
        })
    }
}
