//! The end of an emulator, asked for from elsewhere.

use std::sync::Arc;

use tokio::sync::watch;

/// A handle that stops an emulator from another thread.
#[derive(Clone, Debug)]
pub struct ShutdownHandle {
    stop: Arc<watch::Sender<bool>>,
}

impl ShutdownHandle {
    pub(crate) fn new(stop: watch::Sender<bool>) -> Self {
        Self { stop: Arc::new(stop) }
    }

    /// Tells the emulator to stop, and returns immediately.
    pub fn shutdown(&self) {
        self.stop.send_replace(true);
    }
}
