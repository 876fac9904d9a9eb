//! What all requests share.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::admin::Admin;
use crate::auth::Authenticator;
use crate::clock::Clock;
use crate::compute::Compute;
use crate::executions::Executions;
use crate::faults::Faults;
use crate::fetch::Fetcher;
use crate::journal::Journal;
use crate::limits::Limits;
use crate::log::Log;
use crate::metrics::Metrics;
use crate::oss::{Buckets, Oss};
use crate::request_body::Bodies;
use crate::request_id::RequestIds;
use crate::store::{Removed, Store, StoreError};
use crate::tasks::TaskRunner;
use crate::throttle::{Limiter, Throttle};

/// Holds everything that outlives a request.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) host: PublicHost,
    pub(crate) address: SocketAddr,
    pub(crate) clock: Clock,
    pub(crate) auth: Authenticator,
    pub(crate) fetcher: Fetcher,
    pub(crate) store: Store,
    pub(crate) oss: Oss,
    pub(crate) bodies: Bodies,
    pub(crate) compute: Compute,
    pub(crate) tasks: Arc<TaskRunner>,
    pub(crate) request_ids: RequestIds,
    pub(crate) faults: Faults,
    pub(crate) executions: Executions,
    pub(crate) limits: Limits,
    pub(crate) limiter: Limiter,
    pub(crate) journal: Journal,
    pub(crate) metrics: Metrics,
    pub(crate) admin: Admin,
    /// Whether all that is to be there from the start is there.
    ready: AtomicBool,
}

/// What a state is made of; everything else is new.
pub(crate) struct Setup {
    pub(crate) host: PublicHost,
    pub(crate) address: SocketAddr,
    pub(crate) store: Store,
    pub(crate) auth: Authenticator,
    pub(crate) fetcher: Fetcher,
    pub(crate) limits: Limits,
    pub(crate) buckets: Buckets,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
    pub(crate) throttle: Throttle,
    pub(crate) admin: Admin,
}

impl State {
    /// Makes the state of an emulator that has answered no request yet.
    pub(crate) fn new(setup: Setup) -> io::Result<Self> {
        let Setup {
            host,
            address,
            store,
            auth,
            fetcher,
            limits,
            buckets,
            clock,
            log,
            throttle,
            admin,
        } = setup;
        let compute = Compute::new();
        let tasks = TaskRunner::new(buckets, compute.clone(), fetcher.clone(), clock.clone(), log);
        Ok(Self {
            host,
            address,
            auth,
            fetcher,
            store,
            oss: Oss::new()?,
            bodies: Bodies::new(limits.body_time),
            compute,
            tasks: Arc::new(tasks),
            request_ids: RequestIds::new()?,
            faults: Faults::default(),
            executions: Executions::default(),
            limits,
            limiter: Limiter::new(throttle),
            journal: Journal::default(),
            metrics: Metrics::default(),
            admin,
            ready: AtomicBool::new(false),
            clock,
        })
    }

    /// Tells whether calls are served.
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

    /// Removes the pictures of one instance, or all pictures with all uploads and counts of executions.
    ///
    /// Nonces stay: a request that was seen before is still refused.
    pub(crate) fn reset(&self, instance: Option<&str>) -> Result<Removed, StoreError> {
        let mut removed = self.store.reset(instance)?;
        if instance.is_none() {
            self.executions.clear();
            removed.uploads = self.oss.clear();
        }
        Ok(removed)
    }
}

/// Names an address that a client on this machine reaches, also when every address is listened on.
pub(crate) fn reachable(mut address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    address
}

/// The host under which clients reach the emulator, in the two parts that SDKs join with a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicHost {
    pub(crate) bucket: String,
    pub(crate) endpoint: String,
}

impl PublicHost {
    /// Splits a host at its first dot; `None` if it has none or is more than a host.
    pub(crate) fn parse(host: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':');
        let (bucket, endpoint) = host.split_once('.')?;
        let parts = [bucket, endpoint];
        let complete = !parts.iter().any(|part| part.is_empty()) && host.bytes().all(plain);
        complete.then(|| Self {
            bucket: bucket.to_ascii_lowercase(),
            endpoint: endpoint.to_ascii_lowercase(),
        })
    }

    /// Returns the host as it was before the split.
    pub(crate) fn authority(&self) -> String {
        format!("{}.{}", self.bucket, self.endpoint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_split_at_the_first_dot() {
        for (host, expected) in [
            ("127.0.0.1:8080", Some(("127", "0.0.1:8080"))),
            ("OSS.emulator", Some(("oss", "emulator"))),
            ("localhost:8080", None),
            (".emulator", None),
            ("oss.", None),
            ("http://oss.emulator", None),
            ("oss.emulator/path", None),
            ("", None),
        ] {
            let parsed = PublicHost::parse(host);
            let parts = parsed.as_ref().map(|it| (it.bucket.as_str(), it.endpoint.as_str()));
            assert_eq!(parts, expected, "{host}");
        }
    }
}
