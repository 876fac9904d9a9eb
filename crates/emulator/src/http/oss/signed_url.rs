//! Signed URLs for downloads with a limited lifetime, as in OSS.

use std::time::Duration;

use imagesearch_core::values::Timestamp;

use super::signer::{ACCESS_KEY_ID, UploadSigner};
use crate::http::gateway::auth::signing::same;
use crate::http::gateway::form::encode;
use crate::service::public_host::PublicHost;
use crate::service::refusal::Refusal;

/// The lifetime of a URL, as documented for exports and batch tasks.
const LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);

impl UploadSigner {
    /// Signs the address of a path on this emulator.
    pub(crate) fn sign_url(&self, host: &PublicHost, path: &str, now: Timestamp) -> String {
        let expires = now.saturating_add(LIFETIME).as_millisecond().div_euclid(1_000);
        let signature = self.sign(&string_to_sign(host, path, &expires.to_string()));
        format!(
            "http://{}{path}?Expires={expires}&OSSAccessKeyId={ACCESS_KEY_ID}&Signature={}",
            host.authority(),
            encode(&signature)
        )
    }

    /// Checks the signature and the age of an address.
    pub(crate) fn check_url(
        &self,
        host: &PublicHost,
        path: &str,
        query: &[(String, String)],
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let refused = |code: &str, message: &str| {
            Err(Refusal::of(code).with_status(403).with_message(message))
        };
        let value = |name: &str| {
            query.iter().find(|(it, _)| it == name).map_or("", |(_, value)| value.as_str())
        };
        let expires = value("Expires");
        let expected = self.sign(&string_to_sign(host, path, expires));
        if value("OSSAccessKeyId") != ACCESS_KEY_ID
            || !same(expected.as_bytes(), value("Signature").as_bytes())
        {
            return refused(
                "SignatureDoesNotMatch",
                "The address has no Expires, OSSAccessKeyId and Signature that fit together.",
            );
        }
        let second = now.as_millisecond().div_euclid(1_000);
        if expires.parse::<i64>().is_ok_and(|expires| second <= expires) {
            return Ok(());
        }
        refused("AccessDenied", "Request has expired.")
    }
}

fn string_to_sign(host: &PublicHost, path: &str, expires: &str) -> String {
    format!("GET\n\n\n{expires}\n/{}{path}", host.bucket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::gateway::form;

    #[test]
    fn addresses_open_one_path_for_two_hours() {
        let oss = UploadSigner::new().unwrap();
        let host = PublicHost::parse("127.0.0.1:80").unwrap();
        let at = |second: i64| Timestamp::from_millisecond(second * 1_000);
        let url = oss.sign_url(&host, "/a", at(0));
        let (_, query) = url.split_once("/a?").unwrap();
        let other = UploadSigner::new().unwrap().sign_url(&host, "/a", at(0));
        let (_, other) = other.split_once('?').unwrap();
        for (path, query, second, expected) in [
            ("/a", query.to_owned(), 7_200, None),
            ("/a", query.to_owned(), 7_201, Some("AccessDenied")),
            ("/b", query.to_owned(), 0, Some("SignatureDoesNotMatch")),
            ("/a", query.replace("7200", "7300"), 0, Some("SignatureDoesNotMatch")),
            ("/a", other.to_owned(), 0, Some("SignatureDoesNotMatch")),
            ("/a", String::new(), 0, Some("SignatureDoesNotMatch")),
        ] {
            let pairs = form::pairs(query.as_bytes()).unwrap();
            let refused = oss.check_url(&host, path, &pairs, at(second)).err();
            assert_eq!(refused.map(|it| it.code).as_deref(), expected, "{path} {query} {second}");
        }
    }
}
