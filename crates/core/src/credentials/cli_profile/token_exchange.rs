use http::{
    HeaderValue, Uri,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::{Value, json};

use super::profile::Profile;
use crate::{
    body::Body,
    credentials::{
        CredentialsFuture, CredentialsProvider, FetchContext, FetchRequest,
        credentials_uri::check,
        issued_key::{PASCAL_CASE, temporary_key},
        no_credentials, request,
    },
    error::Error,
    secret::Secret,
};

/// Temporary keys that a login site issues for the token of a browser login.
#[derive(Clone, Debug)]
pub(super) struct TokenExchange {
    uri: Uri,
    token: Secret,
    /// The body of the request.
    body: Option<String>,
    /// The field of the response with the key, or `None` if the response is the key.
    field: Option<&'static str>,
}

/// Exchanges a CloudSSO login for a key of an account.
pub(super) fn cloud_sso(profile: &Profile<'_>, token: String) -> Result<TokenExchange, Error> {
    let body = json!({
        "AccountId": profile.required("cloud_sso_account_id")?,
        "AccessConfigurationId": profile.required("cloud_sso_access_config")?,
    });
    let sign_in = profile.required("cloud_sso_sign_in_url")?;
    let sign_in = check(&sign_in, false)
        .map_err(|error| profile.refuse(&format!("is not usable: {error}")))?;
    let (scheme, authority) = (sign_in.scheme_str(), sign_in.authority());
    let base = scheme.zip(authority).map(|(scheme, host)| format!("{scheme}://{host}"));
    TokenExchange::new(
        &format!("{}/cloud-credentials", base.unwrap_or_default()),
        token,
        Some(body.to_string()),
        Some("CloudCredential"),
    )
}

/// Exchanges a browser login for a key of its user.
pub(super) fn oauth(profile: &Profile<'_>, token: String) -> Result<TokenExchange, Error> {
    let site = profile.get("oauth_site_type").unwrap_or_else(|| "CN".to_owned());
    let host = match site.to_ascii_uppercase().as_str() {
        "CN" => "oauth.aliyun.com",
        "INTL" => "oauth.alibabacloud.com",
        _ => return Err(profile.refuse("has an `oauth_site_type` other than `CN` and `INTL`")),
    };
    TokenExchange::new(&format!("https://{host}/v1/exchange"), token, None, None)
}

impl TokenExchange {
    fn new(
        uri: &str,
        token: String,
        body: Option<String>,
        field: Option<&'static str>,
    ) -> Result<Self, Error> {
        let uri =
            uri.parse().map_err(|_| no_credentials("the URL of the login site is malformed"))?;
        Ok(Self { uri, token: token.into(), body, field })
    }

    fn request(&self) -> Result<FetchRequest, Error> {
        let mut token = HeaderValue::from_str(&format!("Bearer {}", self.token.expose()))
            .map_err(|_| no_credentials("the login token has control characters"))?;
        token.set_sensitive(true);
        let request = http::Request::post(self.uri.clone())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/json")
            .header(AUTHORIZATION, token)
            .body(self.body.clone().map(Body::from).unwrap_or_default())
            .map_err(|_| Error::config("could not build the request for credentials"))?;
        Ok(FetchRequest::new(request))
    }
}

impl CredentialsProvider for TokenExchange {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let exchange = self.clone();
        Box::pin(async move {
            let secrets = [exchange.token.clone()];
            let answer = request::object(&context, &secrets, |_| exchange.request()).await?;
            let key = match exchange.field {
                Some(field) => answer.get(field).and_then(Value::as_object),
                None => Some(&answer),
            };
            let key = key.ok_or_else(|| no_credentials("the response to the login has no key"))?;
            temporary_key(key, &PASCAL_CASE).map_err(|error| {
                no_credentials(format!("could not read the response to the login: {error}"))
            })
        })
    }
}
