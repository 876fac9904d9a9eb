//! Keeps every line that libraries write with `log`, but for the one that writes raw bytes.

use std::sync::{Mutex, PoisonError};

/// What was logged in this process since the start.
#[derive(Debug)]
pub struct LogLines(Mutex<Vec<String>>);

static LINES: LogLines = LogLines(Mutex::new(Vec::new()));

impl LogLines {
    /// Starts to keep what is logged; once in a process.
    pub fn start() -> &'static Self {
        log::set_logger(&LINES).expect("nobody else keeps what is logged");
        log::set_max_level(log::LevelFilter::Trace);
        &LINES
    }

    /// Takes the lines so far.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl log::Log for LogLines {
    /// As the filter does that `SECURITY.md` asks for: at `trace`, ureq writes all that it sends.
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.level() < log::Level::Trace || !metadata.target().starts_with("ureq")
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            let line = format!("{} {}", record.target(), record.args());
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }

    fn flush(&self) {}
}
