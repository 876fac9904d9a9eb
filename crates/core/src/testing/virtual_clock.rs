use std::{sync::Mutex, time::Duration};

use super::lock::lock;
use crate::{
    exchange::{Entropy, Now},
    values::Timestamp,
};

/// The time of day when every virtual clock starts: 2026-01-02T03:04:05Z.
const START: Timestamp = Timestamp::from_millisecond(1_767_323_045_000);

/// A clock that stands still unless a call waits, with numbers in place of randomness.
#[derive(Debug, Default)]
pub(super) struct VirtualClock {
    elapsed: Mutex<Duration>,
    drawn: Mutex<u64>,
}

impl VirtualClock {
    pub(super) fn elapsed(&self) -> Duration {
        *lock(&self.elapsed)
    }

    pub(super) fn now(&self) -> Now {
        let elapsed = self.elapsed();
        Now::new(elapsed, START.saturating_add(elapsed))
    }

    /// Moves on to a time since the start, unless it has passed.
    pub(super) fn advance_to(&self, time: Duration) {
        let mut elapsed = lock(&self.elapsed);
        *elapsed = time.max(*elapsed);
    }
}

impl Entropy for &VirtualClock {
    fn draw(&mut self) -> Option<[u8; 16]> {
        let mut drawn = lock(&self.drawn);
        *drawn = drawn.wrapping_add(1);
        // An odd factor spreads the count over the high bits, which jitter reads.
        let high = drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Some((u128::from(high) << 64 | u128::from(*drawn)).to_be_bytes())
    }
}
