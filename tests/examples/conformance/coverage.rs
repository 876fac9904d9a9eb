//! What was seen of each operation, beside what the SDK knows of it.

use std::collections::{BTreeMap, BTreeSet};

use imagesearch_core::operations::OPERATIONS;
use imagesearch_emulator::RequestRecord;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Outcome;
use crate::case::{Case, NEWEST};
use crate::exceptions::Exceptions;
use crate::sdk::Sdk;

/// What the runs of one SDK have shown.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    known: BTreeMap<String, Known>,
    pub(crate) seen: BTreeMap<String, Operation>,
    /// The ids of answers to the SDK's generic call, which has no types.
    untyped: BTreeSet<String>,
    lacking: BTreeSet<String>,
    failures: Vec<String>,
    cases: usize,
    not_run: usize,
}

/// What an SDK's types for an operation have.
#[derive(Debug, Deserialize)]
struct Known {
    parameters: BTreeSet<String>,
    fields: BTreeSet<String>,
}

/// What passed between an SDK and the emulator for an operation.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct Operation {
    pub(crate) parameters: BTreeSet<String>,
    pub(crate) fields: BTreeSet<String>,
    pub(crate) codes: BTreeSet<String>,
}

impl Coverage {
    /// Takes the list of what the SDK knows.
    pub(crate) fn learn(&mut self, known: &Value) -> Outcome<()> {
        self.known = serde_json::from_value(known.clone())?;
        let operations = OPERATIONS.iter().filter(|it| it.version == NEWEST);
        let unknown = operations.filter(|it| !self.known.contains_key(it.name));
        self.lacking.extend(unknown.map(|it| it.name.to_owned()));
        Ok(())
    }

    /// Returns what is wrong with the way in which a driver has run a case, or nothing: what the SDK has no
    /// types for goes by its generic call, or not at all if there is something to upload.
    pub(crate) fn wrong_way(&mut self, case: &Case, told: &Value) -> Option<String> {
        let lacks = self.lacks(case);
        let is_typed = lacks.is_empty();
        self.lacking.extend(lacks);
        let expected = match (is_typed, case.advance) {
            (true, _) => [false, false],
            (false, false) => [true, false],
            (false, true) => [false, true],
        };
        let told = ["generic", "not_run"].map(|name| told[name] == true);
        (told != expected).then(|| format!("generic, not_run are {told:?}, not {expected:?}"))
    }

    /// Lists what a case needs and the SDK has no types for.
    fn lacks(&self, case: &Case) -> Vec<String> {
        let Some(known) = self.known.get(&case.operation) else {
            return vec![case.operation.clone()];
        };
        let unknown = case.parameters.keys().filter(|name| !known.parameters.contains(*name));
        unknown.map(|name| format!("{}.{name}", case.operation)).collect()
    }

    /// Takes the outcome of a case.
    pub(crate) fn note(&mut self, case: &Case, told: &Value, mistake: Option<String>) {
        if told["not_run"] == true && mistake.is_none() {
            self.not_run += 1;
            return;
        }
        self.cases += 1;
        if let Some(mistake) = mistake {
            self.failures.push(format!("{}: {mistake}", case.name));
            return;
        }
        let seen = self.seen.entry(case.operation.clone()).or_default();
        if let Some(code) = told["error"]["code"].as_str() {
            seen.codes.insert(code.to_owned());
            return;
        }
        if told["generic"] == true {
            self.untyped.extend(told["body"]["RequestId"].as_str().map(str::to_owned));
            return;
        }
        let fields = told["fields"].as_array().into_iter().flatten();
        seen.fields.extend(fields.filter_map(Value::as_str).map(str::to_owned));
    }

    /// Takes a call that was answered: of the names that arrived with it, only parameters count.
    pub(crate) fn note_sent(&mut self, request: &RequestRecord) {
        let operation = request.action.as_deref().unwrap_or_default();
        let Some(known) = self.known.get(operation) else { return };
        if self.untyped.contains(&request.request_id) {
            return;
        }
        let sent = request.keys.iter().filter(|name| known.parameters.contains(*name));
        self.seen.entry(operation.to_owned()).or_default().parameters.extend(sent.cloned());
    }

    /// Says in a few words how much was run.
    pub(crate) fn summary(&self) -> String {
        match self.not_run {
            0 => format!("{} cases", self.cases),
            some => format!("{} cases ({some} more that it has no types for)", self.cases),
        }
    }

    /// Lists cases that failed, and what the SDK knows but nothing sent or brought.
    pub(crate) fn problems(&self, sdk: Sdk, exceptions: &Exceptions) -> Vec<String> {
        let mut problems: Vec<_> =
            self.failures.iter().map(|failure| format!("{}: {failure}", sdk.name())).collect();
        problems.extend(exceptions.wrong_about(sdk, &self.lacking));
        let nothing = Operation::default();
        for (name, known) in &self.known {
            let seen = self.seen.get(name).unwrap_or(&nothing);
            for parameter in known.parameters.difference(&seen.parameters) {
                if !exceptions.excuses_parameter(name, parameter) {
                    problems.push(format!("{}: {name} was never sent {parameter}", sdk.name()));
                }
            }
            for field in known.fields.difference(&seen.fields) {
                if !exceptions.excuses_field(name, field) {
                    problems.push(format!("{}: {name} never answered {field}", sdk.name()));
                }
            }
            for field in &seen.fields {
                if exceptions.excuses_field(name, field) {
                    problems.push(format!("exceptions.json: {name} does answer {field}"));
                }
            }
            for parameter in &seen.parameters {
                if exceptions.excuses_parameter(name, parameter) {
                    problems.push(format!("exceptions.json: {name} is sent {parameter}"));
                }
            }
        }
        problems
    }
}
