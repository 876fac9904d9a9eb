//! Reads a response that arrives while the request is still being sent.
//!
//! A server that refuses a long body responds and closes the connection, so sending fails. ureq
//! stops there and loses the response. This connector defers such a failure: the rest of the body
//! is discarded, and reading returns the response, or the failure if there is none.

use std::io;

use ureq::{
    Error,
    unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport},
};

/// Wraps each connection in [`EarlyAnswer`].
#[derive(Debug)]
pub(crate) struct EarlyAnswerConnector;

impl<In: Transport> Connector<In> for EarlyAnswerConnector {
    type Out = EarlyAnswer<In>;

    fn connect(
        &self,
        _details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        Ok(chained.map(|inner| EarlyAnswer { inner, failed: None }))
    }
}

/// A connection that can still be read after a failed write.
#[derive(Debug)]
pub(crate) struct EarlyAnswer<T> {
    inner: T,
    /// The write failure.
    failed: Option<(io::ErrorKind, String)>,
}

impl<T: Transport> Transport for EarlyAnswer<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if self.failed.is_some() {
            return Ok(());
        }
        match self.inner.transmit_output(amount, timeout) {
            Err(Error::Io(error)) if is_closed(&error) => {
                self.failed = Some((error.kind(), error.to_string()));
                Ok(())
            }
            result => result,
        }
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let result = self.inner.await_input(timeout);
        match (&self.failed, result) {
            (None, result) | (Some(_), result @ (Ok(true) | Err(Error::Timeout(_)))) => result,
            // Nothing to read: report the first failure.
            (Some((kind, text)), Ok(false) | Err(_)) => {
                Err(Error::Io(io::Error::new(*kind, text.clone())))
            }
        }
    }

    fn is_open(&mut self) -> bool {
        self.failed.is_none() && self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}

/// Returns whether the peer has stopped reading.
fn is_closed(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::WriteZero
    )
}
