use core::net::{Ipv4Addr, Ipv6Addr};

use http::{Uri, header::ACCEPT, uri::Scheme};
use percent_encoding::percent_decode_str;

use super::{
    CredentialsFetch, CredentialsProvider, FetchRequest,
    issued_key::{PASCAL_CASE, temporary_key},
    no_credentials, request,
    script::Script,
};
use crate::{body::Body, endpoint::Endpoint, error::Error, secret::Secret};

const VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

/// In bytes; what is shorter, such as a version, may be read in what the host says.
const SHORTEST_SECRET: usize = 8;

/// Temporary keys from a URI, which a program beside this one serves.
///
/// The answer is a JSON object with `AccessKeyId`, `AccessKeySecret`, `SecurityToken` and
/// `Expiration`. Plain `http://` is allowed on this machine and on its link alone: whoever listens
/// would have the key. The query of the URI may be a secret: neither `Debug` nor errors show the URI,
/// and values of its query, of 8 bytes and more, are redacted in what the host says.
///
/// ```
/// use imagesearch_core::credentials::CredentialsUriProvider;
///
/// let provider = CredentialsUriProvider::new("http://127.0.0.1:6666/key");
/// # let _ = provider;
/// ```
#[derive(Clone, Debug, Default)]
pub struct CredentialsUriProvider {
    uri: Option<Secret>,
    insecure_http: bool,
}

impl CredentialsUriProvider {
    /// Takes the URI, which is checked when the first key is needed.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: Some(Secret::from(uri.into())), ..Self::default() }
    }

    /// Takes the URI of the variable `ALIBABA_CLOUD_CREDENTIALS_URI`.
    pub fn from_environment() -> Self {
        Self::default()
    }

    /// Allows `http://` for hosts other than this machine and its link.
    #[must_use]
    pub fn with_insecure_http(mut self, allow: bool) -> Self {
        self.insecure_http = allow;
        self
    }
}

impl CredentialsProvider for CredentialsUriProvider {
    fn fetch(&self) -> Box<dyn CredentialsFetch> {
        let provider = self.clone();
        Script::start(|io| async move {
            let uri = match provider.uri {
                Some(uri) => uri,
                None => io.variable(VARIABLE).await.map(Secret::from).ok_or_else(|| {
                    no_credentials(format!("the environment variable {VARIABLE} is not set"))
                })?,
            };
            let (uri, near) = check(uri.expose(), provider.insecure_http)?;
            let answer = request::object(&io, &secrets(&uri), |_| {
                let request = http::Request::get(uri.clone())
                    .header(ACCEPT, "application/json")
                    .body(Body::default())
                    .map_err(|_| Error::config("the request for credentials cannot be built"))?;
                let request = FetchRequest::new(request);
                Ok(if near { request.directly() } else { request })
            })
            .await?;
            temporary_key(&answer, &PASCAL_CASE).map_err(|error| {
                no_credentials(format!("the answer of the credentials URI cannot be read: {error}"))
            })
        })
    }
}

/// Checks a URI that keys come from, and tells whether it is on this machine or its link.
///
/// The error does not show the URI, since its query may be a secret.
pub(super) fn check(text: &str, insecure_http: bool) -> Result<(Uri, bool), Error> {
    let refuse = |why: &str| {
        no_credentials(format!("the URI of credentials {why}"))
            .with_advice("it looks like `http://127.0.0.1:6666/key` or `https://host/path`")
    };
    let uri: Uri = text.trim().parse().map_err(|_| refuse("is malformed"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
        return Err(refuse("has no scheme or no host"));
    };
    if authority.as_str().contains('@') {
        return Err(refuse("has a user name, which is not sent"));
    }
    let host: Endpoint =
        format!("https://{authority}").parse().map_err(|_| refuse("has a malformed host"))?;
    let near = host.is_loopback() || is_link_local(host.host());
    if *scheme == Scheme::HTTP {
        if !near && !insecure_http {
            return Err(refuse("would be reached without encryption"));
        }
    } else if *scheme != Scheme::HTTPS {
        return Err(refuse("has another scheme than http and https"));
    }
    Ok((uri, near))
}

/// Lists the values in the query of a URI, as they are written and as they are meant.
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

fn is_link_local(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse().is_ok_and(|address: Ipv4Addr| address.is_link_local())
        || host.parse().is_ok_and(|address: Ipv6Addr| address.is_unicast_link_local())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allows_plain_http_only_nearby() {
        for (uri, near, insecure) in [
            ("https://example.com/key?token=testsecret", Some(false), Some(false)),
            ("http://127.0.0.1:6666/key", Some(true), Some(true)),
            ("http://localhost/key", Some(true), Some(true)),
            ("http://[::1]:1/", Some(true), Some(true)),
            ("http://169.254.170.2/key", Some(true), Some(true)),
            ("http://[fe80::1]/key", Some(true), Some(true)),
            ("http://example.com/key?token=testsecret", None, Some(false)),
            ("http://10.0.0.1/key", None, Some(false)),
            ("http://127.0.0.1.example.com/", None, Some(false)),
            ("http://localhost@example.com/testsecret", None, None),
            ("ftp://127.0.0.1/testsecret", None, None),
            ("file:///testsecret", None, None),
            ("/testsecret", None, None),
            ("127.0.0.1:80", None, None),
            ("", None, None),
            ("http://exa mple.com/testsecret", None, None),
        ] {
            for (insecure_http, expected) in [(false, near), (true, insecure)] {
                let checked = check(uri, insecure_http);
                if let Err(error) = &checked {
                    assert!(!error.to_string().contains("testsecret"), "{error}");
                }
                assert_eq!(checked.ok().map(|(_, near)| near), expected, "{uri} {insecure_http}");
            }
        }
    }
}
