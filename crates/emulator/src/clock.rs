//! The time, which tests may set.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use imagesearch_core::Timestamp;

/// Tells the emulator what time it is.
///
/// It decides about the age of requests, nonces, upload policies and uploaded objects. Clones of
/// a manual clock share one time.
///
/// ```
/// use std::time::Duration;
/// use imagesearch_core::Timestamp;
/// use imagesearch_emulator::Clock;
///
/// let clock = Clock::manual(Timestamp::from_millisecond(1_000));
/// clock.advance(Duration::from_secs(2));
/// assert_eq!(clock.now(), Timestamp::from_millisecond(3_000));
/// ```
#[derive(Clone, Default)]
pub struct Clock(Source);

#[derive(Clone, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// Follows the clock of the machine.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// Stands still at a time until it is advanced.
    pub fn manual(now: Timestamp) -> Self {
        Self(Source::Manual(Arc::new(AtomicI64::new(now.as_millisecond()))))
    }

    /// Moves a manual clock on; the system's clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(now) = &self.0 {
            let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
            let add = |now: i64| Some(now.saturating_add(by));
            // The closure never refuses, so neither does the update.
            let _ = now.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add);
        }
    }

    /// Returns the time.
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => SystemTime::now().into(),
            Source::Manual(now) => Timestamp::from_millisecond(now.load(Ordering::SeqCst)),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::System => formatter.write_str("Clock(system)"),
            Source::Manual(_) => write!(formatter, "Clock({})", self.now()),
        }
    }
}
