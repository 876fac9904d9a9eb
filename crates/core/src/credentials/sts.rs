//! STS 2015-04-01, the service that issues temporary keys for roles.

use http::header::{ACCEPT, CONTENT_TYPE};

use super::{
    Credentials, CredentialsKind, FetchContext, FetchRequest,
    issued_key::{PASCAL_CASE, temporary_key},
    no_credentials, request,
};
use crate::{
    api_request::{ApiRequest, RequestBody},
    body::Body,
    encode::form_urlencoded,
    endpoint::Endpoint,
    error::Error,
    operation::Style,
    secret::Secret,
    sign::{SignatureMethod, SigningContext},
    values::Region,
};

const VERSION: &str = "2015-04-01";

/// The STS host to use.
#[derive(Clone, Debug, Default)]
pub(super) struct StsHost {
    /// The host; overrides the other fields.
    pub(super) endpoint: Option<Endpoint>,
    /// The region of the host; by default the one from the environment.
    pub(super) region: Option<String>,
    /// Whether to use the host inside the region's VPC; by default as the environment says.
    pub(super) vpc: bool,
}

impl StsHost {
    async fn resolve(&self, context: &FetchContext) -> Result<Endpoint, Error> {
        if let Some(endpoint) = &self.endpoint {
            if !endpoint.is_encrypted() && !endpoint.is_loopback() {
                let problem =
                    format!("the connection to STS at `{endpoint}` would not be encrypted");
                return Err(no_credentials(problem).with_advice("use https://"));
            }
            return Ok(endpoint.clone());
        }
        let region = match &self.region {
            Some(region) => Some(region.clone()),
            None => context.variable("ALIBABA_CLOUD_STS_REGION").await,
        };
        let Some(region) = region else {
            return Ok(Endpoint::https("sts.aliyuncs.com"));
        };
        let region: Region =
            region.parse().map_err(|error| no_credentials(format!("STS: {error}")))?;
        let vpc = self.vpc || context.flag("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED").await;
        let prefix = if vpc { "sts-vpc" } else { "sts" };
        Ok(Endpoint::https(format!("{prefix}.{region}.aliyuncs.com")))
    }
}

/// Requests a temporary key for a role, signed with other credentials.
///
/// Signed with `ACS3-HMAC-SHA256`, as in the current official SDK of STS: the URL then has no
/// secret, and no second signer is needed.
pub(super) async fn assume_role(
    context: &FetchContext,
    host: &StsHost,
    source: &Credentials,
    form: &[(String, String)],
) -> Result<Credentials, Error> {
    if matches!(source.kind(), CredentialsKind::Bearer { .. }) {
        return Err(
            no_credentials("a bearer token cannot assume a role").with_advice("use an access key")
        );
    }
    let endpoint = host.resolve(context).await?;
    let secrets: Vec<Secret> = source.secrets().cloned().collect();
    let answer = request::object(context, &secrets, |stamp| {
        let request = ApiRequest {
            endpoint: &endpoint,
            method: http::Method::POST,
            style: Style::Rpc,
            action: "AssumeRole",
            version: VERSION,
            query: &[],
            body: RequestBody::Form { fields: form, pictures: &[] },
            signature: SignatureMethod::Acs3HmacSha256,
            extra_headers: &[],
            user_agent: None,
        };
        let signed = request.sign(&SigningContext {
            credentials: source,
            timestamp: stamp.time,
            nonce: Some(&stamp.nonce),
        })?;
        Ok(FetchRequest::new(signed.request))
    })
    .await?;
    read(&answer)
}

/// Requests a temporary key for a role with an OIDC token, which replaces a signature.
pub(super) async fn assume_role_with_oidc(
    context: &FetchContext,
    host: &StsHost,
    token: Secret,
    form: &[(String, String)],
) -> Result<Credentials, Error> {
    let endpoint = host.resolve(context).await?;
    let mut form = form.to_vec();
    form.push(("OIDCToken".to_owned(), token.expose().to_owned()));
    let body = Body::from(form_urlencoded(&form));
    let answer = request::object(context, &[token], |stamp| {
        let query = [
            ("Action", "AssumeRoleWithOIDC".to_owned()),
            ("Format", "JSON".to_owned()),
            ("SignatureNonce", stamp.nonce),
            ("Timestamp", stamp.time.to_signing_date()),
            ("Version", VERSION.to_owned()),
        ];
        let query = form_urlencoded(&query.map(|(name, value)| (name.to_owned(), value)));
        http::Request::post(format!("{endpoint}/?{query}"))
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.clone())
            .map(FetchRequest::new)
            .map_err(|error| Error::config("could not build the request to STS").with_source(error))
    })
    .await?;
    read(&answer)
}

fn read(answer: &serde_json::Map<String, serde_json::Value>) -> Result<Credentials, Error> {
    match answer.get("Credentials").and_then(serde_json::Value::as_object) {
        Some(credentials) => temporary_key(credentials, &PASCAL_CASE).map_err(|error| {
            no_credentials(format!("could not read the response of STS: {error}"))
        }),
        None => Err(no_credentials("the response of STS has no `Credentials`")),
    }
}
