//! What all requests share.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::http::admin::settings::AdminSettings;
use crate::http::gateway::auth::Authenticator;
use crate::http::gateway::faults::Faults;
use crate::http::gateway::journal::Journal;
use crate::http::gateway::metrics::Metrics;
use crate::http::oss::signer::UploadSigner;
use crate::http::transport::limits::Limits;
use crate::http::transport::request_body::Bodies;
use crate::http::transport::server::ConnectionCounts;
use crate::service::Service;
use crate::service::public_host::{PublicHost, reachable};

/// Holds everything that outlives a request.
#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) service: Service,
    pub(crate) host: PublicHost,
    pub(crate) address: SocketAddr,
    pub(crate) auth: Authenticator,
    pub(crate) oss: UploadSigner,
    pub(crate) bodies: Bodies,
    pub(crate) faults: Faults,
    pub(crate) limits: Limits,
    pub(crate) journal: Journal,
    pub(crate) metrics: Metrics,
    pub(crate) connections: Arc<ConnectionCounts>,
    pub(crate) admin: AdminSettings,
    /// What all ids of requests of this process have in common.
    request_prefix: u64,
    request_count: AtomicU64,
    /// Whether all that is to be there from the start is there.
    ready: AtomicBool,
}

/// What a context is made of; everything else is new.
pub(crate) struct Parts {
    pub(crate) service: Service,
    pub(crate) host: PublicHost,
    pub(crate) address: SocketAddr,
    pub(crate) auth: Authenticator,
    pub(crate) limits: Limits,
    pub(crate) admin: AdminSettings,
}

impl Context {
    /// Creates the context of an emulator that has answered no request yet.
    pub(crate) fn new(parts: Parts) -> io::Result<Self> {
        let Parts { service, host, address, auth, limits, admin } = parts;
        Ok(Self {
            service,
            host,
            address,
            auth,
            oss: UploadSigner::new()?,
            bodies: Bodies::new(limits.body_time),
            request_prefix: getrandom::u64()?,
            request_count: AtomicU64::new(1),
            faults: Faults::default(),
            limits,
            journal: Journal::default(),
            metrics: Metrics::default(),
            connections: Arc::default(),
            admin,
            ready: AtomicBool::new(false),
        })
    }

    /// Returns whether calls are served.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::SeqCst)
    }

    /// Lets calls be served from now on.
    pub(crate) fn set_ready(&self) {
        self.ready.store(true, Ordering::SeqCst);
    }

    /// Returns the address under which a client on this machine reaches the emulator.
    pub(crate) fn authority(&self) -> String {
        reachable(self.address).to_string()
    }

    /// Draws the id of a request: unique within the process by a counter, and across processes by chance.
    pub(crate) fn next_request_id(&self) -> String {
        request_id(self.request_prefix, self.request_count.fetch_add(1, Ordering::Relaxed))
    }
}

/// Writes an id in the shape of an upper-case UUID, as the service's are.
fn request_id(prefix: u64, count: u64) -> String {
    let (high, low) = (prefix >> 32, prefix & 0xFFFF_FFFF);
    format!(
        "{high:08X}-{:04X}-{:04X}-{:04X}-{:012X}",
        low >> 16,
        low & 0xFFFF,
        count >> 48,
        count & 0xFFFF_FFFF_FFFF,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_uuids_and_differ() {
        let (first, second) = (request_id(u64::MAX - 1, 1), request_id(u64::MAX - 1, 2));
        assert_ne!(first, second);
        let lengths: Vec<usize> = first.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(first.bytes().all(|b| b == b'-' || b.is_ascii_digit() || b.is_ascii_uppercase()));
    }
}
