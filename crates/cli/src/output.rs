use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
};

use serde::Serialize;

use crate::exit::Failure;

/// Writes a line to stdout, which is for results only.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{text}").and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::output_closed(),
        _ => Failure::call(format!("could not write to stdout: {error}")),
    })
}

/// Writes a value to stdout as JSON, indented for reading.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| Failure::call(format!("could not convert the result to JSON: {error}")))?;
    line(&text)
}

/// Writes a line to stderr, ignoring errors.
pub(crate) fn note(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
