//! Everything that speaks HTTP: connections, the gateway, object storage, the admin API, the console.
//!
//! What is served is in [`service`](crate::service), which knows nothing of all this.

pub(crate) mod admin;
pub(crate) mod console;
pub(crate) mod context;
pub(crate) mod fetcher;
pub(crate) mod gateway;
pub(crate) mod oss;
pub(crate) mod random;
pub(crate) mod router;
pub(crate) mod transport;
