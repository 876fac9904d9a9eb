//! What was seen of each operation, beside what the SDK knows of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use imagesearch_core::operations::OPERATIONS;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Outcome;
use crate::case::Case;
use crate::sdk::Sdk;

/// What the runs of one SDK have shown.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    known: BTreeMap<String, Known>,
    pub(crate) seen: BTreeMap<String, Operation>,
    failures: Vec<String>,
    cases: usize,
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

/// What need not be seen, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exceptions {
    exceptions: Vec<Exception>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exception {
    /// The starts of fields that are not answered.
    #[serde(default)]
    fields: Vec<String>,
    /// The starts of parameters that are not sent.
    #[serde(default)]
    parameters: Vec<String>,
    operations: Vec<String>,
    reason: String,
}

impl Exception {
    fn covers_field(&self, operation: &str, field: &str) -> bool {
        self.covers(operation) && self.fields.iter().any(|start| field.starts_with(start))
    }

    fn covers_parameter(&self, operation: &str, parameter: &str) -> bool {
        self.covers(operation) && self.parameters.iter().any(|start| parameter.starts_with(start))
    }

    fn covers(&self, operation: &str) -> bool {
        self.operations.iter().any(|it| it == operation)
    }
}

impl Coverage {
    /// Takes the list of what the SDK knows.
    pub(crate) fn learn(&mut self, known: &Value) -> Outcome<()> {
        self.known = serde_json::from_value(known.clone())?;
        Ok(())
    }

    /// Takes the outcome of a case.
    pub(crate) fn note(&mut self, case: &Case, told: &Value, mistake: Option<String>) {
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
        let fields = told["fields"].as_array().into_iter().flatten();
        seen.fields.extend(fields.filter_map(Value::as_str).map(str::to_owned));
    }

    /// Takes the names of what arrived with a call that was answered, of which only parameters count.
    pub(crate) fn note_sent(&mut self, operation: &str, names: &[String]) {
        let Some(known) = self.known.get(operation) else { return };
        let sent = names.iter().filter(|name| known.parameters.contains(*name));
        self.seen.entry(operation.to_owned()).or_default().parameters.extend(sent.cloned());
    }

    pub(crate) fn cases(&self) -> usize {
        self.cases
    }

    /// Lists cases that failed, and what the SDK knows but nothing sent or brought.
    pub(crate) fn problems(&self, sdk: Sdk, sources: &Path) -> Outcome<Vec<String>> {
        let text = std::fs::read_to_string(sources.join("exceptions.json"))?;
        let Exceptions { exceptions } = serde_json::from_str(&text)?;
        if let Some(bare) = exceptions.iter().find(|it| it.reason.trim().is_empty()) {
            return Err(format!("exceptions.json: no reason for {:?}", bare.fields).into());
        }
        let mut problems: Vec<_> =
            self.failures.iter().map(|failure| format!("{}: {failure}", sdk.name())).collect();
        for operation in OPERATIONS.iter().filter(|it| it.version == "2020-12-14") {
            if !self.known.contains_key(operation.name) {
                problems.push(format!("{}: the driver knows no {}", sdk.name(), operation.name));
            }
        }
        let nothing = Operation::default();
        for (name, known) in &self.known {
            let seen = self.seen.get(name).unwrap_or(&nothing);
            for parameter in known.parameters.difference(&seen.parameters) {
                if !exceptions.iter().any(|it| it.covers_parameter(name, parameter)) {
                    problems.push(format!("{}: {name} was never sent {parameter}", sdk.name()));
                }
            }
            for field in known.fields.difference(&seen.fields) {
                if !exceptions.iter().any(|it| it.covers_field(name, field)) {
                    problems.push(format!("{}: {name} never answered {field}", sdk.name()));
                }
            }
            for field in &seen.fields {
                if exceptions.iter().any(|it| it.covers_field(name, field)) {
                    problems.push(format!("exceptions.json: {name} does answer {field}"));
                }
            }
            for parameter in &seen.parameters {
                if exceptions.iter().any(|it| it.covers_parameter(name, parameter)) {
                    problems.push(format!("exceptions.json: {name} is sent {parameter}"));
                }
            }
        }
        Ok(problems)
    }
}
