use std::fmt;

/// A malformed value.
///
/// The message names what was expected, what was given and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidValue {
    message: String,
}

impl InvalidValue {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for InvalidValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for InvalidValue {}

impl From<std::convert::Infallible> for InvalidValue {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
