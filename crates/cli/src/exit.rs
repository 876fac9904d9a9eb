use std::{fmt, process::ExitCode};

use imagesearch_core::{Error, ErrorKind};

use crate::output;

/// The exit status section of `--help`. Scripts rely on it.
pub(crate) const EXIT_CODES: &str = "\
Exit status:
  0  success
  1  the call failed: the service, the network or this machine
  2  wrong usage or an invalid request; nothing was sent
  3  `demo` ran to its end, but not everything went as expected";

/// The reason for a failure of the program.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: FailureKind,
    message: String,
}

/// The kind of a failure, which decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FailureKind {
    /// The call failed.
    Call,
    /// Nothing was sent.
    Usage,
    /// The demo found a problem and has printed it.
    Verdict,
    /// The reader of the output has closed it, as `head` does.
    OutputClosed,
}

impl Failure {
    /// Creates a failure of a call, or of this machine.
    pub(crate) fn call(message: impl fmt::Display) -> Self {
        Self::new(FailureKind::Call, message)
    }

    /// Creates a usage failure: nothing was sent.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(FailureKind::Usage, message)
    }

    /// Creates the failure of a demo that has printed its problem.
    pub(crate) fn verdict(message: impl fmt::Display) -> Self {
        Self::new(FailureKind::Verdict, message)
    }

    /// Creates the silent failure of a program whose output was closed.
    pub(crate) fn output_closed() -> Self {
        Self::new(FailureKind::OutputClosed, "")
    }

    /// Prints the failure to stderr and returns the exit status.
    pub(crate) fn report(self) -> ExitCode {
        if self.kind != FailureKind::OutputClosed {
            output::note(format_args!("error: {}", self.message));
        }
        ExitCode::from(match self.kind {
            FailureKind::OutputClosed => 0,
            FailureKind::Call => 1,
            FailureKind::Usage => 2,
            FailureKind::Verdict => 3,
        })
    }

    fn new(kind: FailureKind, message: impl fmt::Display) -> Self {
        Self { kind, message: message.to_string() }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        // With its sources: nothing else prints them.
        let message = format!("{error:#}");
        match error.kind() {
            ErrorKind::Invalid
            | ErrorKind::Config
            | ErrorKind::Misuse
            | ErrorKind::Credentials
            | ErrorKind::File => Self::usage(message),
            _ => Self::call(message),
        }
    }
}
