use std::time::{Instant, SystemTime};

use imagesearch_core::exchange::{Entropy, Now};

/// The clocks that core does not have.
#[derive(Debug)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { start: Instant::now() }
    }

    pub(crate) fn now(&self) -> Now {
        Now { mono: self.start.elapsed(), wall: SystemTime::now().into() }
    }
}

/// The randomness of the operating system.
#[derive(Debug)]
pub(crate) struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn draw(&mut self) -> Option<[u8; 16]> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).ok().map(|()| bytes)
    }
}
