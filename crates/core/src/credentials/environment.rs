use super::{Credentials, CredentialsFuture, CredentialsProvider, FetchContext, no_credentials};

/// Credentials from the environment variables that the official SDKs read.
///
/// | variable | holds |
/// | --- | --- |
/// | `ALIBABA_CLOUD_ACCESS_KEY_ID` | the access key id |
/// | `ALIBABA_CLOUD_ACCESS_KEY_SECRET` | its secret |
/// | `ALIBABA_CLOUD_SECURITY_TOKEN` | the security token of a temporary key; optional |
///
/// ```
/// # use imagesearch_core::credentials::{CredentialsProvider, EnvironmentProvider};
/// let provider: Box<dyn CredentialsProvider> = Box::new(EnvironmentProvider);
/// # drop(provider);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct EnvironmentProvider;

pub(super) const ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
pub(super) const SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
const TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

impl CredentialsProvider for EnvironmentProvider {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        Box::pin(async move {
            let id = context.variable(ID).await;
            let secret = context.variable(SECRET).await;
            let missing = match (id, secret) {
                (Some(id), Some(secret)) => {
                    return Ok(match context.variable(TOKEN).await {
                        Some(token) => Credentials::sts(id, secret, token),
                        None => Credentials::access_key(id, secret),
                    });
                }
                (None, _) => ID,
                (Some(_), None) => SECRET,
            };
            let error = no_credentials(format!("environment variable {missing} is not set"));
            Err(error
                .with_advice(format!("set {ID} and {SECRET}, or pass credentials to the client")))
        })
    }
}
