use std::fmt;

use serde::Serialize;

use crate::{caret::CaretError, operation::Operation};

/// One way in which a request breaks what the documentation fixes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// The wire name of the parameter, or several with `+` between them.
    pub parameter: String,
    /// What the documentation says of it, or what is wrong and what to do.
    pub limit: String,
    /// What was given, shortened; absent where `limit` says it.
    pub actual: Option<String>,
    /// The code that the service would answer, where one is documented.
    pub code: Option<&'static str>,
    /// The vendor's page about the operation.
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

    /// Makes the violation of a `^` body that cannot be written.
    pub(crate) fn caret(operation: &Operation, error: &CaretError) -> Self {
        Self {
            documentation: operation.documentation,
            ..Self::sentence("body", error.to_string(), error.code())
        }
    }

    /// Makes a violation whose message is a sentence of its own.
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
            // A sentence of its own, about the picture or the filter.
            None => write!(formatter, "{}: {}", self.parameter, self.limit)?,
        }
        match self.code {
            Some(code) => write!(formatter, " (the service answers {code})"),
            None => Ok(()),
        }
    }
}
