//! Faults on order: rules that say which request goes wrong, and how.

pub(crate) mod apply;
mod broken_body;
pub(crate) mod effect;
pub(crate) mod rule;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use imagesearch_core::values::Timestamp;
use sha2::{Digest, Sha256};
use wildmatch::WildMatch;

use super::identify::{FAULT_HEADER, RequestSummary};
use crate::service::clock::Clock;
use crate::service::refusal::Refusal;
use effect::FaultEffect;
use rule::{FaultError, FaultRule};

/// The rules in order, with their counts.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: RwLock<Arc<[Armed]>>,
}

/// What goes wrong with a request, and the rule that says so.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Chosen {
    pub(crate) rule: String,
    pub(crate) effect: FaultEffect,
}

/// A rule, how many requests have matched it, and how many of them it has hit.
#[derive(Debug)]
struct Armed {
    rule: FaultRule,
    matched: Mutex<u64>,
    hits: AtomicU64,
}

impl Faults {
    /// Replaces all rules; they count from zero again.
    pub(crate) fn set(&self, rules: Vec<FaultRule>) -> Result<(), FaultError> {
        rule::check_all(&rules)?;
        let armed = rules.into_iter().map(|rule| Armed {
            rule,
            matched: Mutex::default(),
            hits: AtomicU64::new(0),
        });
        *self.armed.write().unwrap_or_else(PoisonError::into_inner) = armed.collect();
        Ok(())
    }

    /// Lists the rules with their hits.
    pub(crate) fn list(&self) -> Vec<(FaultRule, u64)> {
        self.armed().iter().map(|it| (it.rule.clone(), it.hits.load(Ordering::SeqCst))).collect()
    }

    /// Counts the hits of each rule, by id.
    pub(crate) fn hits(&self) -> BTreeMap<String, u64> {
        self.list().into_iter().map(|(rule, hits)| (rule.id().to_owned(), hits)).collect()
    }

    /// Chooses what goes wrong with a request: the first rule that matches decides.
    pub(crate) fn choose(&self, summary: &RequestSummary) -> Result<Option<Chosen>, Refusal> {
        let armed = self.armed();
        let Some(asked) = &summary.fault else {
            let hit = armed.iter().find(|it| !it.rule.when.header_only && it.should_fire(summary));
            return Ok(hit.map(Armed::chosen));
        };
        let named = armed.iter().find(|it| it.rule.id() == asked);
        let Some(named) = named else {
            return Err(Refusal::of("InvalidParameter").because(format!(
                "{FAULT_HEADER} names the rule `{asked}`, which is not set; PUT it to \
                 /_emulator/faults, or leave the header out"
            )));
        };
        Ok(named.should_fire(summary).then(|| named.chosen()))
    }

    fn armed(&self) -> Arc<[Armed]> {
        Arc::clone(&self.armed.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Armed {
    fn chosen(&self) -> Chosen {
        Chosen { rule: self.rule.id().to_owned(), effect: self.rule.effect.clone() }
    }

    /// Decides about a request, and counts it.
    fn should_fire(&self, summary: &RequestSummary) -> bool {
        if !self.matches(summary) {
            return false;
        }
        // Held throughout, so that `times` is exact however many requests come at once.
        let mut matched = self.matched.lock().unwrap_or_else(PoisonError::into_inner);
        let hits = self.hits.load(Ordering::SeqCst);
        if self.rule.times.is_some_and(|times| hits >= times) {
            return false;
        }
        *matched += 1;
        let when = &self.rule.when;
        let counted = when.nth.is_empty() || when.nth.contains(&matched);
        let hit = counted && when.probability.is_none_or(|least| self.draw(*matched) < least);
        if hit {
            self.hits.store(hits + 1, Ordering::SeqCst);
        }
        hit
    }

    fn matches(&self, summary: &RequestSummary) -> bool {
        let fits = |pattern: &Option<String>, given: Option<&str>| {
            let Some(pattern) = pattern else {
                return true;
            };
            given.is_some_and(|given| WildMatch::new(pattern).matches(given))
        };
        let when = &self.rule.when;
        when.hop.is_none_or(|hop| hop == summary.hop)
            && fits(&when.action, summary.action.as_deref())
            && fits(&when.instance, summary.instance.as_deref())
            && fits(&when.account, summary.account.as_deref())
            && fits(&when.pic_name, summary.pic_name.as_deref())
    }

    /// Draws a number from 0 up to 1 for the n-th request: the same in every run.
    fn draw(&self, matched: u64) -> f64 {
        let mut hash = Sha256::new();
        hash.update(self.rule.seed.to_be_bytes());
        hash.update(matched.to_be_bytes());
        hash.update(self.rule.id().as_bytes());
        let digest = hash.finalize();
        let bits = digest.iter().take(8).fold(0, |bits, byte| bits << 8 | u64::from(*byte));
        // A float holds 53 bits exactly.
        (bits >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// In what a request is answered other than usual.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Circumstances {
    /// How far ahead the clock is, in seconds.
    pub(crate) skew: i64,
    /// Whether policies have expired.
    pub(crate) expired_policy: bool,
}

impl Circumstances {
    /// Returns the time as this request sees it.
    pub(crate) fn now(self, clock: &Clock) -> Timestamp {
        let milliseconds = clock.now().as_millisecond();
        Timestamp::from_millisecond(milliseconds.saturating_add(self.skew.saturating_mul(1000)))
    }
}

#[cfg(test)]
mod tests;
