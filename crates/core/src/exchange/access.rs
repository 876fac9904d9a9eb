//! Credentials for a request: from the cell that calls share, or fetched for all of them.

use std::{
    future::{pending, poll_fn},
    sync::Arc,
    task::Poll,
};

use super::context::CallContext;
use crate::{
    credentials::{Access, Credentials, FetchContext, Lease},
    error::Error,
    io::Io,
};

/// Returns valid credentials, waiting for them if necessary.
pub(super) async fn credentials(io: &Io, call: &CallContext) -> Result<Arc<Credentials>, Error> {
    let access = poll_fn(|context| {
        let now = call.shared.clock.read(io.now());
        match call.credentials.access(now, context.waker()) {
            Access::Busy => Poll::Pending,
            access => Poll::Ready(access),
        }
    });
    match access.await {
        Access::Ready(credentials) => Ok(credentials),
        Access::Failed(error) => Err(error),
        Access::Lease(lease) => fetch(io, call, lease).await,
        // Handled above.
        Access::Busy => pending().await,
    }
}

/// Fetches credentials for all waiting calls.
async fn fetch(io: &Io, call: &CallContext, lease: Lease) -> Result<Arc<Credentials>, Error> {
    let context = FetchContext::new(io.clone(), Arc::clone(&call.shared.fetch_settings));
    let result = lease.fetch(context).await;
    let now = || call.shared.clock.read(io.now());
    match result {
        Ok(credentials) => {
            // Only needed if they expire.
            let random = if credentials.expires().is_some() { io.jitter().await } else { 0 };
            Ok(lease.publish(credentials, now(), random))
        }
        Err(error) if io.is_late() => {
            // Only this call has failed; others have more time.
            io.note(format!("fetching credentials failed: {error:#}"));
            drop(lease);
            pending().await
        }
        Err(error) => lease.fail(error, now()),
    }
}
