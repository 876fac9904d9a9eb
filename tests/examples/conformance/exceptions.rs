//! `exceptions.json`: what is not as it is elsewhere, each with its reason.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;

use crate::Outcome;
use crate::case::Case;
use crate::sdk::Sdk;

/// All exceptions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Exceptions {
    unseen: Vec<Unseen>,
    lacking: Vec<Lacking>,
    differing: Vec<Differing>,
}

/// What an SDK knows but is not seen.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Unseen {
    /// The starts of fields that are not answered.
    #[serde(default)]
    fields: Vec<String>,
    /// The starts of parameters that are not sent.
    #[serde(default)]
    parameters: Vec<String>,
    operations: Vec<String>,
    reason: String,
}

/// What the release of an SDK does not have, though the API does.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lacking {
    sdk: String,
    operations: Vec<String>,
    /// Parameters by `Operation.Parameter`.
    parameters: Vec<String>,
    reason: String,
}

/// A case that an SDK sends otherwise than the others, so that it is refused otherwise.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Differing {
    sdk: String,
    case: String,
    code: String,
    reason: String,
}

impl Exceptions {
    pub(crate) fn read(sources: &Path) -> Outcome<Self> {
        let path = sources.join("exceptions.json");
        let text = std::fs::read_to_string(&path)?;
        let all: Self =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        let reasons = all.unseen.iter().map(|it| &it.reason);
        let reasons = reasons.chain(all.lacking.iter().map(|it| &it.reason));
        let mut reasons = reasons.chain(all.differing.iter().map(|it| &it.reason));
        if reasons.any(|it| it.trim().is_empty()) {
            return Err(format!("{}: an exception has no reason", path.display()).into());
        }
        Ok(all)
    }

    /// Returns the code that a case is refused with; none if it must go well.
    pub(crate) fn code<'a>(&'a self, sdk: Sdk, case: &'a Case) -> Option<&'a str> {
        let mut differing = self.differing.iter();
        let found = differing.find(|it| it.sdk == sdk.name() && it.case == case.name);
        found.map(|it| it.code.as_str()).or(case.code.as_deref())
    }

    pub(crate) fn excuses_field(&self, operation: &str, field: &str) -> bool {
        self.of(operation).any(|it| it.fields.iter().any(|start| field.starts_with(start)))
    }

    pub(crate) fn excuses_parameter(&self, operation: &str, parameter: &str) -> bool {
        self.of(operation).any(|it| it.parameters.iter().any(|start| parameter.starts_with(start)))
    }

    fn of(&self, operation: &str) -> impl Iterator<Item = &Unseen> {
        self.unseen.iter().filter(move |it| it.operations.iter().any(|name| name == operation))
    }

    /// Lists what an SDK lacks that is not listed here, and what is listed but is not lacking.
    pub(crate) fn wrong_about(&self, sdk: Sdk, lacking: &BTreeSet<String>) -> Vec<String> {
        let name = sdk.name();
        let listed = self.lacking.iter().filter(|it| it.sdk == name);
        let listed: BTreeSet<&String> =
            listed.flat_map(|it| it.operations.iter().chain(&it.parameters)).collect();
        let missing = lacking.iter().filter(|it| !listed.contains(it));
        let stale = listed.iter().filter(|it| !lacking.contains(**it));
        missing
            .map(|it| format!("{name}: the SDK has no {it}, and exceptions.json does not say so"))
            .chain(stale.map(|it| format!("exceptions.json: the {name} SDK does have {it}")))
            .collect()
    }
}
