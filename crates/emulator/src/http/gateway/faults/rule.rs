//! What a rule says: which requests, how often, and what happens to them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::effect::FaultEffect;
use crate::http::gateway::hop::Hop;

/// A fault rule: which requests it hits, how often, and what happens to them.
///
/// The first rule that matches a request applies, and counts a hit. A rule without conditions
/// matches every request. Names may contain `*` for any characters and `?` for one.
///
/// ```
/// use imagesearch_emulator::{Emulator, ErrorEffect, FaultEffect, FaultRule, Hop};
///
/// let throttled = FaultRule::new("throttled", FaultEffect::Error(ErrorEffect::new("Throttling.User")))
///     .action("SearchImageByPic")
///     .hop(Hop::Api)
///     .nth([2, 3]);
/// let emulator = Emulator::builder().faults([throttled]).start()?;
/// assert_eq!(emulator.fault_hits()["throttled"], 0);
/// # Ok::<(), imagesearch_emulator::StartError>(())
/// ```
///
/// The same in JSON, for the command line and the admin API:
///
/// ```
/// use imagesearch_emulator::FaultRule;
///
/// let rules = FaultRule::list_from_json(
///     r#"[{ "id": "throttled",
///           "match": { "action": "SearchImageByPic", "hop": "api", "nth": [2, 3] },
///           "effect": { "error": { "code": "Throttling.User" } } }]"#,
/// )?;
/// assert_eq!(rules[0].id(), "throttled");
/// # Ok::<(), imagesearch_emulator::FaultError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct FaultRule {
    id: String,
    #[serde(rename = "match", default)]
    pub(super) when: Match,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) times: Option<u64>,
    #[serde(default)]
    pub(super) seed: u64,
    pub(super) effect: FaultEffect,
}

/// The conditions of a rule, all of which must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Match {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) action: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) hop: Option<Hop>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) instance: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) pic_name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) nth: Vec<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) probability: Option<f64>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) header_only: bool,
}

impl FaultRule {
    /// Creates a rule with a unique id.
    pub fn new(id: impl Into<String>, effect: FaultEffect) -> Self {
        Self { id: id.into(), when: Match::default(), times: None, seed: 0, effect }
    }

    /// Parses a JSON array of rules.
    ///
    /// # Errors
    ///
    /// The text is not JSON, a field is unknown or out of range, or two rules have the same id.
    pub fn list_from_json(text: &str) -> Result<Vec<Self>, FaultError> {
        let rules: Vec<Self> = serde_json::from_str(text).map_err(|error| FaultError {
            rule: None,
            reason: format!("{error}; an array of rules with id and effect is expected"),
        })?;
        check_all(&rules)?;
        Ok(rules)
    }

    /// Hits only operations of this name, such as `AddImage`, `Search*` or `PostObject`.
    pub fn action(mut self, name: impl Into<String>) -> Self {
        self.when.action = Some(name.into());
        self
    }

    /// Hits only one kind of request.
    pub fn hop(mut self, hop: Hop) -> Self {
        self.when.hop = Some(hop);
        self
    }

    /// Hits only calls to this instance; uploads and their authorizations belong to none.
    pub fn instance(mut self, name: impl Into<String>) -> Self {
        self.when.instance = Some(name.into());
        self
    }

    /// Hits only what was signed with this access key id.
    pub fn account(mut self, access_key_id: impl Into<String>) -> Self {
        self.when.account = Some(access_key_id.into());
        self
    }

    /// Hits only calls with this `PicName`.
    pub fn pic_name(mut self, name: impl Into<String>) -> Self {
        self.when.pic_name = Some(name.into());
        self
    }

    /// Hits only these of the requests that meet the other conditions, counted from 1.
    pub fn nth(mut self, numbers: impl IntoIterator<Item = u64>) -> Self {
        self.when.nth = numbers.into_iter().collect();
        self
    }

    /// Sets the probability of a hit, from 0 for never to 1 for always.
    ///
    /// It is determined by seed, id and the number of the request: 30 % are the same 30 % in every
    /// run.
    pub fn probability(mut self, probability: f64) -> Self {
        self.when.probability = Some(probability);
        self
    }

    /// Sets the seed of the probability. The default is 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets the maximum number of hits.
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Hits only requests that ask for it with the header `x-emulator-fault: <id>`.
    ///
    /// A request with that header is hit by no other rule.
    pub fn header_only(mut self) -> Self {
        self.when.header_only = true;
        self
    }

    /// Returns the id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Returns what happens to the requests that are hit.
    pub fn effect(&self) -> &FaultEffect {
        &self.effect
    }

    fn check(&self) -> Result<(), FaultError> {
        let refuse = |reason: String| Err(FaultError { rule: Some(self.id.clone()), reason });
        if self.id.is_empty() || !self.id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return refuse(
                "id must be ASCII without blanks, since it is sent in a header".to_owned(),
            );
        }
        if let Some(given) = self.when.probability.filter(|it| !(0.0..=1.0).contains(it)) {
            return refuse(format!("probability must be from 0 to 1, not {given}"));
        }
        if self.when.nth.contains(&0) {
            return refuse("nth counts from 1, so it cannot contain 0".to_owned());
        }
        if self.times == Some(0) {
            return refuse("times must be at least 1; omit the rule instead".to_owned());
        }
        self.effect.check().or_else(refuse)
    }
}

/// Checks every rule, and that no two have one id.
pub(super) fn check_all(rules: &[FaultRule]) -> Result<(), FaultError> {
    let mut ids = BTreeSet::new();
    for rule in rules {
        rule.check()?;
        if !ids.insert(&rule.id) {
            return Err(FaultError {
                rule: Some(rule.id.clone()),
                reason: "another rule has the same id; hits are counted by it".to_owned(),
            });
        }
    }
    Ok(())
}

/// Why a rule is invalid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fault rule{}: {reason}", .rule.as_ref().map(|id| format!(" `{id}`")).unwrap_or_default())]
pub struct FaultError {
    rule: Option<String>,
    reason: String,
}
