//! Accepts connections and serves them until shutdown.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::runtime::{self, Runtime};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use super::connection::Connections;
use super::limits::Limits;

/// How long running requests may take after the end was announced.
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// How long to wait when the system has no more sockets.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Creates the runtime of an emulator: two threads, and those that work is put aside to.
pub(crate) fn runtime() -> io::Result<Runtime> {
    runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("imagesearch-emulator-worker")
        .enable_all()
        .build()
}

/// Serves until `stopped` turns true or its sender is gone.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    counts: Arc<ConnectionCounts>,
    tls: TlsAcceptor,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let service = TowerToHyperService::new(router);
    let connections = Connections::new(service, tls, limits);
    // Those beyond wait in the backlog of the system.
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    loop {
        let accept = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accept => accepted,
            _ = stopped.wait_for(|stop| *stop) => break,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(ACCEPT_PAUSE).await;
            continue;
        };
        let connection = connections.serve(stream, graceful.watcher(), stopped.clone());
        let open = counts.open();
        tokio::spawn(async move {
            connection.await;
            drop((place, open));
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN_TIME, graceful.shutdown()).await;
    Ok(())
}

/// Counts connections as they come and go.
#[derive(Debug, Default)]
pub(crate) struct ConnectionCounts {
    total: AtomicU64,
    open: AtomicU64,
}

/// A connection, which counts as open until this is dropped.
pub(crate) struct OpenConnection(Arc<ConnectionCounts>);

impl ConnectionCounts {
    /// Counts a connection that has been accepted.
    pub(crate) fn open(self: &Arc<Self>) -> OpenConnection {
        self.total.fetch_add(1, Ordering::Relaxed);
        self.open.fetch_add(1, Ordering::Relaxed);
        OpenConnection(Arc::clone(self))
    }

    /// Returns how many were accepted.
    pub(crate) fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Returns how many are open.
    pub(crate) fn now_open(&self) -> u64 {
        self.open.load(Ordering::Relaxed)
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}
