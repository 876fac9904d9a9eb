use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::InvalidValue;

/// The number of an export or batch task.
///
/// The service writes it as a string when it starts a task and as a number when it lists tasks;
/// both are accepted.
///
/// ```
/// # use imagesearch_core::values::TaskId;
/// assert_eq!("1474".parse::<TaskId>()?, TaskId::new(1474));
/// # Ok::<(), imagesearch_core::values::InvalidValue>(())
/// ```
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct TaskId(i64);

impl TaskId {
    /// Creates an id from the number of a task.
    pub const fn new(id: i64) -> Self {
        Self(id)
    }

    /// Returns the number.
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl From<i64> for TaskId {
    fn from(id: i64) -> Self {
        Self(id)
    }
}

impl FromStr for TaskId {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse()
            .map(Self)
            .map_err(|_| InvalidValue::new(format!("task id must be a whole number, not `{text}`")))
    }
}

impl fmt::Display for TaskId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
