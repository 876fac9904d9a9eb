use std::sync::Arc;

use super::{
    CredentialsFuture, CredentialsProvider, FetchContext,
    role_session::{RoleSession, role_setters},
    sts::{StsHost, assume_role},
};

/// Temporary keys of a role, issued by STS to credentials that may assume it.
///
/// ```
/// use std::time::Duration;
/// # use imagesearch_core::{Credentials, credentials::RamRoleArnProvider};
/// let provider = RamRoleArnProvider::new(
///     Credentials::access_key("id", "secret"),
///     "acs:ram::123456789012****:role/searcher",
/// )
/// .with_session_name("catalogue")
/// .with_duration(Duration::from_secs(900));
/// # let _ = provider;
/// ```
///
/// Settings are checked on the first fetch, before anything is sent. A request is sent up to three
/// times if its failure is transient.
#[derive(Clone, Debug)]
pub struct RamRoleArnProvider {
    source: Arc<dyn CredentialsProvider>,
    role_arn: String,
    pub(super) session: RoleSession,
    pub(super) sts: StsHost,
}

impl RamRoleArnProvider {
    /// Creates a provider for a role and the credentials that assume it.
    pub fn new(source: impl CredentialsProvider + 'static, role_arn: impl Into<String>) -> Self {
        Self {
            source: Arc::new(source),
            role_arn: role_arn.into(),
            session: RoleSession::default(),
            sts: StsHost::default(),
        }
    }

    role_setters!();

    /// Sets the external id that the role's owner requires, 2 to 1224 characters.
    #[must_use]
    pub fn with_external_id(mut self, external_id: impl Into<String>) -> Self {
        self.session.external_id = Some(external_id.into());
        self
    }
}

impl CredentialsProvider for RamRoleArnProvider {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let provider = self.clone();
        Box::pin(async move {
            let form = provider.session.form(&context, &provider.role_arn).await?;
            let source = provider.source.fetch(context.clone()).await?;
            assume_role(&context, &provider.sts, &source, &form).await
        })
    }
}
