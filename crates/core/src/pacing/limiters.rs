use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::Limiter;
use crate::operation::QuotaGroup;

/// The limiters of a client, one for each instance and group that is paced.
#[derive(Debug, Default)]
pub(crate) struct Limiters {
    limiters: Mutex<BTreeMap<(String, QuotaGroup), Arc<Limiter>>>,
}

impl Limiters {
    /// Returns the limiter of an instance and a group, creating it if necessary.
    pub(crate) fn of(&self, instance: &str, group: QuotaGroup, now: Duration) -> Arc<Limiter> {
        let mut limiters = self.limiters.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (instance.to_owned(), group);
        if let Some(limiter) = limiters.get(&key) {
            return Arc::clone(limiter);
        }
        // Limiters must not pile up in programs that keep naming new instances.
        limiters.retain(|_, limiter| Arc::strong_count(limiter) > 1 || !limiter.is_idle(now));
        let limiter = Arc::<Limiter>::default();
        limiters.insert(key, Arc::clone(&limiter));
        limiter
    }
}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    #[test]
    fn keeps_those_that_still_matter() {
        let limiters = Limiters::default();
        let count = || limiters.limiters.lock().unwrap().len();
        let second = Duration::from_secs(1);
        let held = limiters.of("held", QuotaGroup::Search, second);
        let _ = limiters.of("idle", QuotaGroup::Search, second);
        let busy = limiters.of("busy", QuotaGroup::Search, second);
        busy.join().start(second, second, Waker::noop());
        drop(busy);
        assert_eq!(count(), 2, "the idle one went when the third came");
        assert!(Arc::ptr_eq(&held, &limiters.of("held", QuotaGroup::Search, second)));
        let _ = limiters.of("held", QuotaGroup::Add, second * 2);
        assert_eq!(count(), 2, "the busy one has become idle");
    }
}
