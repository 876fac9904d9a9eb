//! STS 2015-04-01, the service that issues temporary keys for roles.

use super::{
    Credentials, CredentialsKind, FetchContext, FetchRequest,
    issued_key::{PASCAL_CASE, temporary_key},
    no_credentials, request,
};
use crate::{
    endpoint::Endpoint,
    error::Error,
    operation::Style,
    secret::Secret,
    sign::{SignatureMethod, SigningContext, SigningInstructions, sign},
    values::Region,
    wire::{WireBody, WireRequest},
};

const VERSION: &str = "2015-04-01";

const ASSUME_ROLE_WITH_OIDC: &str = "AssumeRoleWithOIDC";

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
    form: &[(&'static str, String)],
) -> Result<Credentials, Error> {
    if matches!(source.kind(), CredentialsKind::Bearer { .. }) {
        return Err(
            no_credentials("a bearer token cannot assume a role").with_advice("use an access key")
        );
    }
    let endpoint = host.resolve(context).await?;
    let secrets: Vec<Secret> = source.secrets().cloned().collect();
    let request = wire_request(endpoint, "AssumeRole", form);
    let answer = request::object(context, &secrets, |stamp| {
        let context = SigningContext::new(source, stamp.time).with_nonce(&stamp.nonce);
        let signed = sign(SignatureMethod::Acs3HmacSha256, &request, &context);
        signed.apply(&request).map(FetchRequest::new)
    })
    .await?;
    read(&answer)
}

/// Requests a temporary key for a role with an OIDC token, which replaces a signature.
pub(super) async fn assume_role_with_oidc(
    context: &FetchContext,
    host: &StsHost,
    token: Secret,
    form: &[(&'static str, String)],
) -> Result<Credentials, Error> {
    let endpoint = host.resolve(context).await?;
    let mut form = form.to_vec();
    form.push(("OIDCToken", token.expose().to_owned()));
    let mut request = wire_request(endpoint, ASSUME_ROLE_WITH_OIDC, &form);
    // Unsigned requests name the operation in the query alone.
    request.headers.retain(|(name, _)| !name.starts_with("x-acs-"));
    let answer = request::object(context, &[token], |stamp| {
        let mut request = request.clone();
        request.add_query("Action", ASSUME_ROLE_WITH_OIDC);
        request.add_query("Format", "JSON");
        request.add_query("SignatureNonce", stamp.nonce);
        request.add_query("Timestamp", stamp.time.to_signing_date());
        request.add_query("Version", VERSION);
        SigningInstructions::unsigned(&request).apply(&request).map(FetchRequest::new)
    })
    .await?;
    read(&answer)
}

/// Creates a request with a form, without what an attempt adds.
fn wire_request(
    endpoint: Endpoint,
    action: &'static str,
    form: &[(&'static str, String)],
) -> WireRequest {
    let mut request = WireRequest::new(endpoint, http::Method::POST, Style::Rpc, action, VERSION);
    request.body = WireBody::form(form.iter().cloned());
    request
}

fn read(answer: &serde_json::Map<String, serde_json::Value>) -> Result<Credentials, Error> {
    match answer.get("Credentials").and_then(serde_json::Value::as_object) {
        Some(credentials) => temporary_key(credentials, &PASCAL_CASE).map_err(|error| {
            no_credentials(format!("could not read the response of STS: {error}"))
        }),
        None => Err(no_credentials("the response of STS has no `Credentials`")),
    }
}
