//! The clock, which tests may set.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use imagesearch_core::values::Timestamp;
use serde::Serializer;

/// The emulator's clock.
///
/// It determines the age of requests, nonces, upload policies and uploaded objects, and throttling.
/// Clones share one time, so a clone can change it while the emulator runs.
///
/// ```
/// use std::time::Duration;
/// use imagesearch_core::values::Timestamp;
/// use imagesearch_emulator::Clock;
///
/// let clock = Clock::manual(Timestamp::from_millisecond(1_000));
/// clock.advance(Duration::from_secs(2));
/// assert_eq!(clock.now(), Timestamp::from_millisecond(3_000));
/// ```
#[derive(Clone)]
pub struct Clock(Arc<Mutex<Course>>);

/// How time passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    /// On with the machine's clock, ahead of it by so many milliseconds.
    Running { ahead: i64 },
    /// Not at all.
    Standing(Timestamp),
}

impl Clock {
    /// Creates a clock that follows the machine's.
    pub fn system() -> Self {
        Self::of(Course::Running { ahead: 0 })
    }

    /// Creates a clock that is stopped at a time.
    pub fn manual(now: Timestamp) -> Self {
        Self::of(Course::Standing(now))
    }

    fn of(course: Course) -> Self {
        Self(Arc::new(Mutex::new(course)))
    }

    /// Advances the clock, whether it runs or is stopped.
    pub fn advance(&self, by: Duration) {
        let mut course = self.lock();
        *course = match *course {
            Course::Running { ahead } => {
                let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
                Course::Running { ahead: ahead.saturating_add(by) }
            }
            Course::Standing(now) => Course::Standing(now.saturating_add(by)),
        };
    }

    /// Sets the time and stops the clock.
    pub fn stop_at(&self, now: Timestamp) {
        *self.lock() = Course::Standing(now);
    }

    /// Sets the time and starts the clock.
    pub fn run_from(&self, now: Timestamp) {
        let machine = Timestamp::from(SystemTime::now());
        let ahead = now.as_millisecond().saturating_sub(machine.as_millisecond());
        *self.lock() = Course::Running { ahead };
    }

    /// Follows the machine's clock again.
    pub fn follow_system(&self) {
        *self.lock() = Course::Running { ahead: 0 };
    }

    /// Returns whether the clock runs.
    pub fn is_running(&self) -> bool {
        matches!(*self.lock(), Course::Running { .. })
    }

    /// Returns the time.
    pub fn now(&self) -> Timestamp {
        match *self.lock() {
            Course::Running { ahead } => {
                let machine = Timestamp::from(SystemTime::now());
                Timestamp::from_millisecond(machine.as_millisecond().saturating_add(ahead))
            }
            Course::Standing(now) => now,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Course> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self.lock() {
            Course::Running { ahead: 0 } => formatter.write_str("Clock(system)"),
            Course::Running { ahead } => write!(formatter, "Clock(system + {ahead} ms)"),
            Course::Standing(now) => write!(formatter, "Clock({now})"),
        }
    }
}

/// Writes a time as a text; on the wire of the service it is a number.
pub(crate) fn write_time<S: Serializer>(
    time: &Timestamp,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    const THEN: Timestamp = Timestamp::from_millisecond(1_000);
    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_running_clock_keeps_its_distance_from_the_machine() {
        let clock = Clock::system();
        clock.advance(HOUR);
        let before = Timestamp::from(SystemTime::now()).saturating_add(HOUR);
        assert!(clock.now() >= before && clock.is_running());
        clock.run_from(THEN);
        assert!(clock.is_running());
        assert!(clock.now().saturating_since(THEN) < HOUR, "{clock:?}");
        clock.follow_system();
        assert_eq!(format!("{clock:?}"), "Clock(system)");
    }

    #[test]
    fn a_standing_clock_moves_only_when_told_to() {
        let clock = Clock::system();
        let clone = clock.clone();
        clock.stop_at(THEN);
        assert_eq!((clone.now(), clone.is_running()), (THEN, false));
        clone.advance(HOUR);
        assert_eq!(clock.now(), THEN.saturating_add(HOUR));
    }
}
