use super::{
    CredentialsFuture, CredentialsProvider, FetchContext,
    files::read_text,
    no_credentials,
    role_session::{RoleSession, role_setters},
    sts::{StsHost, assume_role_with_oidc},
};
use crate::{error::Error, secret::Secret};

const ROLE_ARN: &str = "ALIBABA_CLOUD_ROLE_ARN";
const PROVIDER_ARN: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
const TOKEN_FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";

/// The allowed length of a token, in characters.
const TOKEN_LENGTH: std::ops::RangeInclusive<usize> = 4..=20_000;

/// Temporary keys of a role, issued by STS for an OIDC token (RRSA, roles of Kubernetes service
/// accounts).
///
/// The token file is read on every fetch, since Kubernetes replaces it.
///
/// | variable | holds |
/// | --- | --- |
/// | `ALIBABA_CLOUD_ROLE_ARN` | the ARN of the role |
/// | `ALIBABA_CLOUD_OIDC_PROVIDER_ARN` | the ARN of the OIDC provider |
/// | `ALIBABA_CLOUD_OIDC_TOKEN_FILE` | the path of the token file |
/// | `ALIBABA_CLOUD_ROLE_SESSION_NAME` | the name of the session; optional |
///
/// ```
/// # use imagesearch_core::credentials::OidcRoleProvider;
/// let provider = OidcRoleProvider::from_environment().with_session_name("catalogue");
/// # let _ = provider;
/// ```
#[derive(Clone, Debug)]
pub struct OidcRoleProvider {
    role_arn: Option<String>,
    provider_arn: Option<String>,
    token_file: Option<String>,
    pub(super) session: RoleSession,
    pub(super) sts: StsHost,
}

impl OidcRoleProvider {
    /// Creates a provider for a role, an OIDC provider and a token file.
    pub fn new(
        role_arn: impl Into<String>,
        oidc_provider_arn: impl Into<String>,
        token_file: impl Into<String>,
    ) -> Self {
        Self {
            role_arn: Some(role_arn.into()),
            provider_arn: Some(oidc_provider_arn.into()),
            token_file: Some(token_file.into()),
            ..Self::from_environment()
        }
    }

    /// Creates a provider that reads all three from the environment.
    pub fn from_environment() -> Self {
        Self {
            role_arn: None,
            provider_arn: None,
            token_file: None,
            session: RoleSession::default(),
            sts: StsHost::default(),
        }
    }

    role_setters!();
}

impl CredentialsProvider for OidcRoleProvider {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let provider = self.clone();
        Box::pin(async move {
            let mut missing = Vec::new();
            let mut values = Vec::new();
            for (set, name) in [
                (provider.role_arn, ROLE_ARN),
                (provider.provider_arn, PROVIDER_ARN),
                (provider.token_file, TOKEN_FILE),
            ] {
                let value = match set {
                    Some(value) => Some(value),
                    None => context.variable(name).await,
                };
                match value {
                    Some(value) => values.push(value),
                    None => missing.push(name),
                }
            }
            let [role_arn, provider_arn, token_file] = &*values else {
                let names = missing.join(", ");
                return Err(no_credentials(format!("environment variables not set: {names}")));
            };
            let mut form = provider.session.form(&context, role_arn).await?;
            form.push(("OIDCProviderArn", provider_arn.clone()));
            let token = check(read_text(&context, token_file).await?.trim(), token_file)?;
            assume_role_with_oidc(&context, &provider.sts, token, &form).await
        })
    }
}

fn check(token: &str, file: &str) -> Result<Secret, Error> {
    let length = token.chars().count();
    if !TOKEN_LENGTH.contains(&length) {
        return Err(no_credentials(format!(
            "the OIDC token in `{file}` has {length} characters; 4 to 20000 are allowed"
        )));
    }
    Ok(Secret::from(token))
}
