use std::time::Duration;

use crate::values::Timestamp;

/// The time, as the caller reads it: core has no clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Now {
    /// A clock that never goes back, from any fixed start.
    pub monotonic: Duration,
    /// The time of day, which signatures carry.
    pub system: Timestamp,
}

impl Now {
    /// Combines the readings of both clocks.
    pub fn new(monotonic: Duration, system: Timestamp) -> Self {
        Self { monotonic, system }
    }
}

/// Randomness, as the caller draws it: core has none.
pub trait Entropy {
    /// Draws 128 unpredictable bits; `None` if the system has none to give.
    fn draw(&mut self) -> Option<[u8; 16]>;
}
