//! The requests that a call is made of.

use serde::{Deserialize, Serialize};

/// Names one of the requests that a call is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Hop {
    /// The operation itself.
    Api,
    /// `AuthorizeFileUpload`, before a picture is uploaded.
    Authorize,
    /// The upload of a picture.
    Oss,
}
