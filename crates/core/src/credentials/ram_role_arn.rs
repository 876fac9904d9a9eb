use std::sync::Arc;

use super::{
    CredentialsFuture, CredentialsProvider, FetchContext,
    role_session::{RoleSession, role_setters},
    sts::{StsHost, assume_role},
};

/// Temporary keys of a role, which STS issues to whoever may take it on.
///
/// ```
/// use std::time::Duration;
/// use imagesearch_core::{Credentials, credentials::RamRoleArnProvider};
///
/// let provider = RamRoleArnProvider::new(
///     Credentials::access_key("id", "secret"),
///     "acs:ram::123456789012****:role/searcher",
/// )
/// .with_session_name("catalogue")
/// .with_duration(Duration::from_secs(900));
/// # let _ = provider;
/// ```
///
/// What is set is checked when the first key is needed, before anything is sent. A request that
/// fails in passing is sent up to three times.
#[derive(Clone, Debug)]
pub struct RamRoleArnProvider {
    source: Arc<dyn CredentialsProvider>,
    role_arn: String,
    pub(super) session: RoleSession,
    pub(super) sts: StsHost,
}

impl RamRoleArnProvider {
    /// Names the role, and the credentials in whose name it is taken on.
    pub fn new(source: impl CredentialsProvider + 'static, role_arn: impl Into<String>) -> Self {
        Self {
            source: Arc::new(source),
            role_arn: role_arn.into(),
            session: RoleSession::default(),
            sts: StsHost::default(),
        }
    }

    role_setters!();

    /// Sets what the owner of the role asks others to name, 2 to 1224 characters.
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
