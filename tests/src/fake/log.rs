use std::time::Duration;

use imagesearch_core::{
    body::Body,
    errors::Hop,
    exchange::{Now, Source, Transmit},
    values::Timestamp,
};

use super::script::hop_of;

/// All that an exchange asked for, and when.
#[derive(Debug, Default)]
pub struct Log {
    /// The requests, in the order they were sent.
    pub sent: Vec<Sent>,
    /// What was loaded for the credentials.
    pub loaded: Vec<Source>,
    /// The times it waited.
    pub waits: Vec<Wait>,
    /// How many requests it gave up.
    pub cancelled: usize,
    /// When it was over.
    pub ended: Duration,
}

impl Log {
    /// Lists how long it waited with nothing under way: the delays before further attempts.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.waits.iter().filter(|wait| wait.idle).map(|wait| wait.to - wait.from).collect()
    }

    /// Lists the requests of one part of the call.
    pub fn of(&self, hop: Hop) -> impl Iterator<Item = &Sent> {
        self.sent.iter().filter(move |sent| sent.hop == hop)
    }
}

/// A request that was sent.
#[derive(Debug)]
pub struct Sent {
    /// When, since the start.
    pub at: Duration,
    /// When, as the signature should say.
    pub system: Timestamp,
    /// Which part of the call it is.
    pub hop: Hop,
    /// What was sent.
    pub request: http::Request<Body>,
    /// When it had to be connected.
    pub connect_deadline: Duration,
    /// When its answer had to be complete.
    pub deadline: Duration,
    /// Whether to bypass any proxy.
    pub bypass_proxy: bool,
    /// Whether it must not reuse an idle connection.
    pub fresh_connection: bool,
}

impl Sent {
    pub(super) fn new(transmit: &Transmit, now: Now) -> Self {
        Self {
            at: now.monotonic,
            system: now.system,
            hop: hop_of(&transmit.request),
            request: transmit.request.clone(),
            connect_deadline: transmit.connect_deadline,
            deadline: transmit.deadline,
            bypass_proxy: transmit.bypass_proxy,
            fresh_connection: transmit.fresh_connection,
        }
    }

    /// Returns a header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }
}

/// A time that an exchange waited.
#[derive(Clone, Copy, Debug)]
pub struct Wait {
    /// From when.
    pub from: Duration,
    /// To when.
    pub to: Duration,
    /// Whether nothing was under way.
    pub idle: bool,
}
