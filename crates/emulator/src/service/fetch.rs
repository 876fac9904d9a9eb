//! What operations need of other machines.

use std::fmt::Debug;

use bytes::Bytes;

use super::refusal::Refusal;

/// Reaches hosts that were allowed, and no others.
pub(crate) trait Fetch: Debug + Send + Sync {
    /// Fetches a picture. It blocks.
    fn picture(&self, url: &str) -> Result<Bytes, Refusal>;

    /// Posts JSON to an address, and returns the status of the answer. It blocks.
    ///
    /// # Errors
    ///
    /// Returns what went wrong without the address, whose path and query may hold a secret.
    fn notify(&self, url: &str, body: &serde_json::Value) -> Result<u16, String>;
}
