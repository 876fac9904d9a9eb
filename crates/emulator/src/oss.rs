//! The part of OSS that uploads need: authorized form posts into temporary objects.

mod buckets;
mod objects;
mod policy;
mod post_object;
mod refusal;
mod signed_url;

use std::fmt;
use std::io;
use std::time::Duration;

use imagesearch_core::Timestamp;

use crate::auth::{hmac_sha1, same};
use crate::state::PublicHost;
use objects::Objects;
use policy::Policy;
use refusal::OssRefusal;

pub use buckets::BucketError;
pub(crate) use buckets::{Buckets, no_such_key};
#[cfg(any(test, fuzzing))]
pub(crate) use policy::Policy as UploadPolicy;
#[cfg(any(test, fuzzing))]
pub(crate) use post_object::Form as UploadForm;
pub(crate) use post_object::{post_object, refuse_body};
pub(crate) use refusal::injected;

/// How long an authorization can be used. The service does not tell its own figure.
const POLICY_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The largest object that an authorization allows, in bytes; operations refuse beyond 4 MiB.
///
/// It is below the limit on bodies, so that a file that is too large is answered by the policy. The
/// service's own figure is not documented.
pub(crate) const MOST_BYTES: u64 = 10 * 1024 * 1024;

/// The key id of the account that uploads are signed with.
const ACCESS_KEY_ID: &str = "emulator-upload";

/// Holds uploaded objects, and the secret that authorizations to upload are signed with.
pub(crate) struct Oss {
    secret: String,
    objects: Objects,
}

/// What a client needs for one upload.
#[derive(Debug)]
pub(crate) struct UploadAuthorization {
    pub(crate) access_key_id: &'static str,
    pub(crate) object_key: String,
    pub(crate) encoded_policy: String,
    pub(crate) signature: String,
}

impl Oss {
    /// Makes an empty store with a secret of its own.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { secret: random_hex()?, objects: Objects::default() })
    }

    /// Allows the upload of one object under a key that nobody can guess; `expired` if a fault is
    /// ordered.
    pub(crate) fn authorize(
        &self,
        host: &PublicHost,
        now: Timestamp,
        expired: bool,
    ) -> io::Result<UploadAuthorization> {
        let object_key = format!("ImageSearch/{}", random_hex()?);
        let expiration = if expired {
            Timestamp::from_millisecond(now.as_millisecond().saturating_sub(1))
        } else {
            now.saturating_add(POLICY_LIFETIME)
        };
        let encoded_policy = Policy::for_upload(&host.bucket, &object_key, expiration).encode();
        Ok(UploadAuthorization {
            access_key_id: ACCESS_KEY_ID,
            signature: self.sign(&encoded_policy),
            object_key,
            encoded_policy,
        })
    }

    /// Returns an object that was uploaded and has not expired.
    pub(crate) fn object(&self, key: &str, now: Timestamp) -> Option<bytes::Bytes> {
        self.objects.get(key, now)
    }

    /// Removes all objects; returns how many.
    pub(crate) fn clear(&self) -> usize {
        self.objects.clear()
    }

    fn check_signature(&self, key_id: &str, policy: &str, given: &str) -> Result<(), OssRefusal> {
        if key_id != ACCESS_KEY_ID {
            return Err(OssRefusal::INVALID_ACCESS_KEY_ID);
        }
        if !same(self.sign(policy).as_bytes(), given.as_bytes()) {
            return Err(OssRefusal::SIGNATURE_DOES_NOT_MATCH);
        }
        Ok(())
    }

    fn sign(&self, encoded_policy: &str) -> String {
        hmac_sha1(self.secret.as_bytes(), encoded_policy.as_bytes())
    }
}

impl fmt::Debug for Oss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Oss").field("objects", &self.objects).finish_non_exhaustive()
    }
}

/// Draws 128 bits that nobody can guess.
pub(crate) fn random_hex() -> io::Result<String> {
    Ok(format!("{:016x}{:016x}", getrandom::u64()?, getrandom::u64()?))
}
