use std::str::FromStr;

use clap::Args;

use crate::exit::Failure;

/// The address of an emulator.
#[derive(Args)]
pub(crate) struct At {
    /// The URL of the emulator
    // Parsed later: clap's error message would show a password in the URL.
    #[arg(
        long,
        env = "IMAGESEARCH_EMULATOR",
        hide_env_values = true,
        default_value = "http://127.0.0.1:18443"
    )]
    url: String,
}

impl At {
    /// Parses the URL.
    pub(crate) fn url(&self) -> Result<EmulatorUrl, Failure> {
        self.url.parse().map_err(Failure::usage)
    }
}

/// The URL of an emulator: a scheme, a host and a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EmulatorUrl(String);

impl EmulatorUrl {
    /// Returns the URL without a trailing slash.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns host and port.
    pub(crate) fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// Returns whether the scheme is https.
    pub(crate) fn is_https(&self) -> bool {
        self.0.starts_with("https:")
    }
}

impl FromStr for EmulatorUrl {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = text.strip_suffix('/').unwrap_or(text);
        let authority = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        let fits = authority.and_then(|it| it.rsplit_once(':')).is_some_and(|(host, port)| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
            !host.is_empty() && host.bytes().all(plain) && port.parse::<u16>().is_ok()
        });
        if fits {
            return Ok(Self(url.to_owned()));
        }
        // Not shown, since it may contain a password.
        Err("the URL of the emulator (--url or IMAGESEARCH_EMULATOR) must be http://HOST:PORT or \
             https://HOST:PORT, without a user name, a path or a query")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_have_a_scheme_a_host_and_a_port() {
        for (text, expected) in [
            ("http://127.0.0.1:18443", Some(("127.0.0.1:18443", false))),
            ("https://oss.emulator:1/", Some(("oss.emulator:1", true))),
            ("http://[::1]:80", Some(("[::1]:80", false))),
            ("127.0.0.1:18443", None),
            ("http://127.0.0.1", None),
            ("http://127.0.0.1:70000", None),
            ("http://:80", None),
            ("http://a\":80", None),
            ("http://a/b:80", None),
            ("http://user:password@a:80", None),
            ("", None),
        ] {
            let url = text.parse::<EmulatorUrl>().ok();
            let parts = url.as_ref().map(|it| (it.authority(), it.is_https()));
            assert_eq!(parts, expected, "{text}");
        }
    }
}
