use std::fmt;

use serde::{Deserialize, Serialize};

/// The two numbers of the old ranking, `"<score>;<order>"`; deprecated by the service.
///
/// The raw text is kept, so that an unexpected form is not lost.
///
/// ```
/// # use imagesearch_core::values::SortExprValues;
/// let values = SortExprValues::from("5.37633353624177e+24;0");
/// assert_eq!(values.score(), Some(5.37633353624177e24));
/// assert_eq!(values.order(), Some(0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SortExprValues(String);

impl SortExprValues {
    /// Returns the raw text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first number; higher is more similar.
    pub fn score(&self) -> Option<f64> {
        self.0.split(';').next()?.trim().parse().ok()
    }

    /// Returns the second number.
    pub fn order(&self) -> Option<i64> {
        self.0.split(';').nth(1)?.trim().parse().ok()
    }
}

impl From<String> for SortExprValues {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for SortExprValues {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for SortExprValues {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
