use std::fmt;

use serde::Serialize;

use crate::{caret::CaretError, operation::Operation};

/// One documented limit that a request breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// The wire name of the parameter, or several joined with `+`.
    pub parameter: String,
    /// The limit, or what is wrong and what to do.
    pub limit: String,
    /// The given value, shortened; `None` if `limit` contains it.
    pub actual: Option<String>,
    /// The error code that the service would return, if one is documented.
    pub code: Option<&'static str>,
    /// The documentation page of the operation.
    pub documentation: &'static str,
}

impl Violation {
    pub(crate) fn new(
        parameter: &str,
        limit: String,
        actual: String,
        code: Option<&'static str>,
    ) -> Self {
        Self {
            parameter: parameter.to_owned(),
            limit,
            actual: Some(actual),
            code,
            documentation: "",
        }
    }

    pub(crate) fn missing(parameter: &str, code: Option<&'static str>) -> Self {
        Self::sentence(parameter, "missing; it must be set".to_owned(), code)
    }

    pub(crate) fn unknown(parameter: &str, suggestion: Option<&'static str>) -> Self {
        let problem = match suggestion {
            Some(name) => format!("not a parameter of this operation; did you mean `{name}`?"),
            None => "not a parameter of this operation".to_owned(),
        };
        Self::sentence(parameter, problem, None)
    }

    /// Creates a violation from an error in a `^` body.
    pub(crate) fn caret(operation: &Operation, error: &CaretError) -> Self {
        Self {
            documentation: operation.documentation,
            ..Self::sentence("body", error.to_string(), error.code())
        }
    }

    /// Creates a violation with a complete sentence as message.
    pub(crate) fn sentence(parameter: &str, problem: String, code: Option<&'static str>) -> Self {
        Self { actual: None, ..Self::new(parameter, problem, String::new(), code) }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.actual {
            Some(actual) => {
                write!(formatter, "{} {}, not {actual}", self.parameter, self.limit)?;
            }
            // A complete sentence about the picture or the filter.
            None => write!(formatter, "{}: {}", self.parameter, self.limit)?,
        }
        match self.code {
            Some(code) => write!(formatter, " (the service returns {code})"),
            None => Ok(()),
        }
    }
}
