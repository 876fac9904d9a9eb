//! Connections, and the bodies that they carry.

pub(crate) mod connection;
pub(crate) mod date;
pub(crate) mod limits;
pub(crate) mod request_body;
pub(crate) mod server;
pub(crate) mod shutdown;
pub(crate) mod streamed;
pub(crate) mod tls;
