//! The emulator in a process: started, addressed and stopped.

mod builder;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::watch;

pub use builder::{EmulatorBuilder, StartError};

/// Runs the emulator on a thread of its own, with a runtime of its own.
///
/// It works from blocking and from async code alike. Dropping it stops it, as
/// [`shutdown`](Self::shutdown) does.
///
/// ```
/// use imagesearch_emulator::Emulator;
///
/// let emulator = Emulator::builder().start()?;
/// println!("pass {} to the client", emulator.url());
/// # Ok::<(), imagesearch_emulator::StartError>(())
/// ```
pub struct Emulator {
    url: String,
    address: SocketAddr,
    stop: Arc<watch::Sender<bool>>,
    thread: Option<JoinHandle<()>>,
}

impl Emulator {
    /// The id of the account that exists when no other is named.
    pub const ACCESS_KEY_ID: &'static str = "emulator";

    /// The secret of the account that exists when no other is named.
    pub const ACCESS_KEY_SECRET: &'static str = "emulator-secret";

    /// The name of the instance that exists when no other is named.
    pub const INSTANCE: &'static str = "demo";

    /// Starts to set up an emulator.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Returns the URL to call, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the address that is listened on.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// Returns a handle that stops the emulator from elsewhere, such as a signal handler.
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        ShutdownHandle { stop: Arc::clone(&self.stop) }
    }

    /// Stops accepting connections, lets running requests end for at most 5 seconds, and returns.
    pub fn shutdown(mut self) {
        self.stop();
    }

    /// Blocks until a [`ShutdownHandle`] stops the emulator.
    pub fn wait(mut self) {
        self.join();
    }

    fn stop(&mut self) {
        self.stop.send_replace(true);
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic of the server thread has been printed already; there is nothing to add.
            let _ = thread.join();
        }
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Emulator").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Stops an emulator from another thread.
#[derive(Clone, Debug)]
pub struct ShutdownHandle {
    stop: Arc<watch::Sender<bool>>,
}

impl ShutdownHandle {
    /// Asks the emulator to stop and returns at once.
    pub fn shutdown(&self) {
        self.stop.send_replace(true);
    }
}
