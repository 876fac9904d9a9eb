use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use imagesearch_core::exchange::FailurePhase;

/// How far a request has come, told by the transport and read by the driver when time runs out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<AtomicU8>);

impl Progress {
    /// Notes that the first bytes of the body were asked for: there is a connection.
    pub(crate) fn sending(&self) {
        self.0.fetch_max(1, Ordering::Relaxed);
    }

    /// Notes that the answer has begun.
    pub(crate) fn answering(&self) {
        self.0.fetch_max(2, Ordering::Relaxed);
    }

    /// Returns the phase in which time would run out now.
    pub(crate) fn phase(&self) -> FailurePhase {
        match self.0.load(Ordering::Relaxed) {
            0 => FailurePhase::Connect,
            1 => FailurePhase::Response,
            _ => FailurePhase::Body,
        }
    }
}
