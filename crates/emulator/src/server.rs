//! Accepts connections and serves them until it is told to stop.

mod abortable;
mod connection;

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::runtime::{self, Runtime};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;

use crate::limits::Limits;
use crate::metrics::OpenConnection;
use crate::router::router;
use crate::state::State;
use connection::Connections;

pub(crate) use abortable::ConnectionControl;

/// How long running requests may take after the end was announced.
const DRAIN_TIME: Duration = Duration::from_secs(5);

/// How long to wait when the system has no more sockets.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Makes the runtime of an emulator: two threads, and those that work is put aside to.
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
    state: Arc<State>,
    tls: TlsAcceptor,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let service = TowerToHyperService::new(router(Arc::clone(&state)));
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
        let open = OpenConnection::count(&state);
        tokio::spawn(async move {
            connection.await;
            drop((place, open));
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN_TIME, graceful.shutdown()).await;
    Ok(())
}
