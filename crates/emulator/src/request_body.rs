//! The body of a request, read as a whole.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http::StatusCode;
use http_body_util::LengthLimitError;

use crate::answer::Refusal;

/// The most bytes of a body.
const MOST_BODY_BYTES: usize = 16 * 1024 * 1024;

/// How long a client may take to send a body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// Why a body could not be read to its end.
#[derive(Debug)]
pub(crate) enum BodyError {
    TooLarge,
    TooSlow,
    CutShort,
}

impl BodyError {
    /// Refuses the call as the gateway does.
    pub(crate) fn refusal(&self) -> Refusal {
        let refused = |reason| Refusal::of("InvalidParameter").because(reason);
        match self {
            Self::TooLarge => {
                refused("the body is larger than 16 MiB").with_status(StatusCode::PAYLOAD_TOO_LARGE)
            }
            Self::CutShort => refused("the body is cut short, or not framed as HTTP has it"),
            Self::TooSlow => {
                Refusal::of("RequestTimeout").because("the body took longer than 30 s")
            }
        }
    }
}

/// Reads the whole body, within limits on its length and on time.
pub(crate) async fn read(body: Body) -> Result<Bytes, BodyError> {
    match tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, MOST_BODY_BYTES)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(error)) if is_too_large(&error) => Err(BodyError::TooLarge),
        Ok(Err(_)) => Err(BodyError::CutShort),
        Err(_) => Err(BodyError::TooSlow),
    }
}

/// Tells whether a body ended at our limit; the error is wrapped, as those of the connection are.
fn is_too_large(error: &axum::Error) -> bool {
    std::error::Error::source(error)
        .and_then(|source| source.downcast_ref::<LengthLimitError>())
        .is_some()
}
