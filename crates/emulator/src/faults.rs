//! Faults on order: rules that say which request goes wrong, and how.

mod apply;
mod bent_body;
mod effect;
mod rule;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use sha2::{Digest, Sha256};

use crate::answer::Refusal;
use crate::glob;
use crate::subject::Subject;

pub(crate) use apply::{Circumstances, Struck, apply};
pub use effect::{ErrorEffect, FaultEffect, Reset};
pub use rule::{FaultError, FaultRule, Hop};

/// The header by which a request asks for one rule, and for no other.
pub(crate) const FAULT_HEADER: &str = "x-emulator-fault";

/// Holds the rules in their order, with what has become of each.
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
    pub(crate) fn choose(&self, subject: &Subject) -> Result<Option<Chosen>, Refusal> {
        let armed = self.armed();
        let Some(asked) = &subject.fault else {
            let hit = armed.iter().find(|it| !it.rule.when.header_only && it.hits(subject));
            return Ok(hit.map(Armed::chosen));
        };
        let named = armed.iter().find(|it| it.rule.id() == asked);
        let Some(named) = named else {
            return Err(Refusal::of("InvalidParameter").because(format!(
                "{FAULT_HEADER} names the rule `{asked}`, which is not set; PUT it to \
                 /_emulator/faults, or leave the header out"
            )));
        };
        Ok(named.hits(subject).then(|| named.chosen()))
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
    fn hits(&self, subject: &Subject) -> bool {
        if !self.matches(subject) {
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

    fn matches(&self, subject: &Subject) -> bool {
        let fits = |pattern: &Option<String>, given: Option<&str>| {
            let Some(pattern) = pattern else {
                return true;
            };
            given.is_some_and(|given| glob::matches(pattern, given))
        };
        let when = &self.rule.when;
        when.hop.is_none_or(|hop| hop == subject.hop)
            && fits(&when.action, subject.action.as_deref())
            && fits(&when.instance, subject.instance.as_deref())
            && fits(&when.account, subject.account.as_deref())
            && fits(&when.pic_name, subject.pic_name.as_deref())
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

#[cfg(test)]
mod tests;
