//! All HTTP: connections, the gateway, object storage, the admin API, the console.
//!
//! The operations are in [`service`](crate::service), which does not depend on HTTP.

pub(crate) mod admin;
pub(crate) mod console;
pub(crate) mod context;
pub(crate) mod fetcher;
pub(crate) mod gateway;
pub(crate) mod oss;
pub(crate) mod random;
pub(crate) mod router;
pub(crate) mod transport;
