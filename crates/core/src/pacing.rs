//! Limits on calls a second, so that a plan is used up and not exceeded.
//!
//! [`Pacing`] holds the rates. Calls of one instance and one [`QuotaGroup`] share a limiter, which
//! starts them one interval apart, first come, first served.

mod limiter;
mod limiters;

pub(crate) use limiter::{Limiter, Place, Standing};
pub(crate) use limiters::Limiters;

pub use crate::operation::QuotaGroup;

use std::{collections::BTreeMap, time::Duration};

use crate::generated::{answers::DetailResponse, descriptions::OPERATIONS};

/// The maximum number of calls started per second, for each group of operations. Off by default.
///
/// A call waits for its turn before each attempt; the wait counts towards its timeout. Starts are
/// spread evenly, so that no window of one second has more of them than the rate. Calls take turns
/// in order of arrival, across all clones of a client. A call that is dropped or runs out of time
/// leaves the queue. If the service throttles a call anyway, the other calls of its group wait for
/// 1 second, or for as long as the service asks.
///
/// Each instance has its own rates. Uploads are not paced, since they go to another service, nor
/// are operations unknown to this version.
///
/// An async call keeps its place even if it is not polled, and the calls behind it wait: poll it or
/// drop it.
///
/// ```
/// # use imagesearch_core::{Pacing, pacing::QuotaGroup};
/// let pacing = Pacing::from_plan(5);
/// assert_eq!(pacing.rate(QuotaGroup::Search), Some(5));
/// assert_eq!(pacing.rate(QuotaGroup::Add), Some(5));
/// assert_eq!(pacing.rate(QuotaGroup::Delete), Some(20));
///
/// let gentle = Pacing::per_second(QuotaGroup::Search, 2);
/// assert_eq!(gentle.rate(QuotaGroup::Add), None);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pacing {
    rates: BTreeMap<QuotaGroup, u32>,
}

/// The capacity of the smallest plan, in units of 10,000 pictures; it adds 1 picture a second.
const SMALLEST_CAPACITY: i32 = 10;

impl Pacing {
    /// Creates a configuration without rate limits. The default.
    pub fn off() -> Self {
        Self::default()
    }

    /// Creates a configuration that limits one group.
    pub fn per_second(group: QuotaGroup, calls: u32) -> Self {
        Self::off().with_rate(group, calls)
    }

    /// Creates the documented rates of an instance with a plan of this many searches per second.
    ///
    /// If the documentation has rates for several plans, the one for this many searches applies:
    /// adding is limited to 1 call per second with 1 search per second, and to 5 otherwise.
    pub fn from_plan(searches: u32) -> Self {
        OPERATIONS.iter().fold(Self::off(), |pacing, operation| {
            let quota = operation.quota;
            let plans = quota.by_plan.iter().copied();
            let by_plan = match quota.group {
                QuotaGroup::Search => Some(searches).filter(|_| !quota.by_plan.is_empty()),
                _ => plans.clone().filter(|calls| *calls <= searches).max().or(plans.min()),
            };
            match quota.per_second.or(by_plan) {
                Some(calls) => pacing.with_rate(quota.group, calls),
                None => pacing,
            }
        })
    }

    /// Creates the documented rates of an instance from the response of `Detail`.
    ///
    /// Groups that the response does not cover are not limited.
    ///
    /// ```
    /// # use imagesearch_core::{Pacing, answers::DetailResponse, pacing::QuotaGroup};
    /// let detail = r#"{"Instance": {"Qps": 10, "Capacity": 10}}"#;
    /// let detail: DetailResponse = serde_json::from_str(detail)?;
    /// let pacing = Pacing::from_detail(&detail);
    /// assert_eq!(pacing.rate(QuotaGroup::Search), Some(10));
    /// assert_eq!(pacing.rate(QuotaGroup::Add), Some(1));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn from_detail(detail: &DetailResponse) -> Self {
        let instance = detail.instance.as_ref();
        let searches = instance.and_then(|it| u32::try_from(it.qps?).ok()).unwrap_or(0);
        let pacing = match searches {
            0 => Self::from_plan(1).with_rate(QuotaGroup::Search, 0).with_rate(QuotaGroup::Add, 0),
            searches => Self::from_plan(searches),
        };
        match instance.and_then(|it| it.capacity) {
            Some(..=SMALLEST_CAPACITY) => pacing.with_rate(QuotaGroup::Add, 1),
            _ => pacing,
        }
    }

    /// Sets the rate of a group in calls per second; 0 removes the limit.
    #[must_use]
    pub fn with_rate(mut self, group: QuotaGroup, calls: u32) -> Self {
        match calls {
            0 => self.rates.remove(&group),
            calls => self.rates.insert(group, calls),
        };
        self
    }

    /// Returns the rate of a group in calls per second, or `None` if it is not limited.
    pub fn rate(&self, group: QuotaGroup) -> Option<u32> {
        self.rates.get(&group).copied()
    }

    /// Returns the interval between two starts, or `None` if the group is not limited.
    pub(crate) fn interval(&self, group: QuotaGroup) -> Option<Duration> {
        // Rounded up: with an interval that is slightly too short, one more call fits into a
        // second.
        let nanoseconds = 1_000_000_000_u64.div_ceil(u64::from(self.rate(group)?));
        Some(Duration::from_nanos(nanoseconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use QuotaGroup::{Add, Delete, Describe, Search, Task, Update};

    #[test]
    fn plans_have_the_documented_rates() {
        for (searches, search, add) in [
            (1, Some(1), Some(1)),
            (5, Some(5), Some(5)),
            (10, Some(10), Some(5)),
            (0, None, Some(1)),
        ] {
            let pacing = Pacing::from_plan(searches);
            assert_eq!(pacing.rate(Search), search);
            assert_eq!(pacing.rate(Add), add, "{searches}");
            for (group, rate) in [(Delete, 20), (Update, 20), (Describe, 1), (Task, 1)] {
                assert_eq!(pacing.rate(group), Some(rate), "{group:?}");
            }
        }
    }

    #[test]
    fn takes_what_detail_says() {
        for (instance, search, add) in [
            (r#"{"Qps": 5, "Capacity": 250}"#, Some(5), Some(5)),
            (r#"{"Qps": 5, "Capacity": 10}"#, Some(5), Some(1)),
            (r#"{"Qps": 10}"#, Some(10), Some(5)),
            (r#"{"Qps": 0, "Capacity": 250}"#, None, None),
            (r#"{"Qps": -1}"#, None, None),
            (r#"{"Capacity": 10}"#, None, Some(1)),
            ("null", None, None),
        ] {
            let text = format!(r#"{{"Instance": {instance}}}"#);
            let pacing = Pacing::from_detail(&serde_json::from_str(&text).unwrap());
            assert_eq!((pacing.rate(Search), pacing.rate(Add)), (search, add), "{instance}");
            assert_eq!(pacing.rate(Delete), Some(20), "{instance}");
        }
    }

    #[test]
    fn intervals_never_let_one_more_into_a_second() {
        for calls in [1, 2, 3, 5, 7, 10, 20, 1_000, 1_000_000_000, u32::MAX] {
            let interval = Pacing::per_second(Search, calls).interval(Search).unwrap();
            assert!(interval.saturating_mul(calls) >= Duration::from_secs(1), "{calls}");
        }
        assert_eq!(Pacing::off().interval(Search), None);
        assert_eq!(Pacing::per_second(Search, 5).with_rate(Search, 0), Pacing::off());
    }
}
