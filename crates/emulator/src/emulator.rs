//! The emulator in a process: started, addressed and stopped.

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
    ca_der: Vec<u8>,
    stop: ShutdownHandle,
    handle: Handle,
    thread: Option<JoinHandle<()>>,
    context: Arc<Context>,
}

impl Emulator {
    /// The id of the account that exists when no other is named.
    pub const ACCESS_KEY_ID: &'static str = "emulator";

    /// The secret of the account that exists when no other is named.
    pub const ACCESS_KEY_SECRET: &'static str = "emulator-secret";

    /// The name of the instance that exists when no other is named.
    pub const INSTANCE: &'static str = DEFAULT_NAME;

    /// Starts to set up an emulator.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// Returns the URL to call, such as `http://127.0.0.1:41234`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the same URL for HTTPS, which is spoken on the same port.
    ///
    /// Clients must trust the certificate of [`ca_pem`](Self::ca_pem).
    pub fn https_url(&self) -> String {
        self.url.replacen("http:", "https:", 1)
    }

    /// Returns the certificate, in PEM, of the authority that HTTPS clients must trust.
    ///
    /// The certificates that it signs are for 127.0.0.1, ::1, localhost, *.localhost and the
    /// public host. Unless [`EmulatorBuilder::ca_dir`] is set, each start has another authority.
    pub fn ca_pem(&self) -> &str {
        &self.context.admin.ca_pem
    }

    /// Returns the same certificate in DER, as `with_tls_roots` of our own clients takes it.
    pub fn ca_der(&self) -> Vec<u8> {
        self.ca_der.clone()
    }

    /// Returns the file that holds [`ca_pem`](Self::ca_pem), if a folder was given for it.
    pub fn ca_file(&self) -> Option<&Path> {
        self.context.admin.ca_file.as_deref()
    }

    /// Returns the address that is listened on.
    pub fn local_addr(&self) -> SocketAddr {
        self.context.address
    }

    /// Returns the token that the admin API wants, unless it is open to this machine or switched off.
    pub fn admin_token(&self) -> Option<&str> {
        self.context.admin.access.token()
    }

    /// Returns the clock: whoever moves it moves the emulator's time.
    pub fn clock(&self) -> Clock {
        self.context.service.clock.clone()
    }

    /// Returns the last requests, the earliest first; at most 1,000 are remembered.
    ///
    /// A request is written down when its answer begins, or when it was given up.
    pub fn requests(&self) -> Vec<RequestRecord> {
        self.context.journal.read(&Wanted { since: 0, action: None, limit: MAX_REQUESTS }).0
    }

    /// Replaces the fault rules; each counts its hits from zero again.
    ///
    /// # Errors
    ///
    /// A rule is out of range, or two have one id; the old ones stay then.
    pub fn set_faults(&self, rules: impl IntoIterator<Item = FaultRule>) -> Result<(), FaultError> {
        self.context.faults.set(rules.into_iter().collect())
    }

    /// Counts how many requests each fault rule has hit, by the rule's id.
    pub fn fault_hits(&self) -> BTreeMap<String, u64> {
        self.context.faults.hits()
    }

    /// Counts how often a call was carried out: requests with the header `x-emulator-call: <call>`
    /// whose operation ran to its end, whether or not the answer arrived.
    ///
    /// A client gives all attempts of one call the same id, of at most 128 bytes; 1,000,000 are
    /// remembered. Uploads and their authorizations are not counted.
    pub fn executions(&self, call: &str) -> u64 {
        self.context.service.executions.of(call)
    }

    /// Returns a handle that stops the emulator from elsewhere, such as a signal handler.
    pub fn shutdown_handle(&self) -> ShutdownHandle {
        self.stop.clone()
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
        self.context.service.tasks.switch(Mode::Stopped);
        self.stop.shutdown();
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take() {
            // A panic of the server thread has been printed already; there is nothing to add.
            let _ = thread.join();
        }
        // Work that goes on may still hold the state, but another start may want the folder.
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
