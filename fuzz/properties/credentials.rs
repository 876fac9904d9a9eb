//! What holds for whatever credentials are read from, whatever bytes it has: there is a key or one
//! error, after a bounded number of steps, and neither shows a secret. The fuzz target `credentials`
//! and a property test of the ordinary suite both call this.

use std::{task::Waker, time::Duration};

use bytes::Bytes;
use imagesearch_core::{
    credentials::{CredentialsChain, CredentialsFetch},
    exchange::{Effect, Entropy, LoadError, Now, Source},
    values::Timestamp,
};

/// What no error may show.
pub(crate) const SECRET: &str = "a-secret-of-the-fuzz-target";

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Document {
    /// `~/.aliyun/config.json`.
    CliProfile,
    /// `~/.alibabacloud/credentials.ini`.
    SharedFile,
    /// What a program prints.
    Printed,
    /// The answer to every request of a program: the metadata service, STS, a credentials URI.
    Answer(Asked),
}

/// Who is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Metadata,
    Sts,
    Uri,
}

/// Numbers instead of randomness.
struct Count(u128);

impl Entropy for Count {
    fn draw(&mut self) -> Option<[u8; 16]> {
        self.0 += 1;
        Some(self.0.to_be_bytes())
    }
}

/// Lets the default chain find a document, judges the result of it, and returns whether it is a key.
///
/// # Panics
///
/// A secret is shown, nothing is said, or there is no end.
pub(crate) fn judge(document: Document, status: u16, bytes: &[u8]) -> bool {
    let Ok(status) = http::StatusCode::from_u16(status) else { return false };
    let mut fetch = CredentialsFetch::new(&CredentialsChain::default(), Duration::from_secs(60));
    let mut now = Now::new(Duration::ZERO, Timestamp::from_millisecond(0));
    let mut entropy = Count(0);
    for _ in 0..400 {
        match fetch.poll(now, &mut entropy, Waker::noop()) {
            Effect::Load { id, source } => {
                let loaded = load(document, &source, bytes).ok_or(LoadError::NotFound);
                fetch.handle_loaded(id, loaded);
            }
            Effect::Transmit(transmit) => {
                let mut answer = http::Response::new(match document {
                    Document::Answer(_) => Bytes::copy_from_slice(bytes),
                    _ => Bytes::new(),
                });
                *answer.status_mut() = status;
                fetch.handle_response(transmit.id, now, answer);
            }
            Effect::Cancel(_) => panic!("nothing is given up"),
            Effect::Wait { until } => now.monotonic = until,
            Effect::Done(Ok(key)) => {
                assert!(!format!("{key:?}").contains(SECRET), "a key shows its secret: {key:?}");
                return true;
            }
            Effect::Done(Err(error)) => {
                let shown = format!("{error} {error:?}");
                assert!(!shown.contains(SECRET), "an error shows a secret: {shown}");
                assert!(shown.contains("no source has credentials"), "{shown}");
                return false;
            }
        }
    }
    panic!("the fetch does not end");
}

fn load(document: Document, source: &Source, bytes: &[u8]) -> Option<Bytes> {
    let content = match (source, document) {
        (Source::Environment("HOME"), _) => b"/home/me",
        (Source::Environment("ALIBABA_CLOUD_ROLE_ARN"), Document::Answer(Asked::Sts)) => {
            &b"acs:ram::1:role/r"[..]
        }
        (Source::Environment("ALIBABA_CLOUD_OIDC_PROVIDER_ARN"), Document::Answer(Asked::Sts)) => {
            b"acs:ram::1:oidc-provider/p"
        }
        (Source::Environment("ALIBABA_CLOUD_OIDC_TOKEN_FILE"), Document::Answer(Asked::Sts)) => {
            b"/token"
        }
        (Source::Environment("ALIBABA_CLOUD_CREDENTIALS_URI"), Document::Answer(Asked::Uri)) => {
            b"http://127.0.0.1:1/key"
        }
        (Source::Environment("ALIBABA_CLOUD_ECS_METADATA_DISABLED"), document)
            if document != Document::Answer(Asked::Metadata) =>
        {
            b"true"
        }
        (Source::File(path), Document::Printed) if path == "/home/me/.aliyun/config.json" => {
            br#"{"current":"a","profiles":[{"name":"a","mode":"External","process_command":"p"}]}"#
        }
        (Source::File(path), Document::CliProfile) if path.ends_with("/config.json") => bytes,
        (Source::File(path), Document::SharedFile) if path.ends_with("/credentials.ini") => bytes,
        (Source::File(path), _) if path == "/token" => SECRET.as_bytes(),
        (Source::Command { .. }, Document::Printed) => bytes,
        _ => return None,
    };
    Some(Bytes::copy_from_slice(content))
}
