//! Patterns of host names: `pictures.example.com`, `*.example.com`, `10.0.0.7`.

use std::net::IpAddr;
use std::str::FromStr;

/// A host, or several with `*` for any characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HostPattern {
    /// The parts between the asterisks, in lower case.
    parts: Vec<String>,
}

/// A malformed host pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a host pattern; use a name or an address without scheme, port and path, with * \
     for any characters, such as *.example.com or 10.0.0.7"
)]
pub(crate) struct MalformedPattern(String);

impl FromStr for HostPattern {
    type Err = MalformedPattern;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare = text.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_*".contains(&byte);
        let fits = !bare.is_empty() && (bare.bytes().all(plain) || bare.parse::<IpAddr>().is_ok());
        if !fits {
            return Err(MalformedPattern(text.to_owned()));
        }
        Ok(Self { parts: bare.split('*').map(str::to_owned).collect() })
    }
}

impl HostPattern {
    /// Returns whether a host fits.
    pub(super) fn matches(&self, host: &str) -> bool {
        let host = bare(host);
        let Some((first, rest)) = self.parts.split_first() else {
            return false;
        };
        let Some((last, middle)) = rest.split_last() else {
            return host == *first;
        };
        let inner = host.strip_prefix(first.as_str()).and_then(|it| it.strip_suffix(last.as_str()));
        let Some(mut inner) = inner else {
            return false;
        };
        middle.iter().all(|part| match inner.find(part.as_str()) {
            Some(at) => {
                inner = inner.split_at(at + part.len()).1;
                true
            }
            None => false,
        })
    }

    /// Returns whether this names an address that is not public: literally, or as `localhost`.
    ///
    /// A name is not enough, since its name server decides where it leads.
    pub(super) fn names_private(&self, host: &str, address: IpAddr) -> bool {
        let [literal] = self.parts.as_slice() else {
            return false;
        };
        bare(host) == *literal
            && (literal.parse() == Ok(address) || literal == "localhost" && address.is_loopback())
    }
}

/// Takes a host as URLs write it: in any case, an IPv6 address in brackets, a dot at the end.
fn bare(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.trim_end_matches('.').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> HostPattern {
        text.parse().unwrap()
    }

    #[test]
    fn hosts_fit_patterns() {
        for (text, host, expected) in [
            ("a.example", "a.example", true),
            ("A.example", "a.EXAMPLE.", true),
            ("a.example", "b.a.example", false),
            ("*.example", "a.b.example", true),
            ("*.example", "example", false),
            ("*.example", "a.example.evil", false),
            ("a*", "abc", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "aXe", false),
            ("aa*aa", "aaa", false),
            ("*", "anything", true),
            ("10.0.0.7", "10.0.0.7", true),
            ("::1", "[::1]", true),
            ("[::1]", "[::1]", true),
        ] {
            assert_eq!(pattern(text).matches(host), expected, "{text} {host}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in ["", "http://a", "a/b", "a:80", "a b", "[]", "*:80"] {
            assert!(text.parse::<HostPattern>().is_err(), "{text}");
        }
    }

    #[test]
    fn private_addresses_are_named_literally_only() {
        for (text, host, address, expected) in [
            ("127.0.0.1", "127.0.0.1", "127.0.0.1", true),
            ("::1", "[::1]", "::1", true),
            ("localhost", "localhost", "127.0.0.1", true),
            ("localhost", "localhost", "10.0.0.1", false),
            ("127.0.0.*", "127.0.0.1", "127.0.0.1", false),
            ("*", "127.0.0.1", "127.0.0.1", false),
            ("a.example", "a.example", "127.0.0.1", false),
            ("127.0.0.1", "a.example", "127.0.0.1", false),
        ] {
            let named = pattern(text).names_private(host, address.parse().unwrap());
            assert_eq!(named, expected, "{text} {host} {address}");
        }
    }
}
