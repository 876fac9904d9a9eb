use std::error::Error as StdError;

use crate::error::TimeoutPhase;

/// How a request failed without a complete answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// How far the request had come.
    pub phase: FailurePhase,
    /// Whether the time of the request ran out.
    pub timed_out: bool,
    /// The transport's own error.
    pub source: Box<dyn StdError + Send + Sync>,
}

impl Failure {
    /// Describes a failure in a phase.
    pub fn new(phase: FailurePhase, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { phase, timed_out: false, source: source.into() }
    }

    /// Describes a timeout in a phase.
    pub fn timeout(
        phase: FailurePhase,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self { timed_out: true, ..Self::new(phase, source) }
    }
}

/// How far a request had come when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailurePhase {
    /// No connection: nothing left the machine.
    Connect,
    /// Some or all of the request may have arrived.
    Response,
    /// The answer had begun.
    Body,
    /// The answer was longer than [`Transmit::max_body_bytes`](super::Transmit::max_body_bytes).
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
