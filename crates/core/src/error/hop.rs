use std::fmt;

/// A part of a call: a request to one host, with its retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hop {
    /// Fetching credentials.
    Credentials,
    /// Requesting the authorization of an upload.
    Authorize,
    /// Uploading a picture.
    Upload,
    /// The operation itself.
    Invoke,
}

impl fmt::Display for Hop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Credentials => "fetching credentials",
            Self::Authorize => "authorizing the upload",
            Self::Upload => "uploading the picture",
            Self::Invoke => "calling the operation",
        })
    }
}
