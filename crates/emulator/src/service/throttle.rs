//! Refuses what comes faster than an instance's plan allows.
//!
//! The generic cell rate algorithm, in a few lines of its own rather than by a crate: the clock may
//! be set back while the emulator runs, and rates change with the settings of an instance. Existing
//! crates need a monotonic clock and one rate for all keys.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use imagesearch_core::Pacing;
use imagesearch_core::operation::{Quota, QuotaGroup};
use imagesearch_core::values::Timestamp;

use crate::store::instance_settings::InstanceSettings;

/// The most pictures of the smallest plan, to which adding is slower.
const SMALLEST_CAPACITY: u64 = 100_000;

/// How many microseconds there are in a second, over which rates are counted.
const SECOND: i64 = 1_000_000;

/// The number of limits above which those unused for a second are removed.
const MAX_LIMITS: usize = 1_024;

/// The rate limit of calls; calls above it are refused with `DeniedRequest`.
///
/// Each instance has a separate limit for each group of operations: searches, adding, updating,
/// deleting, describing and tasks. A burst may have as many calls as the limit per second, and
/// refills evenly. A refusal has the wait in milliseconds in `x-acs-retry-after`.
///
/// ```
/// use imagesearch_emulator::{Emulator, Throttle};
///
/// let emulator = Emulator::builder().throttle(Throttle::Instance).start()?;
/// # drop(emulator);
/// assert_eq!("instance".parse(), Ok(Throttle::Instance));
/// assert_eq!("2".parse(), Ok(Throttle::PerSecond(2)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Throttle {
    /// Every call is carried out.
    #[default]
    Off,
    /// The documented rate of the instance's plan, given by [`qps`](crate::InstanceSettings::qps)
    /// and [`capacity`](crate::InstanceSettings::capacity). An operation without a documented limit
    /// has none.
    Instance,
    /// This number of calls per second in each group, at least 1.
    PerSecond(u32),
}

impl FromStr for Throttle {
    type Err = ThrottleError;

    /// Parses `off`, `instance`, or a number of calls per second.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match (text, text.parse()) {
            ("off", _) => Ok(Self::Off),
            ("instance", _) => Ok(Self::Instance),
            (_, Ok(calls @ 1..)) => Ok(Self::PerSecond(calls)),
            _ => Err(ThrottleError { given: text.to_owned() }),
        }
    }
}

/// A malformed throttle.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("throttle must be `off`, `instance` or a number of calls a second from 1, not `{given}`")]
pub struct ThrottleError {
    given: String,
}

/// Holds the limits of all instances.
#[derive(Debug)]
pub(crate) struct Limiter {
    throttle: Throttle,
    held: Mutex<Held>,
}

type Key = (String, QuotaGroup);

#[derive(Debug, Default)]
struct Held {
    /// When each limit is full again if nothing comes, in microseconds since the Unix epoch.
    full_at: BTreeMap<Key, i64>,
    refused: BTreeMap<Key, u64>,
}

impl Limiter {
    pub(crate) fn new(throttle: Throttle) -> Self {
        Self { throttle, held: Mutex::default() }
    }

    /// Takes a call of an instance, or says after how long it would be taken.
    pub(crate) fn admit(
        &self,
        instance: &InstanceSettings,
        quota: Quota,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let Some(rate) = self.rate(quota, instance) else {
            return Ok(());
        };
        let key = (instance.name.clone(), quota.group);
        let now = now.as_millisecond().saturating_mul(1_000);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.full_at.len() > MAX_LIMITS {
            held.full_at.retain(|_, full_at| *full_at > now);
        }
        let full_at = held.full_at.entry(key.clone()).or_insert(now);
        if *full_at > now.saturating_add(SECOND) {
            // No limit takes longer to fill up, so the clock has been set back.
            *full_at = now;
        }
        // Each call takes its share of the second, which no more than one second may hold.
        let share = SECOND.div_euclid(i64::from(rate)).max(1);
        let after = now.max(*full_at).saturating_add(share);
        let wait = after.saturating_sub(now).saturating_sub(SECOND.max(share));
        if wait <= 0 {
            *full_at = after;
            return Ok(());
        }
        *held.refused.entry(key).or_default() += 1;
        Err(Duration::from_micros(wait.unsigned_abs()))
    }

    /// Counts what was refused, by instance and group.
    pub(crate) fn refused(&self) -> Vec<(String, &'static str, u64)> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = held.refused.iter();
        refused.map(|((instance, group), count)| (instance.clone(), name(*group), *count)).collect()
    }

    fn rate(&self, quota: Quota, instance: &InstanceSettings) -> Option<u32> {
        let is_documented = quota.per_second.is_some() || !quota.by_plan.is_empty();
        match self.throttle {
            Throttle::Off => None,
            Throttle::PerSecond(calls) => Some(calls.max(1)),
            Throttle::Instance if !is_documented => None,
            // What a client that paces itself by `Detail` would keep to.
            Throttle::Instance if quota.group == QuotaGroup::Add && is_smallest(instance) => {
                Some(1)
            }
            Throttle::Instance => Pacing::from_plan(instance.qps).rate(quota.group),
        }
    }
}

fn is_smallest(instance: &InstanceSettings) -> bool {
    instance.capacity <= SMALLEST_CAPACITY
}

fn name(group: QuotaGroup) -> &'static str {
    match group {
        QuotaGroup::Search => "search",
        QuotaGroup::Add => "add",
        QuotaGroup::Update => "update",
        QuotaGroup::Delete => "delete",
        QuotaGroup::Describe => "describe",
        QuotaGroup::Task => "task",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use imagesearch_core::operation::Operation;
    use imagesearch_core::operations::OPERATIONS;

    use super::*;

    fn quota(action: &str) -> Quota {
        Operation::find("2020-12-14", action).unwrap().quota
    }

    /// Describes an instance; the capacity is in units of 10,000 pictures, as `Detail` has it.
    fn plan(name: &str, qps: u32, capacity: u64) -> InstanceSettings {
        InstanceSettings::new(name).qps(qps).capacity(10_000 * capacity)
    }

    #[test]
    fn a_full_limit_takes_a_second_of_calls_at_once_and_fills_up_evenly() {
        let limiter = Limiter::new(Throttle::PerSecond(4));
        let asked = [
            (0, None),
            (0, None),
            (0, None),
            (0, None),
            (0, Some(250)),
            (100, Some(150)),
            (250, None),
            (250, Some(250)),
            (10_000, None),
        ];
        for (place, (now, expected)) in asked.into_iter().enumerate() {
            let now = Timestamp::from_millisecond(now);
            let wait = limiter.admit(&plan("a", 1, 10), quota("Detail"), now).err();
            assert_eq!(wait, expected.map(Duration::from_millis), "{place}");
        }
        assert_eq!(limiter.refused(), [("a".to_owned(), "describe", 3)]);
    }

    #[test]
    fn instances_and_groups_have_limits_of_their_own() {
        let limiter = Limiter::new(Throttle::PerSecond(1));
        let now = Timestamp::from_millisecond(0);
        for (instance, action, taken) in [
            ("a", "SearchImageByPic", true),
            ("a", "SearchImageByName", false),
            ("a", "AddImage", true),
            ("b", "SearchImageByPic", true),
            ("b", "CompareSimilarByImage", false),
        ] {
            let admitted = limiter.admit(&plan(instance, 1, 10), quota(action), now);
            assert_eq!(admitted.is_ok(), taken, "{instance} {action}");
        }
    }

    #[test]
    fn rates_are_those_of_the_plan() {
        let limiter = Limiter::new(Throttle::Instance);
        for (action, qps, capacity, expected) in [
            ("SearchImageByPic", 10, 1_000, Some(10)),
            ("AddImage", 10, 1_000, Some(5)),
            ("AddImage", 5, 10, Some(1)),
            ("DeleteImage", 1, 10, Some(20)),
            ("UpdateImage", 1, 10, Some(20)),
            ("Detail", 10, 1_000, Some(1)),
            ("DumpMeta", 10, 1_000, Some(1)),
            ("IncreaseInstance", 10, 1_000, None),
            ("CompareSimilarByImage", 10, 1_000, None),
        ] {
            let rate = limiter.rate(quota(action), &plan("a", qps, capacity));
            assert_eq!(rate, expected, "{action} {qps} {capacity}");
        }
        for operation in OPERATIONS {
            let off = Limiter::new(Throttle::Off);
            assert_eq!(off.rate(operation.quota, &plan("a", 1, 10)), None);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_lock_anyone_out() {
        let limiter = Limiter::new(Throttle::PerSecond(1));
        let ask = |now| {
            let now = Timestamp::from_millisecond(now);
            limiter.admit(&plan("a", 1, 10), quota("Detail"), now)
        };
        assert_eq!(ask(3_600_000), Ok(()));
        assert_eq!(ask(0), Ok(()));
        assert_eq!(ask(0), Err(Duration::from_secs(1)));
    }

    #[test]
    fn limits_that_are_full_are_forgotten() {
        let limiter = Limiter::new(Throttle::PerSecond(1));
        for number in 0..2 * MAX_LIMITS {
            let now = Timestamp::from_millisecond(number as i64 * 10);
            let name = number.to_string();
            assert_eq!(limiter.admit(&plan(&name, 1, 10), quota("Detail"), now), Ok(()));
        }
        assert!(limiter.held.lock().unwrap().full_at.len() <= MAX_LIMITS + 1);
    }

    #[test]
    fn texts_become_throttles() {
        for (text, expected) in [
            ("off", Some(Throttle::Off)),
            ("instance", Some(Throttle::Instance)),
            ("1", Some(Throttle::PerSecond(1))),
            ("0", None),
            ("-1", None),
            ("fast", None),
            ("", None),
        ] {
            assert_eq!(text.parse().ok(), expected, "{text}");
        }
    }
}
