//! An emulator in this process: start, addresses and shutdown.

pub(crate) mod builder;
mod contents;
mod tasks;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::runtime::Handle;

use crate::http::context::Context;
use crate::http::gateway::faults::rule::{FaultError, FaultRule};
use crate::http::gateway::journal::{MAX_REQUESTS, RequestRecord, Wanted};
use crate::http::transport::shutdown::ShutdownHandle;
use crate::service::clock::Clock;
use crate::service::tasks::Mode;
use crate::store::instance_settings::DEFAULT_NAME;

use builder::EmulatorBuilder;

/// An emulator that runs on its own thread and runtime.
///
/// It works from blocking and async code. Dropping it stops it, like [`shutdown`](Self::shutdown).
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
    ca_der: Vec<u8>,
    stop: ShutdownHandle,
    handle: Handle,
    thread: Option<JoinHandle<()>>,
    context: Arc<Context>,
}

impl Emulator {
    /// The access key id of the default account.
    pub const ACCESS_KEY_ID: &'static str = "emulator";

    /// The access key secret of the default account.
    pub const ACCESS_KEY_SECRET: &'static str = "emulator-secret";

    /// The name of the default instance.
    pub const INSTANCE: &'static str = DEFAULT_NAME;

    /// Returns a builder.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Returns the URL to call, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the URL for HTTPS, on the same port.
    ///
    /// Clients must trust the certificate of [`ca_pem`](Self::ca_pem).
    pub fn https_url(&self) -> String {
        self.url.replacen("http:", "https:", 1)
    }

    /// Returns the CA certificate in PEM, which HTTPS clients must trust.
    ///
    /// It signs certificates for 127.0.0.1, ::1, localhost, *.localhost and the public host.
    /// Without [`EmulatorBuilder::ca_dir`], each start creates a new CA.
    pub fn ca_pem(&self) -> &str {
        &self.context.admin.ca_pem
    }

    /// Returns the CA certificate in DER, for `with_tls_roots` of the clients.
    pub fn ca_der(&self) -> Vec<u8> {
        self.ca_der.clone()
    }

    /// Returns the file of [`ca_pem`](Self::ca_pem), if its folder is set.
    pub fn ca_file(&self) -> Option<&Path> {
        self.context.admin.ca_file.as_deref()
    }

    /// Returns the bound address.
    pub fn local_addr(&self) -> SocketAddr {
        self.context.address
    }

    /// Returns the token of the admin API, or `None` if it needs none or is disabled.
    pub fn admin_token(&self) -> Option<&str> {
        self.context.admin.access.token()
    }

    /// Returns the clock, which controls the emulator's time.
    pub fn clock(&self) -> Clock {
        self.context.service.clock.clone()
    }

    /// Returns the last requests, at most 1,000, the oldest first.
    ///
    /// A request is recorded when its response starts, or when the client gives up.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.context.journal.read(&Wanted { since: 0, action: None, limit: MAX_REQUESTS }).0
    }

    /// Replaces the fault rules and resets their hits.
    ///
    /// # Errors
    ///
    /// A rule is invalid, or two have the same id. The old rules then stay.
    pub fn set_faults(&self, rules: impl IntoIterator<Item = FaultRule>) -> Result<(), FaultError> {
        self.context.faults.set(rules.into_iter().collect())
    }

    /// Returns the hits of each fault rule, by id.
    pub fn fault_hits(&self) -> BTreeMap<String, u64> {
        self.context.faults.hits()
    }

    /// Returns how often a call was carried out: the number of requests with the header
    /// `x-emulator-call: <call>` whose operation completed, whether or not the response arrived.
    ///
    /// A client sends the same id, of at most 128 bytes, with all attempts of a call; 1,000,000 ids
    /// are kept. Uploads and their authorizations do not count.
    pub fn executions(&self, call: &str) -> u64 {
        self.context.service.executions.of(call)
    }

    /// Returns a handle that stops the emulator from elsewhere, such as a signal handler.
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        self.stop.clone()
    }

    /// Stops accepting connections, waits up to 5 seconds for running requests, and returns.
    pub fn shutdown(mut self) {
        self.stop();
    }

    /// Blocks until a [`ShutdownHandle`] stops the emulator.
    pub fn wait(mut self) {
        self.join();
    }

    fn stop(&mut self) {
        self.context.service.tasks.switch(Mode::Stopped);
        self.stop.shutdown();
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic of the server thread has already been printed.
            let _ = thread.join();
        }
        // Running work may still hold the state, but another start may need the folder.
        self.context.service.store.close();
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
