//! The rounds, and what they may take.

use std::fmt;

use crate::{
    Outcome, asynchronous, blocking,
    figures::Figures,
    pictures::{KIB, MIB, Pictures},
};

/// Which of the clients makes the calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Client {
    /// All calls at a time.
    Async,
    /// As many at a time as there are threads.
    Blocking,
}

impl Client {
    /// Creates the calls with our client, of which so many requests are under way at a time.
    pub(crate) fn ours(self, pictures: &Pictures, together: usize) -> Outcome<Figures> {
        match self {
            Self::Async => asynchronous::ours(pictures),
            Self::Blocking => blocking::ours(pictures, together),
        }
    }

    /// Sends what the calls send with the HTTP library alone.
    pub(crate) fn bare(self, pictures: &Pictures, together: usize) -> Outcome<Figures> {
        match self {
            Self::Async => asynchronous::bare(pictures, together),
            Self::Blocking => blocking::bare(pictures, together),
        }
    }
}

/// Calls of one kind.
#[derive(Debug)]
pub(crate) struct Round {
    pub(crate) client: Client,
    name: &'static str,
    calls: usize,
    size: usize,
    shared: bool,
    /// How many requests are under way at a time: threads, or the connections that the async client
    /// has by default.
    pub(crate) together: usize,
    /// How much of the heap each call may take that has begun and not ended, beyond its picture.
    ///
    /// About twice what was measured. One copy of the picture for each call, or only for each that
    /// is being sent, is more.
    most_of_a_call: usize,
}

pub(crate) const ROUNDS: [Round; 4] = [
    Round {
        client: Client::Async,
        name: "2,000 calls at a time, one picture of 1 MiB for all",
        calls: 2_000,
        size: MIB,
        shared: true,
        together: 128,
        most_of_a_call: 24 * KIB,
    },
    Round {
        client: Client::Async,
        name: "2,000 calls at a time, each a picture of 20 KiB",
        calls: 2_000,
        size: 20 * KIB,
        shared: false,
        together: 128,
        most_of_a_call: 24 * KIB,
    },
    Round {
        client: Client::Async,
        name: "64 calls at a time, each a picture of 4 MiB",
        calls: 64,
        size: 4 * MIB,
        shared: false,
        together: 64,
        most_of_a_call: 96 * KIB,
    },
    Round {
        client: Client::Blocking,
        name: "200 threads with 5 calls each, one picture of 1 MiB for all",
        calls: 1_000,
        size: MIB,
        shared: true,
        together: 200,
        most_of_a_call: 160 * KIB,
    },
];

/// How many connections there may be beyond `together`: where threads do not run for long, some are
/// not back in time and are replaced.
const SPARE_CONNECTIONS: usize = 16;

/// How much of the heap each connection may keep while nothing is to be done.
const MOST_KEPT: usize = 96 * KIB;

/// How much of the heap may be left when the client is gone.
const MOST_LEFT: usize = 16 * KIB;

impl Round {
    pub(crate) fn pictures(&self) -> Pictures {
        match self.shared {
            true => Pictures::shared(self.calls, self.size),
            false => Pictures::own(self.calls, self.size),
        }
    }

    /// Lists the bounds that do not hold.
    pub(crate) fn broken(&self, pictures: &Pictures, ours: &Figures) -> Vec<String> {
        let connections = ours.counts.most_connections;
        let bounds = [
            ("heap of a call", ours.peak_of_a_call(), self.most_of_a_call),
            ("connections", connections, self.together + SPARE_CONNECTIONS),
            ("heap that a connection keeps", ours.kept / connections.max(1), MOST_KEPT),
            ("heap that is left", ours.left, MOST_LEFT),
        ];
        let over = bounds.into_iter().filter(|(_, measured, most)| measured > most);
        let line = |(what, measured, most)| format!("{self}: {what}: {measured}, at most {most}");
        let mut broken: Vec<String> = over.map(line).collect();
        let sent = ours.counts.body_bytes;
        if sent < pictures.sent() {
            broken.push(format!("{self}: {sent} bytes were sent, at least {}", pictures.sent()));
        }
        broken
    }
}

impl fmt::Display for Round {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} client, {}", self.client, self.name)
    }
}
