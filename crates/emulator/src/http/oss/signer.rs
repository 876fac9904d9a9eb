//! Signs and checks what uploads and downloads are authorized with.

use std::fmt;
use std::io;
use std::time::Duration;

use imagesearch_core::values::Timestamp;

use super::policy::Policy;
use super::refusal::OssRefusal;
use crate::http::gateway::auth::signing::{hmac_sha1, same};
use crate::http::random::random_hex;
use crate::service::public_host::PublicHost;

/// How long an authorization can be used. The service does not tell its own figure.
const POLICY_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// The largest object that an authorization allows, in bytes; operations refuse beyond 4 MiB.
///
/// It is below the limit on bodies, so that a file that is too large is answered by the policy. The
/// service's own figure is not documented.
pub(crate) const MAX_BYTES: u64 = 10 * 1024 * 1024;

/// The key id of the account that uploads are signed with.
pub(super) const ACCESS_KEY_ID: &str = "emulator-upload";

/// Holds the secret that authorizations to upload, and addresses, are signed with.
pub(crate) struct UploadSigner {
    secret: String,
}

/// What a client needs for one upload.
#[derive(Debug)]
pub(crate) struct UploadAuthorization {
    pub(crate) access_key_id: &'static str,
    pub(crate) object_key: String,
    pub(crate) encoded_policy: String,
    pub(crate) signature: String,
}

impl UploadSigner {
    /// Draws a secret.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { secret: random_hex()? })
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
        let encoded_policy =
            Policy::for_upload(&host.bucket, &object_key, MAX_BYTES, expiration).encode();
        Ok(UploadAuthorization {
            access_key_id: ACCESS_KEY_ID,
            signature: self.sign(&encoded_policy),
            object_key,
            encoded_policy,
        })
    }

    /// Checks the signature of an upload.
    pub(super) fn check_signature(
        &self,
        key_id: &str,
        policy: &str,
        given: &str,
    ) -> Result<(), OssRefusal> {
        if key_id != ACCESS_KEY_ID {
            return Err(OssRefusal::INVALID_ACCESS_KEY_ID);
        }
        if !same(self.sign(policy).as_bytes(), given.as_bytes()) {
            return Err(OssRefusal::SIGNATURE_DOES_NOT_MATCH);
        }
        Ok(())
    }

    pub(super) fn sign(&self, encoded_policy: &str) -> String {
        hmac_sha1(self.secret.as_bytes(), encoded_policy.as_bytes())
    }
}

impl fmt::Debug for UploadSigner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("UploadSigner").finish_non_exhaustive()
    }
}
