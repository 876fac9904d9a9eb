use std::{fmt, process::ExitCode};

use imagesearch_core::{Error, ErrorKind};

use crate::output;

/// What `--help` says about the exit status; scripts rely on it.
pub(crate) const EXIT_CODES: &str = "\
Exit status:
  0  done
  1  the call failed: the service refused it, or the network or this machine did
  2  wrong usage or an invalid request; nothing was sent
  3  `demo` ran to its end, but not all went as expected";

/// Why the program ends without having done what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    kind: FailureKind,
    message: String,
}

/// Which exit status a failure leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FailureKind {
    /// The call failed.
    Call,
    /// Nothing was sent.
    Usage,
    /// The demo's verdict is bad; the verdict has been printed.
    Verdict,
    /// Whoever read the output has gone, as `head` does when it has seen enough.
    OutputClosed,
}

impl Failure {
    /// Creates a failure of a call, or of this machine.
    pub(crate) fn call(message: impl fmt::Display) -> Self {
        Self::new(FailureKind::Call, message)
    }

    /// Creates a failure of usage: nothing was sent.
    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(FailureKind::Usage, message)
    }

    /// Creates the failure of a demo whose verdict has been printed.
    pub(crate) fn verdict(message: impl fmt::Display) -> Self {
        Self::new(FailureKind::Verdict, message)
    }

    /// Creates the quiet end of a program nobody listens to any more.
    pub(crate) fn output_closed() -> Self {
        Self::new(FailureKind::OutputClosed, "")
    }

    /// Says on stderr what went wrong and returns the exit status.
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
        match error.kind() {
            ErrorKind::Invalid
            | ErrorKind::Config
            | ErrorKind::Misuse
            | ErrorKind::Credentials
            | ErrorKind::File => Self::usage(error),
            _ => Self::call(error),
        }
    }
}
