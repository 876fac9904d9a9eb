use std::error::Error as StdError;

use crate::error::TimeoutPhase;

/// A request that failed without a complete response.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// The progress of the request.
    pub phase: FailurePhase,
    /// Whether a timeout occurred.
    pub timed_out: bool,
    /// The transport's own error.
    pub source: Box<dyn StdError + Send + Sync>,
}

impl Failure {
    /// Creates a failure.
    pub fn new(phase: FailurePhase, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { phase, timed_out: false, source: source.into() }
    }

    /// Creates a timeout.
    pub fn timeout(
        phase: FailurePhase,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self { timed_out: true, ..Self::new(phase, source) }
    }
}

/// The progress of a request when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailurePhase {
    /// Not connected: nothing left the machine.
    Connect,
    /// Some or all of the request may have arrived.
    Response,
    /// The response had started.
    Body,
    /// The response was longer than [`Transmit::max_body_bytes`](super::Transmit::max_body_bytes).
    TooLong,
}

impl FailurePhase {
    /// Returns whether the request may have left the machine.
    pub(crate) fn left(self) -> bool {
        self != Self::Connect
    }

    pub(crate) fn timeout(self) -> TimeoutPhase {
        match self {
            Self::Connect => TimeoutPhase::Connect,
            Self::Response => TimeoutPhase::Response,
            Self::Body | Self::TooLong => TimeoutPhase::Body,
        }
    }
}
