use std::{error::Error as StdError, fmt};

/// What the rules of a mock expected and did not get.
///
/// `Debug` is as readable as `Display`, for `mock.verify().unwrap()`.
#[derive(Clone, PartialEq, Eq)]
pub struct Unsatisfied {
    problems: Vec<String>,
}

impl Unsatisfied {
    pub(super) fn check(problems: Vec<String>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self { problems }) }
    }

    /// Returns a line for each rule that expects more calls, and each call that no rule matched.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }
}

impl fmt::Display for Unsatisfied {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the calls were not as the mock expects")?;
        self.problems.iter().try_for_each(|problem| write!(formatter, "\n  - {problem}"))
    }
}

impl fmt::Debug for Unsatisfied {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl StdError for Unsatisfied {}
