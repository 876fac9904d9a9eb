use std::{fmt, str::FromStr};

use core::net::{Ipv4Addr, Ipv6Addr};

use serde::Deserialize;

use crate::{
    secret::REDACTED,
    values::{InvalidValue, text_form::text_form},
};

/// Where requests go: scheme, host and port.
///
/// ```
/// # use imagesearch_core::client::Endpoint;
/// let endpoint: Endpoint = "imagesearch.cn-shanghai.aliyuncs.com".parse()?;
/// assert_eq!(endpoint.to_string(), "https://imagesearch.cn-shanghai.aliyuncs.com");
/// let local: Endpoint = "http://127.0.0.1:8080".parse()?;
/// assert!(local.is_loopback() && !local.is_encrypted());
/// # Ok::<(), imagesearch_core::values::InvalidValue>(())
/// ```
///
/// In configuration files it is a string of the same form, with its scheme.
///
/// ```
/// # use imagesearch_core::client::Endpoint;
/// let local: Endpoint = serde_json::from_str(r#""http://127.0.0.1:8080""#)?;
/// assert_eq!(serde_json::to_string(&local)?, r#""http://127.0.0.1:8080""#);
/// assert!(serde_json::from_str::<Endpoint>(r#""ftp://127.0.0.1""#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Endpoint {
    encrypted: bool,
    host: String,
    port: Option<u16>,
}

impl Endpoint {
    /// Creates an endpoint with HTTPS at the default port.
    pub(crate) fn https(host: impl Into<String>) -> Self {
        Self { encrypted: true, host: host.into(), port: None }
    }

    /// Returns the host, without the port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns whether the scheme is `https`.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Returns whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || host.ends_with(".localhost")
            || host.parse().is_ok_and(|address: Ipv4Addr| address.is_loopback())
            || host.parse().is_ok_and(|address: Ipv6Addr| address.is_loopback())
    }

    /// Returns whether the host is loopback or link-local, which no proxy can reach.
    pub(crate) fn is_near(&self) -> bool {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        self.is_loopback()
            || host.parse().is_ok_and(|address: Ipv4Addr| address.is_link_local())
            || host.parse().is_ok_and(|address: Ipv6Addr| address.is_unicast_link_local())
    }

    /// Returns the host with the port, as in the `Host` header.
    pub fn authority(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.clone(),
        }
    }
}

impl FromStr for Endpoint {
    type Err = InvalidValue;

    /// Parses a host, with optional scheme `https://` or `http://` and port.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = |why: &str| {
            InvalidValue::new(format!(
                "endpoint must look like `imagesearch.cn-shanghai.aliyuncs.com` or \
                 `http://127.0.0.1:8080`, not `{}`: {why}",
                without_secrets(text).escape_default()
            ))
        };
        let (encrypted, authority) = match text.split_once("://") {
            None => (true, text),
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            Some(_) => return Err(refuse("the scheme must be https or http")),
        };
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        if authority.contains(['/', '?', '#']) {
            return Err(refuse("it has no path or query"));
        }
        if authority.contains('@') {
            return Err(refuse("it has no user name"));
        }
        let parsed: http::uri::Authority =
            authority.parse().map_err(|_| refuse("it is not a host"))?;
        if parsed.host().is_empty() || parsed.host().contains("..") {
            return Err(refuse("the host has an empty part"));
        }
        let port =
            match authority.get(parsed.host().len()..).and_then(|rest| rest.strip_prefix(':')) {
                Some(port) => Some(port.parse().map_err(|_| refuse("the port is not a number"))?),
                None => None,
            };
        Ok(Self { encrypted, host: parsed.host().to_ascii_lowercase(), port })
    }
}

/// Removes what may be a password or a token: the part before an `@`, and a query.
fn without_secrets(text: &str) -> String {
    let (user, rest) = match text.rsplit_once('@') {
        Some((_, rest)) => (format!("{REDACTED}@"), rest),
        None => (String::new(), text),
    };
    user + rest.split(['?', '#']).next().unwrap_or_default()
}

text_form!(Endpoint);

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.encrypted { "https" } else { "http" };
        write!(formatter, "{scheme}://{}", self.authority())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_hosts_ports_and_schemes() {
        for (text, printed, loopback) in [
            ("a.aliyuncs.com", "https://a.aliyuncs.com", false),
            ("A.aliyuncs.com/", "https://a.aliyuncs.com", false),
            ("a.aliyuncs.com:8443", "https://a.aliyuncs.com:8443", false),
            ("http://localhost:1", "http://localhost:1", true),
            ("http://oss.localhost", "http://oss.localhost", true),
            ("http://127.8.9.1:80", "http://127.8.9.1:80", true),
            ("https://[::1]:80", "https://[::1]:80", true),
            ("http://127.0.0.1.evil.com", "http://127.0.0.1.evil.com", false),
        ] {
            let endpoint: Endpoint = text.parse().unwrap();
            assert_eq!(endpoint.to_string(), printed);
            assert_eq!(endpoint.is_loopback(), loopback, "{text}");
        }
    }

    #[test]
    fn tells_what_is_near() {
        for (text, near) in [
            ("http://127.0.0.1:1", true),
            ("LOCALHOST", true),
            ("http://[::1]:1", true),
            ("http://169.254.170.2", true),
            ("[fe80::1]", true),
            ("http://100.100.100.200", false),
            ("10.0.0.1", false),
            ("169.254.170.2.example.com", false),
            ("[2001:db8::1]", false),
        ] {
            assert_eq!(text.parse::<Endpoint>().unwrap().is_near(), near, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_host() {
        for text in [
            "",
            "ftp://a",
            "https://a/path",
            "a?x",
            "user@a",
            "a b",
            "a:99999",
            "a:",
            "a..b",
            "http://",
        ] {
            assert!(text.parse::<Endpoint>().is_err(), "{text}");
        }
    }

    #[test]
    fn says_what_was_given_without_passwords_and_tokens() {
        for (text, shown) in [
            ("http://user:testsecret@a:1", "`[redacted]@a:1`"),
            ("ftp://a@testsecret@b", "`[redacted]@b`"),
            ("http://user:test?testsecret@a:1", "`[redacted]@a:1`"),
            ("https://a/p?token=testsecret", "`https://a/p`"),
            ("https://a/p?token=testsecret@x", "`[redacted]@x`"),
            ("https://a#testsecret", "`https://a`"),
            ("a b", "`a b`"),
        ] {
            let error = text.parse::<Endpoint>().unwrap_err().to_string();
            assert!(error.contains(shown) && !error.contains("testsecret"), "{error}");
        }
    }
}
