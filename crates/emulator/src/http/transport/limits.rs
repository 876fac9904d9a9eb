//! What one client may take away from others: time, memory and connections.

use std::time::Duration;

/// Bounds what clients may take of the emulator, whatever they send.
///
/// The defaults suit people and test suites alike; a test of slow or many clients sets them lower.
///
/// | limit | unless set |
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
    /// Sets how many connections are served at once; more wait until one of them ends.
    ///
    /// Of 0, which would serve nobody, it makes 1.
    pub fn connections(mut self, count: usize) -> Self {
        self.connections = count.max(1);
        self
    }

    /// Sets how long a client may take to send the header of a request, or to begin with the next
    /// one; the connection is closed then.
    pub fn header_time(mut self, time: Duration) -> Self {
        self.header_time = time;
        self
    }

    /// Sets how long a client may take to agree on keys, where it speaks HTTPS.
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

    /// Sets how long a client may take nothing of an answer; the connection is closed then.
    pub fn write_time(mut self, time: Duration) -> Self {
        self.write_time = time;
        self
    }
    /// Sets how long the download of a picture may take; the call is refused with
    /// `TimeoutForTransferImage` then.
    pub fn fetch_time(mut self, time: Duration) -> Self {
        self.fetch_time = time;
        self
    }
}
