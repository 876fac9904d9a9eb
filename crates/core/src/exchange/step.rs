use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;

use crate::{
    body::Body,
    error::{Error, TimeoutPhase},
    exchange::Reply,
    hidden::show_request,
    values::Timestamp,
};

/// The time, as the caller reads it: core has no clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// A clock that never goes back, from any fixed start.
    pub mono: Duration,
    /// The time of day, which signatures carry.
    pub wall: Timestamp,
}

/// Names a request or a load that an exchange has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub(super) u64);

/// What an exchange wants done next.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step {
    /// Send a request and hand in what comes of it; several may be under way at a time.
    Send(Send),
    /// Load something for the credentials and hand it to [`Exchange::on_loaded`].
    ///
    /// [`Exchange::on_loaded`]: super::Exchange::on_loaded
    Load {
        /// What it is handed in under.
        id: Id,
        /// What to load.
        source: Source,
    },
    /// Give a request up; its outcome is of no interest any more.
    Cancel(Id),
    /// Nothing to do before something comes back, the waker is called, or the time has come.
    Wait {
        /// When to ask again at the latest, on the clock of [`Now::mono`].
        until: Option<Duration>,
    },
    /// The exchange is over.
    Done(Result<Reply, Error>),
}

/// A request to be sent. `Debug` leaves out its query, which may be signed, and its body.
#[non_exhaustive]
pub struct Send {
    /// What its outcome is handed in under.
    pub id: Id,
    /// The request; redirects must not be followed.
    pub request: http::Request<Body>,
    /// When it must be connected, on the clock of [`Now::mono`].
    pub connect_by: Duration,
    /// When its answer must be complete, on the clock of [`Now::mono`].
    pub by: Duration,
    /// How many bytes of body are read at most; a longer answer is a failure.
    pub cap: u64,
    /// Whether it must not go through a proxy: what answers is this machine, or its host.
    pub direct: bool,
}

impl fmt::Debug for Send {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        show_request(formatter.debug_struct("Send").field("id", &self.id), &self.request)
            .field("by", &self.by)
            .finish_non_exhaustive()
    }
}

/// Something outside the program that credentials are loaded from. `Debug` leaves out the arguments of
/// a command, one of which may be a secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A variable of the environment.
    Environment(&'static str),
    /// The content of a file.
    File(String),
    /// What a program prints, which is started without a shell.
    Command {
        /// The program and its arguments.
        arguments: Vec<String>,
        /// How long it may take; it is ended then.
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

/// Why something could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// There is no such variable or file.
    NotFound,
    /// It is there and cannot be read, in words.
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

/// How a request failed without a complete answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failure {
    /// How far it had come.
    pub phase: FailurePhase,
    /// Whether the time handed out with the request ran out.
    pub timed_out: bool,
    /// What the transport says.
    pub source: Box<dyn StdError + std::marker::Send + Sync>,
}

impl Failure {
    /// Describes a failure in a phase.
    pub fn new(
        phase: FailurePhase,
        source: impl Into<Box<dyn StdError + std::marker::Send + Sync>>,
    ) -> Self {
        Self { phase, timed_out: false, source: source.into() }
    }

    /// Describes time running out in a phase.
    pub fn timeout(
        phase: FailurePhase,
        source: impl Into<Box<dyn StdError + std::marker::Send + Sync>>,
    ) -> Self {
        Self { timed_out: true, ..Self::new(phase, source) }
    }
}

/// How far a request had come when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailurePhase {
    /// No connection: nothing left the machine.
    Connect,
    /// Some or all of the request may have arrived.
    Response,
    /// The answer had begun.
    Body,
    /// The answer was longer than the cap.
    TooLong,
}

impl FailurePhase {
    /// Tells whether the request may have left the machine.
    pub(super) fn left(self) -> bool {
        self != Self::Connect
    }

    pub(super) fn timeout(self) -> TimeoutPhase {
        match self {
            Self::Connect => TimeoutPhase::Connect,
            Self::Response => TimeoutPhase::Response,
            Self::Body | Self::TooLong => TimeoutPhase::Body,
        }
    }
}

/// Randomness, as the caller draws it: core has none.
pub trait Entropy {
    /// Draws 128 bits that nobody can foresee; nothing where the system has none to give.
    fn draw(&mut self) -> Option<[u8; 16]>;
}

/// A complete answer.
pub type Answer = http::Response<Bytes>;
