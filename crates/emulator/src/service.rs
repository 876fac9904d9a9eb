//! The service itself: operations on instances and their pictures.
//!
//! It does not depend on HTTP. Each operation is a method of
//! [`ImageSearch`](generated::image_search::ImageSearch), with typed input and outcome.

pub(crate) mod buckets;
pub(crate) mod call;
pub(crate) mod clock;
pub(crate) mod compute;
pub(crate) mod decode;
pub(crate) mod executions;
pub(crate) mod fetch;
pub(crate) mod image_search;
pub(crate) mod instance_info;
pub(crate) mod jobs;
pub(crate) mod log;
pub(crate) mod operations;
pub(crate) mod outcome;
pub(crate) mod picture;
pub(crate) mod public_host;
pub(crate) mod refusal;
pub(crate) mod seed;
pub(crate) mod stored_picture;
pub(crate) mod task_results;
pub(crate) mod tasks;
pub(crate) mod throttle;
pub(crate) mod uploads;

/// Written by `cargo xtask codegen`.
pub(crate) mod generated {
    pub(crate) mod image_search;
    pub(crate) mod v2018;
    pub(crate) mod v2019;
    pub(crate) mod v2020;
}

use std::net::SocketAddr;
use std::sync::Arc;

use crate::store::{Removed, Store, StoreError};
use buckets::Buckets;
use clock::Clock;
use compute::Compute;
use executions::Executions;
use fetch::Fetch;
use log::Log;
use public_host::PublicHost;
use tasks::TaskRunner;
use throttle::{Limiter, Throttle};
use uploads::Uploads;

/// The state that operations work on.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) store: Store,
    pub(crate) uploads: Uploads,
    pub(crate) buckets: Arc<Buckets>,
    pub(crate) tasks: Arc<TaskRunner>,
    pub(crate) compute: Compute,
    pub(crate) limiter: Limiter,
    pub(crate) executions: Executions,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
    /// The hosts below which uploaded objects are found.
    pub(crate) hosts: [String; 2],
}

/// The parts of a service that its caller supplies.
pub(crate) struct Parts<'a> {
    pub(crate) store: Store,
    pub(crate) buckets: Buckets,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) clock: Clock,
    pub(crate) log: Log,
    pub(crate) throttle: Throttle,
    pub(crate) host: &'a PublicHost,
    pub(crate) address: SocketAddr,
}

impl Service {
    /// Creates a service in its initial state.
    pub(crate) fn new(parts: Parts<'_>) -> Self {
        let Parts { store, buckets, fetch, clock, log, throttle, host, address } = parts;
        Self {
            store,
            uploads: Uploads::default(),
            buckets: Arc::new(buckets),
            tasks: Arc::new(TaskRunner::new(clock.clone(), log.clone())),
            compute: Compute::new(),
            limiter: Limiter::new(throttle),
            executions: Executions::default(),
            fetch,
            clock,
            log,
            hosts: [host.authority(), address.to_string()],
        }
    }

    /// Removes the pictures of one instance, or all pictures with all uploads and counts of executions.
    pub(crate) fn reset(&self, instance: Option<&str>) -> Result<Removed, StoreError> {
        let mut removed = self.store.reset(instance)?;
        if instance.is_none() {
            self.executions.clear();
            removed.uploads = self.uploads.clear();
        }
        Ok(removed)
    }
}
