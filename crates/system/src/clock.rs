use std::time::{Instant, SystemTime};

use imagesearch_core::exchange::{Entropy, Now};

/// The clocks, which core does not read.
///
/// ```
/// use imagesearch_system::Clock;
///
/// let clock = Clock::start();
/// let (earlier, later) = (clock.now(), clock.now());
/// assert!(earlier.monotonic <= later.monotonic);
/// ```
#[derive(Debug)]
pub struct Clock {
    start: Instant,
}

impl Clock {
    /// Starts the monotonic clock.
    pub fn start() -> Self {
        Self { start: Instant::now() }
    }

    /// Returns the time since the start, and the system time.
    pub fn now(&self) -> Now {
        Now::new(self.start.elapsed(), SystemTime::now().into())
    }
}

/// The randomness of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn draw(&mut self) -> Option<[u8; 16]> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok().map(|()| bytes)
    }
}
