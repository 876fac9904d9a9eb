use std::time::Duration;

use crate::values::Timestamp;

/// The time, read by the caller: core has no clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Now {
    /// A monotonic clock with an arbitrary start.
    pub monotonic: Duration,
    /// The system time, for signatures.
    pub system: Timestamp,
}

impl Now {
    /// Creates a time from the readings of both clocks.
    pub fn new(monotonic: Duration, system: Timestamp) -> Self {
        Self { monotonic, system }
    }
}

/// Randomness, drawn by the caller: core has none.
pub trait Entropy {
    /// Draws 128 unpredictable bits, or `None` if the system has none.
    fn draw(&mut self) -> Option<[u8; 16]>;
}
