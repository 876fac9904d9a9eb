use std::fmt;

/// The kind of an [`Error`](crate::Error).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request breaks documented limits, or one of its values is malformed, such as a filter;
    /// nothing was sent.
    Invalid,
    /// The client's configuration is invalid; nothing was sent.
    Config,
    /// The library was misused: a raw request has a parameter without a place, or a call was polled
    /// after its end.
    Misuse,
    /// No credentials are available.
    Credentials,
    /// Could not connect, so the request did not leave the machine.
    Connect,
    /// Time ran out.
    Timeout(TimeoutPhase),
    /// The connection broke, or the response was cut off.
    Transport,
    /// The service or the gateway returned an error.
    Service,
    /// The pages of an answer ended where the service shows no more rows, and there may be more.
    Truncated,
    /// The response did not come from the service or is malformed, such as a proxy's error page.
    UnexpectedResponse,
    /// A file could not be read.
    File,
    /// The client was closed, before the call or while it was running.
    Closed,
}

/// What the call was doing when a timeout occurred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeoutPhase {
    /// Connecting.
    Connect,
    /// Sending, or waiting for the response.
    Response,
    /// Reading the response.
    Body,
    /// Waiting before the next attempt.
    Backoff,
    /// Fetching credentials, or waiting while another call fetches them.
    Credentials,
    /// Waiting for its turn: the client paces its calls.
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
