use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use imagesearch_core::exchange::FailurePhase;

/// The progress of a request, set by the transport and read by the driver on a timeout.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<AtomicU8>);

impl Progress {
    /// Records that the body is being sent, so the connection is open.
    pub(crate) fn sending(&self) {
        self.0.fetch_max(1, Ordering::Relaxed);
    }

    /// Records that the response has started.
    pub(crate) fn answering(&self) {
        self.0.fetch_max(2, Ordering::Relaxed);
    }

    /// Returns the phase that a timeout would occur in now.
    pub(crate) fn phase(&self) -> FailurePhase {
        match self.0.load(Ordering::Relaxed) {
            0 => FailurePhase::Connect,
            1 => FailurePhase::Response,
            _ => FailurePhase::Body,
        }
    }
}
