//! One connection: HTTP or HTTPS, which its first byte tells.
//!
//! It can be cut off with a reset, which takes more than closing it, and does not wait for ever for a
//! client that reads nothing.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep, timeout};
use tokio_rustls::TlsAcceptor;

use super::limits::Limits;
use super::tls::HANDSHAKE_RECORD;

/// How many bytes of a header are read.
const HEADER_BYTES: usize = 32 * 1024;

/// Serves connections, all in the same way.
#[derive(Clone)]
pub(crate) struct Connections {
    service: TowerToHyperService<Router>,
    http: http1::Builder,
    tls: TlsAcceptor,
    limits: Limits,
}

impl Connections {
    pub(crate) fn new(
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
    pub(crate) fn serve(
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

/// Lets who answers a request decide about its connection; requests carry it as an extension.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionControl {
    reset: Arc<AtomicBool>,
    stopped: watch::Receiver<bool>,
}

impl ConnectionControl {
    fn new(stopped: watch::Receiver<bool>) -> Self {
        Self { reset: Arc::default(), stopped }
    }

    /// Cuts the connection off as soon as something is read from it or written to it.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::SeqCst);
    }

    /// Waits for the shutdown of the emulator.
    pub(crate) async fn stopped(&self) {
        // An error says that the sender is gone, which is an end as well.
        let _ = self.stopped.clone().wait_for(|stop| *stop).await;
    }

    /// Returns whether the connection is or will be cut off.
    pub(crate) fn is_reset(&self) -> bool {
        self.reset.load(Ordering::SeqCst)
    }
}

/// A TCP stream that its control can cut off: below TLS, so that nothing says goodbye.
#[derive(Debug)]
struct AbortableStream {
    stream: TcpStream,
    control: ConnectionControl,
    /// How long nothing of what is to be sent may be taken.
    write_time: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl AbortableStream {
    fn new(stream: TcpStream, control: ConnectionControl, write_time: Duration) -> Self {
        Self { stream, control, write_time, stalled: None }
    }

    /// Looks at the first bytes without taking them.
    async fn peek(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.peek(buffer).await
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        if self.control.is_reset() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(Pin::new(&mut self.stream))
    }

    /// Passes on the result of a write, or gives up after too many without progress.
    fn unless_stalled<T>(
        &mut self,
        context: &mut Context<'_>,
        attempt: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if attempt.is_ready() {
            self.stalled = None;
            return attempt;
        }
        let write_time = self.write_time;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(write_time)));
        stalled.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for AbortableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(context, buffer)
    }
}

impl AsyncWrite for AbortableStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let attempt = self.stream()?.poll_write(context, bytes);
        self.unless_stalled(context, attempt)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let attempt = self.stream()?.poll_write_vectored(context, slices);
        self.unless_stalled(context, attempt)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

impl Drop for AbortableStream {
    fn drop(&mut self) {
        if self.control.is_reset() {
            // Closing a socket that must not linger sends RST in place of FIN. Should the system
            // refuse, the client sees an early end instead, and nobody is left to be told.
            let _ = self.stream.set_zero_linger();
        }
    }
}
