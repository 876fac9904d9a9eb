//! The cases, which all drivers read from the same file.

use std::path::Path;

use imagesearch_core::errors::ErrorCode;
use imagesearch_core::operation::{Location, Operation};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::Outcome;

/// The version of the API that the SDKs are for.
pub(crate) const NEWEST: &str = "2020-12-14";

/// All cases, in the order in which they build on one another.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cases {
    pub(crate) cases: Vec<Case>,
}

/// One call and what must come of it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) operation: String,
    /// Whether pictures are streams that the SDK uploads first.
    #[serde(default)]
    pub(crate) advance: bool,
    /// Which of the runner's keys to sign with.
    #[serde(default = "ordinary")]
    pub(crate) key: String,
    /// Values by wire name; pictures and what earlier cases saved are objects.
    pub(crate) parameters: Map<String, Value>,
    /// Which parameters travel in the query, for calls by an SDK that has no types for them.
    #[serde(skip_deserializing)]
    in_query: Vec<&'static str>,
    /// What to keep of the answer for later cases: names and paths.
    #[serde(default)]
    pub(crate) save: Map<String, Value>,
    /// A field that the call is repeated for until it has a value.
    #[serde(default)]
    pub(crate) until: Option<Value>,
    /// Values that fields of the answer must have, by path.
    #[serde(default)]
    pub(crate) holds: Map<String, Value>,
    /// The code of the refusal that must come instead of an answer.
    #[serde(default)]
    pub(crate) code: Option<String>,
}

impl Cases {
    pub(crate) fn read(sources: &Path) -> Outcome<Self> {
        let path = sources.join("cases.json");
        let text = std::fs::read_to_string(&path)?;
        let mut cases: Self =
            serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        for case in &mut cases.cases {
            let operation = Operation::find(NEWEST, &case.operation);
            let parameters = operation.into_iter().flat_map(|it| it.parameters);
            let in_query = parameters.filter(|it| it.location == Location::Query);
            case.in_query = in_query.map(|it| it.name).collect();
        }
        Ok(cases)
    }
}

impl Case {
    /// Returns what is wrong with the outcome that a driver told, or nothing; `code` is that of the refusal
    /// that must come.
    pub(crate) fn mistake(&self, told: &Value, code: Option<&str>) -> Option<String> {
        if told["not_run"] == true {
            return None;
        }
        let error = &told["error"];
        match (code, error.is_object()) {
            (Some(code), true) => {
                let right = error["code"].as_str() == Some(code) && has_status(code, error);
                (!right).then(|| format!("{code} expected: {error}"))
            }
            (Some(code), false) => Some(format!("{code} expected, but it went well")),
            (None, true) => Some(error.to_string()),
            (None, false) => self.holds.iter().find_map(|(path, expected)| {
                let found = at(&told["body"], path);
                (!same(found, expected))
                    .then(|| format!("{path} should be {expected}, not {found}: {}", told["body"]))
            }),
        }
    }
}

/// Finds a value by a path like `Auctions.0.Score`.
fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').fold(value, |value, part| match part.parse::<usize>() {
        Ok(index) => &value[index],
        Err(_) => &value[part],
    })
}

/// Returns whether an error has one of the documented statuses of its code.
fn has_status(code: &str, error: &Value) -> bool {
    let described = ErrorCode::from(code).description();
    let statuses = described.map(|it| it.http).unwrap_or_default();
    statuses.iter().any(|status| error["status"].as_u64() == Some(u64::from(*status)))
}

/// Compares values; SDKs turn numbers into texts and whole numbers into floats at will.
fn same(found: &Value, expected: &Value) -> bool {
    match (found.as_f64(), expected.as_f64()) {
        (Some(found), Some(expected)) => found == expected,
        _ => found == expected,
    }
}

fn ordinary() -> String {
    "ordinary".to_owned()
}
