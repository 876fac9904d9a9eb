use std::time::Duration;

use http::{HeaderValue, Method};

use super::{
    Credentials, CredentialsFuture, CredentialsProvider, FetchContext, FetchRequest,
    issued_key::{PASCAL_CASE, json_object, temporary_key},
    no_credentials,
};
use crate::{
    attempt::classify_answer,
    body::Body,
    endpoint::Endpoint,
    error::{Error, ErrorKind, TimeoutPhase},
    io::Answer,
    secret::Secret,
};

/// The fixed address of the metadata service; requests never leave the machine's host.
const ADDRESS: &str = "http://100.100.100.200";

/// The machine's host responds at once or not at all.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The failures of a machine without a metadata service.
const UNREACHABLE: [ErrorKind; 2] = [ErrorKind::Connect, ErrorKind::Timeout(TimeoutPhase::Connect)];

const KEYS: &str = "/latest/meta-data/ram/security-credentials/";

/// Temporary keys of the ECS instance's RAM role, from its metadata service.
///
/// A token is requested first (version 2 of the service); if there is none, version 1 is used. A
/// request times out after a second, half of it for connecting, and bypasses proxies.
///
/// | variable | means |
/// | --- | --- |
/// | `ALIBABA_CLOUD_ECS_METADATA` | the name of the role; by default the service is asked for it |
/// | `ALIBABA_CLOUD_ECS_METADATA_DISABLED` | `true`: the service is not asked |
/// | `ALIBABA_CLOUD_IMDSV1_DISABLED` | `true`: version 1 is not used |
///
/// ```
/// # use imagesearch_core::credentials::EcsRamRoleProvider;
/// let provider = EcsRamRoleProvider::new().with_role_name("searcher");
/// # let _ = provider;
/// ```
#[derive(Clone, Debug, Default)]
pub struct EcsRamRoleProvider {
    role_name: Option<String>,
    version_1_disabled: bool,
    pub(super) endpoint: Option<Endpoint>,
}

impl EcsRamRoleProvider {
    /// Creates a provider for the role named by the environment or by the metadata service.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the name of the role, which saves a request.
    #[must_use]
    pub fn with_role_name(mut self, name: impl Into<String>) -> Self {
        self.role_name = Some(name.into());
        self
    }

    /// Sets whether to refuse version 1 of the metadata service, which needs no token.
    #[must_use]
    pub fn with_version_1_disabled(mut self, disabled: bool) -> Self {
        self.version_1_disabled = disabled;
        self
    }

    /// Sets the host, for tests. Only a loopback host may be plain `http://`.
    #[must_use]
    pub fn with_metadata_endpoint(mut self, endpoint: Endpoint) -> Self {
        self.endpoint = Some(endpoint);
        self
    }
}

impl CredentialsProvider for EcsRamRoleProvider {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let provider = self.clone();
        Box::pin(async move {
            const DISABLED: &str = "ALIBABA_CLOUD_ECS_METADATA_DISABLED";
            if context.flag(DISABLED).await {
                return Err(no_credentials(format!("{DISABLED} is `true`")));
            }
            let service = Service { base: provider.base()?, token: None };
            let version_2_only =
                provider.version_1_disabled || context.flag("ALIBABA_CLOUD_IMDSV1_DISABLED").await;
            let service = service.with_token(&context, version_2_only).await?;
            let role = match provider.role_name {
                Some(name) => Some(name),
                None => context.variable("ALIBABA_CLOUD_ECS_METADATA").await,
            };
            let role = match role {
                Some(name) => name,
                None => service.role_name(&context).await?,
            };
            service.key(&context, &role).await
        })
    }
}

impl EcsRamRoleProvider {
    fn base(&self) -> Result<String, Error> {
        match &self.endpoint {
            None => Ok(ADDRESS.to_owned()),
            Some(endpoint)
                if endpoint.is_encrypted()
                    || endpoint.is_loopback()
                    || endpoint.to_string() == ADDRESS =>
            {
                Ok(endpoint.to_string())
            }
            Some(endpoint) => Err(no_credentials(format!(
                "the metadata endpoint `{endpoint}` is not encrypted; only {ADDRESS} and loopback \
                 hosts may be"
            ))),
        }
    }
}

/// The metadata service.
struct Service {
    base: String,
    /// The token of version 2.
    token: Option<Secret>,
}

impl Service {
    /// Requests a token. Without one, version 1 is used if that is allowed.
    async fn with_token(
        mut self,
        context: &FetchContext,
        version_2_only: bool,
    ) -> Result<Self, Error> {
        let mut request = self.request(Method::PUT, "/latest/api/token")?;
        let ttl = HeaderValue::from_static("21600");
        request.request.headers_mut().insert("x-aliyun-ecs-metadata-token-ttl-seconds", ttl);
        let problem = match context.send(request).await {
            Ok(answer) if answer.status().is_success() => {
                let token = text(&answer).filter(|token| HeaderValue::from_str(token).is_ok());
                self.token = token.map(Secret::from);
                "its token is unreadable".to_owned()
            }
            Ok(answer) => format!("it answered HTTP {}", answer.status().as_u16()),
            // Connection refused: version 1 cannot answer either.
            Err(error) if UNREACHABLE.contains(&error.kind()) => {
                let error = error.for_credentials();
                return Err(error.with_advice("this is probably not an ECS instance"));
            }
            Err(error) => format!("{error:#}"),
        };
        if self.token.is_none() && version_2_only {
            return Err(no_credentials(format!(
                "the metadata service returned no token, and version 1 is disabled: {problem}"
            )));
        }
        Ok(self)
    }

    async fn role_name(&self, context: &FetchContext) -> Result<String, Error> {
        let answer = self.get(context, KEYS).await?;
        if answer.status() == http::StatusCode::NOT_FOUND {
            return Err(no_credentials("the ECS instance has no RAM role")
                .with_advice("attach a role to the instance"));
        }
        if !answer.status().is_success() {
            let status = answer.status().as_u16();
            return Err(no_credentials(format!("the metadata service answered HTTP {status}")));
        }
        text(&answer).ok_or_else(|| no_credentials("the metadata service returned no RAM role"))
    }

    async fn key(&self, context: &FetchContext, role: &str) -> Result<Credentials, Error> {
        let allowed = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '_' | '-');
        if !(1..=64).contains(&role.len()) || !role.chars().all(allowed) || role.starts_with('.') {
            // The name is not shown: an impostor of the metadata service may have sent a key.
            return Err(no_credentials(
                "the name of the RAM role is invalid; use 1 to 64 letters, digits and `._-`",
            ));
        }
        let answer = self.get(context, &format!("{KEYS}{role}")).await?;
        if answer.status() == http::StatusCode::NOT_FOUND {
            return Err(no_credentials(format!("the ECS instance has no RAM role `{role}`")));
        }
        classify_answer(&answer, self.token.iter())
            .map_err(|failed| failed.error.for_credentials())?;
        let object = json_object(answer.body())?;
        temporary_key(&object, &PASCAL_CASE).map_err(|error| {
            no_credentials(format!("could not read the response of the metadata service: {error}"))
        })
    }

    async fn get(&self, context: &FetchContext, path: &str) -> Result<Answer, Error> {
        let mut request = self.request(Method::GET, path)?;
        let token = self.token.as_ref().and_then(|it| HeaderValue::from_str(it.expose()).ok());
        if let Some(mut token) = token {
            token.set_sensitive(true);
            request.request.headers_mut().insert("x-aliyun-ecs-metadata-token", token);
        }
        context.send(request).await.map_err(Error::for_credentials)
    }

    fn request(&self, method: Method, path: &str) -> Result<FetchRequest, Error> {
        let request = http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .body(Body::default())
            .map_err(|_| Error::config("could not build the request for metadata"))?;
        Ok(FetchRequest::new(request).with_timeout(TIMEOUT).bypassing_proxy())
    }
}

/// Returns the first line of a response.
fn text(answer: &Answer) -> Option<String> {
    let text = std::str::from_utf8(answer.body()).ok()?;
    let line = text.trim().lines().next()?.trim();
    (!line.is_empty()).then(|| line.to_owned())
}
