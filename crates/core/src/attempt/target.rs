//! Where a request goes and how long it may take, for the error if it fails.

use std::{fmt, time::Duration};

use crate::{
    error::{Error, ErrorKind},
    io::{Failure, FailurePhase, Outgoing},
};

/// The host and the limits of a request.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    host: String,
    connect_timeout: Duration,
    timeout: Duration,
    /// The remaining time of the call.
    left: Duration,
    max_body_bytes: u64,
    /// Whether the caller sets the first two limits.
    has_setters: bool,
}

impl Target {
    /// Describes a request that is about to be sent, with `left` until the deadline of the call.
    pub(crate) fn new(outgoing: &Outgoing, left: Duration, has_setters: bool) -> Self {
        let authority = outgoing.request.uri().authority();
        Self {
            host: authority.map(ToString::to_string).unwrap_or_default(),
            connect_timeout: outgoing.connect_timeout,
            timeout: outgoing.timeout,
            left,
            max_body_bytes: outgoing.max_body_bytes,
            has_setters,
        }
    }

    /// Returns the host, with its port unless that is the default.
    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    /// Creates the error of a failure; that of a timeout has no source, since it names the limit.
    pub(super) fn error(&self, failure: Failure) -> Error {
        let Self { host, max_body_bytes, .. } = self;
        let phase = failure.phase;
        if failure.timed_out {
            let limit = self.limit(phase);
            let message = match phase {
                FailurePhase::Connect => format!("could not connect to {host} within {limit}"),
                FailurePhase::Response => format!("no response from {host} within {limit}"),
                FailurePhase::Body | FailurePhase::TooLong => {
                    format!("no complete response from {host} within {limit}")
                }
            };
            return Error::new(ErrorKind::Timeout(phase.timeout()), message);
        }
        let (kind, message) = match phase {
            FailurePhase::Connect => (ErrorKind::Connect, format!("could not connect to {host}")),
            FailurePhase::Response => (
                ErrorKind::Transport,
                format!("the connection to {host} broke before the response"),
            ),
            FailurePhase::Body => (
                ErrorKind::Transport,
                format!("the connection to {host} broke during the response"),
            ),
            FailurePhase::TooLong => {
                let message =
                    format!("the response from {host} has more than {max_body_bytes} bytes");
                return Error::new(ErrorKind::UnexpectedResponse, message);
            }
        };
        Error::new(kind, message).with_source(failure.source)
    }

    /// Returns the limit that ends a phase first.
    fn limit(&self, phase: FailurePhase) -> Limit {
        let setter = |name| self.has_setters.then_some(name);
        let connect = Limit::new(
            "the connect timeout of",
            self.connect_timeout,
            setter("with_connect_timeout"),
        );
        let attempt =
            Limit::new("the attempt timeout of", self.timeout, setter("with_attempt_timeout"));
        let call = Limit::new("the call's remaining", self.left, Some("with_timeout"));
        let limits =
            [(phase == FailurePhase::Connect).then_some(connect), Some(attempt), Some(call)];
        let first = limits.into_iter().flatten().min_by_key(|limit| limit.length);
        first.unwrap_or(attempt)
    }
}

/// A time limit, its name and what sets it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limit {
    name: &'static str,
    length: Duration,
    setter: Option<&'static str>,
}

impl Limit {
    pub(crate) fn new(name: &'static str, length: Duration, setter: Option<&'static str>) -> Self {
        Self { name, length, setter }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.name, Seconds(self.length))?;
        match self.setter {
            Some(setter) => write!(formatter, " (`{setter}`)"),
            None => Ok(()),
        }
    }
}

/// Prints a duration in seconds, or in milliseconds below one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            milliseconds @ 0..1_000 => write!(formatter, "{milliseconds} ms"),
            milliseconds => write!(formatter, "{} s", milliseconds as f64 / 1_000.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{body::Body, error::TimeoutPhase};

    fn target(left: u64, has_setters: bool) -> Target {
        let request = http::Request::post("https://h.example:8443/path?secret=testsecret");
        let outgoing = Outgoing {
            request: request.body(Body::default()).unwrap(),
            connect_timeout: Duration::from_millis(500),
            timeout: Duration::from_secs(20),
            max_body_bytes: 16,
            bypass_proxy: false,
            fresh_connection: false,
        };
        Target::new(&outgoing, Duration::from_secs(left), has_setters)
    }

    #[test]
    fn failures_name_the_host_and_what_ran_out() {
        use FailurePhase::{Body, Connect, Response, TooLong};
        let (late, broken) = (true, false);
        for (phase, timed_out, left, has_setters, text) in [
            (Connect, broken, 60, true, "could not connect to h.example:8443"),
            (
                Response,
                broken,
                60,
                true,
                "the connection to h.example:8443 broke before the response",
            ),
            (Body, broken, 60, true, "the connection to h.example:8443 broke during the response"),
            (TooLong, broken, 60, true, "the response from h.example:8443 has more than 16 bytes"),
            (
                Connect,
                late,
                60,
                true,
                "could not connect to h.example:8443 within the connect timeout of 500 ms \
                 (`with_connect_timeout`)",
            ),
            (
                Response,
                late,
                60,
                true,
                "no response from h.example:8443 within the attempt timeout of 20 s \
                 (`with_attempt_timeout`)",
            ),
            (
                Body,
                late,
                3,
                true,
                "no complete response from h.example:8443 within the call's remaining 3 s \
                 (`with_timeout`)",
            ),
            (
                Response,
                late,
                60,
                false,
                "no response from h.example:8443 within the attempt timeout of 20 s",
            ),
        ] {
            let failure = Failure { timed_out, ..Failure::new(phase, "the transport's own words") };
            let error = target(left, has_setters).error(failure);
            assert_eq!(error.to_string(), text);
            let source = std::error::Error::source(&error).map(ToString::to_string);
            let kept = !timed_out && phase != TooLong;
            assert_eq!(source, kept.then(|| "the transport's own words".to_owned()), "{text}");
        }
        let late = Failure::timeout(Connect, "late");
        let kind = target(60, true).error(late).kind();
        assert_eq!(kind, ErrorKind::Timeout(TimeoutPhase::Connect));
    }

    #[test]
    fn durations_are_short() {
        for (milliseconds, text) in
            [(0, "0 ms"), (999, "999 ms"), (1_000, "1 s"), (1_500, "1.5 s"), (120_000, "120 s")]
        {
            assert_eq!(Seconds(Duration::from_millis(milliseconds)).to_string(), text);
        }
    }
}
