use std::fmt;

/// What kind of failure an [`Error`](crate::Error) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request breaks documented limits, or a value for it cannot be read, such as a filter;
    /// nothing was sent.
    Invalid,
    /// The client is set up in a way that cannot work; nothing was sent.
    Config,
    /// The library was used in a way that cannot work: a raw request has a parameter without a
    /// place, or a call was polled after it had ended.
    Misuse,
    /// No credentials could be had.
    Credentials,
    /// No connection came about, so the request did not leave the machine.
    Connect,
    /// Time ran out.
    Timeout(TimeoutPhase),
    /// The connection broke, or the answer was cut off.
    Transport,
    /// The service or the gateway answered with an error.
    Service,
    /// The pages of an answer ended where the service shows no more rows, and there may be more.
    Truncated,
    /// Something answered, but not the service: a proxy's page, half a document.
    UnexpectedResponse,
    /// A file could not be read.
    File,
    /// The client was closed, before the call or while it was running.
    Closed,
}

/// What was going on when time ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutPhase {
    /// Connecting.
    Connect,
    /// Sending, or waiting for the answer to begin.
    Response,
    /// Reading the answer.
    Body,
    /// Waiting before the next attempt.
    Backoff,
    /// Fetching credentials, or waiting for those that another call was fetching.
    Credentials,
    /// Waiting for its turn, since the client paces calls.
    Pacing,
}

impl fmt::Display for TimeoutPhase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Connect => "while connecting",
            Self::Response => "while waiting for the response",
            Self::Body => "while reading the response",
            Self::Backoff => "before the next attempt",
            Self::Credentials => "while waiting for credentials",
            Self::Pacing => "while waiting for its turn",
        })
    }
}
