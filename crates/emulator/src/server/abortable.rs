//! A connection that can be cut off with a reset, which takes more than closing it, and that does
//! not wait for ever for a client that reads nothing.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

/// Lets who answers a request decide about its connection; requests carry it as an extension.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionControl {
    reset: Arc<AtomicBool>,
    stopped: watch::Receiver<bool>,
}

impl ConnectionControl {
    pub(super) fn new(stopped: watch::Receiver<bool>) -> Self {
        Self { reset: Arc::default(), stopped }
    }

    /// Cuts the connection off as soon as something is read from it or written to it.
    pub(crate) fn reset(&self) {
        self.reset.store(true, Ordering::SeqCst);
    }

    /// Waits until the emulator is told to stop.
    pub(crate) async fn stopped(&self) {
        // An error says that the sender is gone, which is an end as well.
        let _ = self.stopped.clone().wait_for(|stop| *stop).await;
    }

    /// Tells whether the connection is or will be cut off.
    pub(crate) fn is_reset(&self) -> bool {
        self.reset.load(Ordering::SeqCst)
    }
}

/// A TCP stream that its control can cut off: below TLS, so that nothing says goodbye.
#[derive(Debug)]
pub(super) struct AbortableStream {
    stream: TcpStream,
    control: ConnectionControl,
    /// How long nothing of what is to be sent may be taken.
    write_time: Duration,
    stalled: Option<Pin<Box<Sleep>>>,
}

impl AbortableStream {
    pub(super) fn new(stream: TcpStream, control: ConnectionControl, write_time: Duration) -> Self {
        Self { stream, control, write_time, stalled: None }
    }

    /// Looks at the first bytes without taking them.
    pub(super) async fn peek(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.peek(buffer).await
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        if self.control.is_reset() {
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        Ok(Pin::new(&mut self.stream))
    }

    /// Passes on what became of an attempt to write, or gives up if too many brought nothing.
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
