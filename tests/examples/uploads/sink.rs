//! The service, in a process of its own.

use imagesearch_tests::{
    server_process::{self, ServerProcess},
    upload_sink,
};
use serde::{Deserialize, Serialize};

use crate::Outcome;

/// What the service has seen.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Counts {
    /// How many connections were opened.
    pub(crate) connections: usize,
    /// How many of them were open at a time at most.
    pub(crate) most_connections: usize,
    pub(crate) body_bytes: u64,
}

/// Starts the service, which has so many requests come together before it answers the first.
pub(crate) fn start(together: usize) -> Outcome<ServerProcess> {
    Ok(ServerProcess::start(&[&together.to_string()])?)
}

/// Runs the service until the other process has enough.
pub(crate) fn serve(together: Option<String>) -> Outcome<()> {
    let together = together.ok_or("nothing says how many requests come together")?;
    let server = upload_sink::start(together.parse()?);
    let counts = || Counts {
        connections: server.connections(),
        most_connections: server.most_connections(),
        body_bytes: server.body_bytes(),
    };
    let report = || serde_json::to_string(&counts()).expect("numbers can be written");
    Ok(server_process::serve(&server.uri(), report)?)
}

/// Asks the service what it has seen.
pub(crate) fn counts(service: &mut ServerProcess) -> Outcome<Counts> {
    Ok(serde_json::from_str(&service.report()?)?)
}
