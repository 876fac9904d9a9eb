use std::{error::Error as StdError, fmt, time::Duration};

/// A source of credentials outside the program.
///
/// `Debug` omits the arguments of a command: one of them may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// An environment variable.
    Environment(&'static str),
    /// The content of a file.
    File(String),
    /// The standard output of a program, which is started without a shell.
    Command {
        /// The program and its arguments.
        arguments: Vec<String>,
        /// The time limit; the program is killed after it.
        limit: Duration,
    },
}

impl fmt::Debug for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Environment(name) => formatter.debug_tuple("Environment").field(name).finish(),
            Self::File(path) => formatter.debug_tuple("File").field(path).finish(),
            Self::Command { arguments, limit } => formatter
                .debug_struct("Command")
                .field("program", &arguments.first())
                .field("limit", limit)
                .finish_non_exhaustive(),
        }
    }
}

/// Why a source could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// The variable, file or program does not exist.
    NotFound,
    /// It exists but cannot be read, for this reason.
    Unreadable(String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => formatter.write_str("it does not exist"),
            Self::Unreadable(why) => formatter.write_str(why),
        }
    }
}

impl StdError for LoadError {}
