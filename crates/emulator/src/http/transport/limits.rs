//! What one client may take away from others: time, memory and connections.

use std::time::Duration;

/// Limits what clients may use.
///
/// The defaults suit interactive use and test suites; lower them to test slow or many clients.
///
/// | limit | default |
/// |---|---|
/// | [`connections`](Self::connections) | 256 |
/// | [`header_time`](Self::header_time) | 75 s |
/// | [`handshake_time`](Self::handshake_time) | 10 s |
/// | [`body_time`](Self::body_time) | 30 s |
/// | [`write_time`](Self::write_time) | 30 s |
/// | [`fetch_time`](Self::fetch_time) | 5 s |
///
/// ```
/// use std::time::Duration;
/// use imagesearch_emulator::{Emulator, Limits};
///
/// let limits = Limits::default().connections(2).body_time(Duration::from_millis(100));
/// let emulator = Emulator::builder().limits(limits).start()?;
/// # drop(emulator);
/// # Ok::<(), imagesearch_emulator::StartError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    pub(crate) connections: usize,
    pub(crate) header_time: Duration,
    pub(crate) handshake_time: Duration,
    pub(crate) body_time: Duration,
    pub(crate) write_time: Duration,
    pub(crate) fetch_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            header_time: Duration::from_secs(75),
            handshake_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            write_time: Duration::from_secs(30),
            // As the message of `TimeoutForTransferImage` says.
            fetch_time: Duration::from_secs(5),
        }
    }
}

impl Limits {
    /// Sets the maximum number of connections; further ones wait.
    ///
    /// 0 counts as 1.
    pub fn connections(mut self, count: usize) -> Self {
        self.connections = count.max(1);
        self
    }

    /// Sets the timeout for the header of a request, or for the next request. The connection is
    /// closed then.
    pub fn header_time(mut self, time: Duration) -> Self {
        self.header_time = time;
        self
    }

    /// Sets the timeout of the TLS handshake.
    pub fn handshake_time(mut self, time: Duration) -> Self {
        self.handshake_time = time;
        self
    }

    /// Sets how long a client may take to send a body, with the time that it waits for memory which
    /// other bodies take; the request is refused with `RequestTimeout` then, or with
    /// `ServiceUnavailable` if it is waiting.
    pub fn body_time(mut self, time: Duration) -> Self {
        self.body_time = time;
        self
    }

    /// Sets how long a client may stop reading a response. The connection is closed then.
    pub fn write_time(mut self, time: Duration) -> Self {
        self.write_time = time;
        self
    }
    /// Sets the timeout for the download of a picture. The call is then refused with
    /// `TimeoutForTransferImage`.
    pub fn fetch_time(mut self, time: Duration) -> Self {
        self.fetch_time = time;
        self
    }
}
