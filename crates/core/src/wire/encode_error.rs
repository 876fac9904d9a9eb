use std::fmt;

use crate::caret::CaretError;

/// Why parameters cannot be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// A parameter is not in the operation's table.
    Unknown(UnknownParameter),
    /// The `^` body is invalid.
    Caret(CaretError),
    /// A field was put into the form of an operation that has another body.
    NoForm {
        /// The name of the field.
        name: String,
    },
}

impl fmt::Display for EncodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(error) => error.fmt(formatter),
            Self::Caret(error) => error.fmt(formatter),
            Self::NoForm { name } => {
                let name = name.escape_debug();
                write!(formatter, "`{name}` cannot be sent in a form: the operation has no form")
            }
        }
    }
}

impl std::error::Error for EncodeError {}

impl From<UnknownParameter> for EncodeError {
    fn from(error: UnknownParameter) -> Self {
        Self::Unknown(error)
    }
}

impl From<CaretError> for EncodeError {
    fn from(error: CaretError) -> Self {
        Self::Caret(error)
    }
}

/// A parameter that the operation's table does not have, so that its location is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownParameter {
    /// The given name.
    pub name: String,
    /// The most similar known name.
    pub suggestion: Option<&'static str>,
}

impl fmt::Display for UnknownParameter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` is not a parameter of this operation", self.name.escape_debug())?;
        match self.suggestion {
            Some(name) => write!(formatter, "; did you mean `{name}`?"),
            None => formatter.write_str(
                "; if it is newer than this version, say whether it travels in the query or the form",
            ),
        }
    }
}

impl std::error::Error for UnknownParameter {}
