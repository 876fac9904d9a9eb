//! How a program of ours ends that measures or checks something.

use std::{fmt::Display, process::ExitCode};

/// Creates an exit code of whether all is as it should be; what went wrong is printed.
pub fn exit_code(outcome: Result<bool, impl Display>) -> ExitCode {
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
