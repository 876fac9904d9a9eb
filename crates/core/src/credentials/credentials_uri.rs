use http::{Uri, header::ACCEPT, uri::Scheme};
use percent_encoding::percent_decode_str;

use super::{
    CredentialsFuture, CredentialsProvider, FetchContext, FetchRequest,
    issued_key::{PASCAL_CASE, temporary_key},
    no_credentials, request,
};
use crate::{body::Body, endpoint::Endpoint, error::Error, secret::Secret};

const VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

/// In bytes. Shorter values, such as a version, are not redacted.
const SHORTEST_SECRET: usize = 8;

/// Temporary keys from a URI, served by a local program.
///
/// The response must be a JSON object with `AccessKeyId`, `AccessKeySecret`, `SecurityToken` and
/// `Expiration`. Plain `http://` is allowed only for loopback and link-local hosts, since anyone
/// who listens would get the key. The query of the URI may be a secret: neither `Debug` nor errors
/// show the URI, and query values of 8 bytes or more are redacted in the host's messages.
///
/// ```
/// # use imagesearch_core::credentials::CredentialsUriProvider;
/// let provider = CredentialsUriProvider::new("http://127.0.0.1:6666/key");
/// # let _ = provider;
/// ```
#[derive(Clone, Debug, Default)]
pub struct CredentialsUriProvider {
    uri: Option<Secret>,
    insecure_http: bool,
}

impl CredentialsUriProvider {
    /// Creates a provider for the URI, which is checked on the first fetch.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: Some(Secret::from(uri.into())), ..Self::default() }
    }

    /// Creates a provider for the URI in the variable `ALIBABA_CLOUD_CREDENTIALS_URI`.
    pub fn from_environment() -> Self {
        Self::default()
    }

    /// Allows `http://` for hosts that are neither loopback nor link-local.
    #[must_use]
    pub fn with_insecure_http(mut self, allow: bool) -> Self {
        self.insecure_http = allow;
        self
    }
}

impl CredentialsProvider for CredentialsUriProvider {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let provider = self.clone();
        Box::pin(async move {
            let uri = match provider.uri {
                Some(uri) => uri,
                None => context.variable(VARIABLE).await.map(Secret::from).ok_or_else(|| {
                    no_credentials(format!("environment variable {VARIABLE} is not set"))
                })?,
            };
            let uri = check(uri.expose(), provider.insecure_http)?;
            let answer = request::object(&context, &secrets(&uri), |_| {
                http::Request::get(uri.clone())
                    .header(ACCEPT, "application/json")
                    .body(Body::default())
                    .map(FetchRequest::new)
                    .map_err(|_| Error::config("could not build the request for credentials"))
            })
            .await?;
            temporary_key(&answer, &PASCAL_CASE).map_err(|error| {
                no_credentials(format!(
                    "could not read the response of the credentials URI: {error}"
                ))
            })
        })
    }
}

/// Checks a credentials URI.
///
/// The error does not show the URI, since its query may be a secret.
pub(super) fn check(text: &str, insecure_http: bool) -> Result<Uri, Error> {
    let refuse = |why: &str| {
        no_credentials(format!("the credentials URI {why}"))
            .with_advice("use a URI such as `http://127.0.0.1:6666/key` or `https://host/path`")
    };
    let uri: Uri = text.trim().parse().map_err(|_| refuse("is malformed"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return Err(refuse("has no scheme or no host"));
    };
    if authority.as_str().contains('@') {
        return Err(refuse("has a user name, which would not be sent"));
    }
    let host: Endpoint =
        format!("https://{authority}").parse().map_err(|_| refuse("has a malformed host"))?;
    if *scheme == Scheme::HTTP {
        if !host.is_near() && !insecure_http {
            return Err(refuse("would not be encrypted"));
        }
    } else if *scheme != Scheme::HTTPS {
        return Err(refuse("has a scheme other than http and https"));
    }
    Ok(uri)
}

/// Returns the query values of a URI, raw and percent-decoded.
fn secrets(uri: &Uri) -> Vec<Secret> {
    let pairs = uri.query().unwrap_or_default().split('&');
    let values = pairs.map(|pair| pair.split_once('=').map_or(pair, |(_, value)| value));
    let values = values.filter(|value| value.len() >= SHORTEST_SECRET);
    values
        .flat_map(|value| {
            let meant = percent_decode_str(value).decode_utf8_lossy();
            [Secret::from(value), Secret::from(&*meant)]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allows_plain_http_only_nearby() {
        for (uri, secure, insecure) in [
            ("https://example.com/key?token=testsecret", true, true),
            ("http://127.0.0.1:6666/key", true, true),
            ("http://localhost/key", true, true),
            ("http://[::1]:1/", true, true),
            ("http://169.254.170.2/key", true, true),
            ("http://[fe80::1]/key", true, true),
            ("http://example.com/key?token=testsecret", false, true),
            ("http://10.0.0.1/key", false, true),
            ("http://127.0.0.1.example.com/", false, true),
            ("http://localhost@example.com/testsecret", false, false),
            ("ftp://127.0.0.1/testsecret", false, false),
            ("file:///testsecret", false, false),
            ("/testsecret", false, false),
            ("127.0.0.1:80", false, false),
            ("", false, false),
            ("http://exa mple.com/testsecret", false, false),
        ] {
            for (insecure_http, expected) in [(false, secure), (true, insecure)] {
                let checked = check(uri, insecure_http);
                if let Err(error) = &checked {
                    assert!(!error.to_string().contains("testsecret"), "{error}");
                }
                assert_eq!(checked.is_ok(), expected, "{uri} {insecure_http}");
            }
        }
    }
}
