//! Under which names clients reach the emulator.

use std::net::{Ipv4Addr, SocketAddr};

/// Names an address that a client on this machine reaches, also when every address is listened on.
pub(crate) fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    address
}

/// The host under which clients reach the emulator, in the two parts that SDKs join with a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicHost {
    pub(crate) bucket: String,
    pub(crate) endpoint: String,
}

impl PublicHost {
    /// Splits a host at its first dot; `None` if it has none or is more than a host.
    pub(crate) fn parse(host: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':');
        let (bucket, endpoint) = host.split_once('.')?;
        let parts = [bucket, endpoint];
        let complete = !parts.iter().any(|part| part.is_empty()) && host.bytes().all(plain);
        complete.then(|| Self {
            bucket: bucket.to_ascii_lowercase(),
            endpoint: endpoint.to_ascii_lowercase(),
        })
    }

    /// Returns the host as it was before the split.
    pub(crate) fn authority(&self) -> String {
        format!("{}.{}", self.bucket, self.endpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_split_at_the_first_dot() {
        for (host, expected) in [
            ("127.0.0.1:8080", Some(("127", "0.0.1:8080"))),
            ("OSS.emulator", Some(("oss", "emulator"))),
            ("localhost:8080", None),
            (".emulator", None),
            ("oss.", None),
            ("http://oss.emulator", None),
            ("oss.emulator/path", None),
            ("", None),
        ] {
            let parsed = PublicHost::parse(host);
            let parts = parsed.as_ref().map(|it| (it.bucket.as_str(), it.endpoint.as_str()));
            assert_eq!(parts, expected, "{host}");
        }
    }
}
