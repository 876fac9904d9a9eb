use std::{fmt, time::Duration};

use bytes::Bytes;

use super::Source;
use crate::{body::Body, error::Error, redacted::show_request};

/// Identifies a request or a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(super) u64);

/// What to do next for a call, or for a fetch of credentials.
#[derive(Debug)]
// It moves once, from the mailbox to the driver; a box would cost more than the space.
#[expect(clippy::large_enum_variant)]
pub enum Effect<T> {
    /// Send a request and pass in the response or the failure. Several may be in flight.
    Transmit(Transmit),
    /// Load something and pass it in.
    Load {
        /// The id of the load.
        id: Id,
        /// What to load.
        source: Source,
    },
    /// Abort a request or a load: its result is no longer needed.
    Cancel(Id),
    /// Wait for a result, the waker, or this time.
    Wait {
        /// The latest time to poll again, on the clock of
        /// [`Now::monotonic`](super::Now::monotonic).
        until: Duration,
    },
    /// The end.
    Done(Result<T, Error>),
}

/// A request to send.
///
/// `Debug` omits its query, which may be signed, its headers and its body.
#[non_exhaustive]
pub struct Transmit {
    /// The id of the request.
    pub id: Id,
    /// The HTTP request. Redirects must not be followed.
    pub request: http::Request<Body>,
    /// The deadline for connecting, on the clock of [`Now::monotonic`](super::Now::monotonic).
    pub connect_deadline: Duration,
    /// The deadline for the complete response, on the same clock.
    pub deadline: Duration,
    /// The maximum size of the response body in bytes. A longer one is a failure.
    pub max_body_bytes: u64,
    /// Whether to bypass any proxy: the server is this machine, or its host.
    pub bypass_proxy: bool,
    /// Whether to open a new connection: the one of the last attempt broke.
    /// The blocking client honours it; reqwest has no such option.
    pub fresh_connection: bool,
}

impl fmt::Debug for Transmit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_request(formatter.debug_struct("Transmit").field("id", &self.id), &self.request)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// A complete response.
pub type Answer = http::Response<Bytes>;
