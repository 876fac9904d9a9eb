//! What a round took.

use std::{fmt, time::Duration};

use crate::{
    pictures::{KIB, MIB},
    sink::Counts,
};

/// What was measured. Of the heap, only what is there beyond the pictures.
pub(crate) struct Figures {
    /// How many calls had begun and not ended at a time.
    pub(crate) calls: usize,
    /// The most that was there at a time.
    pub(crate) peak: usize,
    /// What was there after the last answer, with the client.
    pub(crate) kept: usize,
    /// What was there without the client.
    pub(crate) left: usize,
    pub(crate) elapsed: Duration,
    pub(crate) counts: Counts,
}

impl Figures {
    pub(crate) const HEADINGS: &str = "       heap: of a call   at its peak   kept idle   \
                                       left afterwards   connections   opened   seconds   MiB/s";

    /// Returns the share of each call in the most that was there.
    pub(crate) fn peak_of_a_call(&self) -> usize {
        self.peak / self.calls
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kib = |bytes: usize| bytes as f64 / KIB as f64;
        let seconds = self.elapsed.as_secs_f64();
        write!(
            formatter,
            "{:11.1} KiB {:9.0} KiB {:7.0} KiB {:13.0} KiB {:13} {:8} {:9.2} {:7.0}",
            kib(self.peak_of_a_call()),
            kib(self.peak),
            kib(self.kept),
            kib(self.left),
            self.counts.most_connections,
            self.counts.connections,
            seconds,
            self.counts.body_bytes as f64 / MIB as f64 / seconds,
        )
    }
}
