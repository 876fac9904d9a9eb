//! One connection: HTTP or HTTPS, which its first byte tells.

use std::future::Future;

use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;

use super::abortable::{AbortableStream, ConnectionControl};
use crate::limits::Limits;
use crate::tls::HANDSHAKE_RECORD;

/// How many bytes of a header are read.
const HEADER_BYTES: usize = 32 * 1024;

/// Serves connections, all in the same way.
#[derive(Clone)]
pub(super) struct Connections {
    service: TowerToHyperService<Router>,
    http: http1::Builder,
    tls: TlsAcceptor,
    limits: Limits,
}

impl Connections {
    pub(super) fn new(
        service: TowerToHyperService<Router>,
        tls: TlsAcceptor,
        limits: Limits,
    ) -> Self {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new())
            .header_read_timeout(limits.header_time)
            // That would be the machine's time, which the emulator's need not be.
            .auto_date_header(false)
            .max_buf_size(HEADER_BYTES);
        Self { service, http, tls, limits }
    }

    /// Serves a connection until it ends.
    ///
    /// A client that goes away, or sends neither HTTP nor TLS, is no concern of ours.
    pub(super) fn serve(
        &self,
        stream: TcpStream,
        watcher: Watcher,
        mut stopped: watch::Receiver<bool>,
    ) -> impl Future<Output = ()> + Send + use<> {
        let this = self.clone();
        async move {
            // Answers are small and written at once; waiting for more to send only delays them.
            let _ = stream.set_nodelay(true);
            // Nothing has been asked yet, so an end need not wait for it.
            let control = ConnectionControl::new(stopped.clone());
            let stream = AbortableStream::new(stream, control.clone(), this.limits.write_time);
            let opened = tokio::select! {
                opened = this.open(stream) => opened,
                _ = stopped.wait_for(|stop| *stop) => None,
            };
            match opened {
                Some(Opened::Plain(stream)) => this.talk(stream, control, watcher).await,
                Some(Opened::Secure(stream)) => this.talk(*stream, control, watcher).await,
                None => {}
            }
        }
    }

    /// Waits for the first byte and, if it begins a handshake, for the end of that.
    async fn open(&self, stream: AbortableStream) -> Option<Opened> {
        let mut first = [0];
        let count = timeout(self.limits.header_time, stream.peek(&mut first)).await.ok()?.ok()?;
        if count == 0 {
            return None;
        }
        if first != [HANDSHAKE_RECORD] {
            return Some(Opened::Plain(stream));
        }
        let secure =
            timeout(self.limits.handshake_time, self.tls.accept(stream)).await.ok()?.ok()?;
        Some(Opened::Secure(Box::new(secure)))
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
        &self,
        stream: S,
        control: ConnectionControl,
        watcher: Watcher,
    ) {
        let service = self.service.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(control.clone());
            service.call(request)
        });
        let connection = self.http.serve_connection(TokioIo::new(stream), service);
        let _ = watcher.watch(connection).await;
    }
}

/// A connection on which a request can be read.
enum Opened {
    Plain(AbortableStream),
    Secure(Box<tokio_rustls::server::TlsStream<AbortableStream>>),
}
