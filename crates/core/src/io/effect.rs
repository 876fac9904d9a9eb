use std::{fmt, time::Duration};

use bytes::Bytes;

use super::Source;
use crate::{body::Body, error::Error, hidden::show_request};

/// Names a request or a load, so that its outcome can be handed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(super) u64);

/// What to do next for a call, or for a fetch of credentials.
#[derive(Debug)]
pub enum Effect<T> {
    /// Send a request and hand in the answer or the failure; several may be in flight.
    Transmit(Transmit),
    /// Load something and hand it in.
    Load {
        /// The name of the load.
        id: Id,
        /// What to load.
        source: Source,
    },
    /// Abort a request or a load: its outcome is no longer of interest.
    Cancel(Id),
    /// Nothing to do until something comes back, the waker is called, or this time has come.
    Wait {
        /// When to poll again at the latest, on the clock of [`Now::monotonic`](super::Now::monotonic).
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
    /// The name of the request.
    pub id: Id,
    /// The request; redirects must not be followed.
    pub request: http::Request<Body>,
    /// When it must be connected, on the clock of [`Now::monotonic`](super::Now::monotonic).
    pub connect_deadline: Duration,
    /// When its answer must be complete, on the same clock.
    pub deadline: Duration,
    /// How many bytes of body are read at most; a longer answer is a failure.
    pub max_body_bytes: u64,
    /// Whether it must not go through a proxy: the server is this machine, or its host.
    pub bypass_proxy: bool,
    /// Whether it must not reuse an idle connection: the last attempt's connection broke.
    pub fresh_connection: bool,
}

impl fmt::Debug for Transmit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_request(formatter.debug_struct("Transmit").field("id", &self.id), &self.request)
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}

/// A complete answer.
pub type Answer = http::Response<Bytes>;
