use std::fmt;

/// A part of a call: one exchange with one host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Hop {
    /// Fetching credentials.
    Credentials,
    /// Asking where a picture may be uploaded to.
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
