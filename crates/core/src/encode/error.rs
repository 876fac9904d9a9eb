use std::fmt;

use crate::caret::CaretError;

/// Why parameters cannot be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlaceError {
    /// A parameter is not in the operation's table.
    Unknown(UnknownParameter),
    /// The `^` body cannot be written.
    Caret(CaretError),
}

impl fmt::Display for PlaceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(error) => error.fmt(formatter),
            Self::Caret(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for PlaceError {}

impl From<UnknownParameter> for PlaceError {
    fn from(error: UnknownParameter) -> Self {
        Self::Unknown(error)
    }
}

impl From<CaretError> for PlaceError {
    fn from(error: CaretError) -> Self {
        Self::Caret(error)
    }
}

/// A parameter that the operation's table does not have, so that nothing says where it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownParameter {
    /// The name that was given.
    pub name: String,
    /// The known name that was probably meant.
    pub suggestion: Option<&'static str>,
}

impl fmt::Display for UnknownParameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is not a parameter of this operation", self.name.escape_debug())?;
        match self.suggestion {
            Some(name) => write!(formatter, "; did you mean `{name}`?"),
            None => write!(
                formatter,
                "; say `query:{0}` or `form:{0}` if it is newer than this version",
                self.name.escape_debug()
            ),
        }
    }
}

impl std::error::Error for UnknownParameter {}
