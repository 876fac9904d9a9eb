use std::{
    io::{self, Read},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::{Buf, Bytes};
use http::{Method, header::CONTENT_LENGTH};
use imagesearch_core::{
    Error, ErrorKind,
    body::{Body, Chunks},
    client::Config,
    exchange::{Answer, Failure, FailurePhase, Now, Transmit},
};
use ureq::{
    Agent, Proxy, SendBody, Timeout,
    unversioned::transport::{ConnectProxyConnector, Connector, RustlsConnector},
};

use crate::{
    early_answer::EarlyAnswerConnector,
    tcp::{NameNotResolved, ResolvingTcpConnector, Unresolved},
    tls,
};

/// Upper bound: ureq adds it to an `Instant`.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The size of a connection's buffers for request and response; TLS doubles it.
///
/// ureq's default of 128 KiB adds up to half a megabyte per connection, and is no faster.
const BUFFER: usize = 32 * 1024;

/// Sends requests with ureq.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    agent: Agent,
}

impl Transport {
    pub(crate) fn new(agent: Agent) -> Self {
        Self { agent }
    }

    pub(crate) fn from_config(config: &Config) -> Result<Self, Error> {
        let connections = config.max_connections().get();
        let mut builder = Agent::config_builder()
            .max_idle_connections(connections)
            .max_idle_connections_per_host(connections)
            .input_buffer_size(BUFFER)
            .output_buffer_size(BUFFER)
            // A head that fills the buffer is reported as too long.
            .max_response_header_size(BUFFER - 1)
            .tls_config(tls::config(config.tls_roots())?);
        if let Some(url) = config.proxy() {
            let unusable = |_| Error::new(ErrorKind::Config, "the proxy's URL is invalid");
            builder = builder.proxy(Some(Proxy::new(url).map_err(unusable)?));
        }
        if config.proxy().is_none() && config.endpoint().is_loopback() {
            // The environment's proxy is for other machines.
            builder = builder.proxy(None);
        }
        let connector =
            ().chain(ConnectProxyConnector::default())
                .chain(ResolvingTcpConnector::default())
                .chain(RustlsConnector::default())
                .chain(EarlyAnswerConnector);
        Ok(Self::new(Agent::with_parts(builder.build(), connector, Unresolved)))
    }

    /// Ends the requests of all threads, and refuses later ones.
    pub(crate) fn shut_down(&self) {
        self.agent.clone().shutdown();
    }

    /// Sends a request and reads its response, within its deadlines.
    pub(crate) fn transmit(&self, transmit: Transmit, now: Now) -> Result<Answer, Failure> {
        let left = |until: Duration| until.saturating_sub(now.monotonic).min(LONGEST);
        let sending = Arc::new(AtomicBool::new(transmit.request.body().is_empty()));
        let request = framed(transmit.request, &sending);
        // Set for each request, so that they also apply to a ready-made agent.
        let mut configured = self.agent.configure_request(request);
        if transmit.bypass_proxy {
            configured = configured.proxy(None);
        }
        if transmit.fresh_connection {
            configured = configured.max_idle_age(Duration::ZERO);
        }
        let request = configured
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(left(transmit.connect_deadline)))
            .timeout_global(Some(left(transmit.deadline)))
            .build();
        let response = self.agent.run(request).map_err(|error| {
            // A request whose body was not started cannot have been carried out.
            let left = sending.load(Ordering::Relaxed);
            failure(error, (!left).then_some(FailurePhase::Connect))
        })?;
        let (parts, body) = response.into_parts();
        let mut content = Vec::new();
        let mut reader =
            body.into_with_config().limit(u64::MAX).reader().take(transmit.max_body_bytes + 1);
        reader
            .read_to_end(&mut content)
            .map_err(|error| failure(ureq::Error::from(error), Some(FailurePhase::Body)))?;
        if content.len() as u64 > transmit.max_body_bytes {
            let message = format!("it is longer than {} bytes", transmit.max_body_bytes);
            return Err(Failure::new(FailurePhase::TooLong, message));
        }
        Ok(http::Response::from_parts(parts, Bytes::from(content)))
    }
}

/// Sets the length of a body: ureq would send one of unknown length in chunks.
fn framed(
    mut request: http::Request<Body>,
    sending: &Arc<AtomicBool>,
) -> http::Request<SendBody<'static>> {
    let length = request.body().len();
    // Without a length ureq sends even an empty body in chunks.
    if length > 0 || request.method() == Method::POST {
        request.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    request.map(|body| match length {
        0 => SendBody::none(),
        _ => SendBody::from_owned_reader(Reader::new(&body, Arc::clone(sending))),
    })
}

/// Returns the progress of a failed request, unless it is known.
fn failure(error: ureq::Error, known: Option<FailurePhase>) -> Failure {
    let error = match error {
        // ureq wraps its own errors in `io::Error` when reading.
        ureq::Error::Io(error) => match error.downcast::<ureq::Error>() {
            Ok(inner) => inner,
            Err(error) => ureq::Error::Io(error),
        },
        error => error,
    };
    let phase = known.unwrap_or(match &error {
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect)
        | ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::BadUri(_)
        | ureq::Error::Tls(_)
        | ureq::Error::Rustls(_)
        | ureq::Error::ConnectProxyFailed(_) => FailurePhase::Connect,
        ureq::Error::Timeout(Timeout::RecvBody) => FailurePhase::Body,
        ureq::Error::Io(error) if never_connected(error) => FailurePhase::Connect,
        ureq::Error::Other(error) if error.is::<NameNotResolved>() => FailurePhase::Connect,
        _ => FailurePhase::Response,
    });
    let timed_out = matches!(error, ureq::Error::Timeout(_));
    if timed_out { Failure::timeout(phase, error) } else { Failure::new(phase, error) }
}

fn never_connected(error: &io::Error) -> bool {
    if never_resolved(error) || is_not_trusted(error) {
        return true;
    }
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::AddrNotAvailable
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
    )
}

/// Reads a body chunk by chunk, without joining them.
struct Reader {
    chunks: Chunks,
    chunk: Bytes,
    /// Set by the first read: the connection is open then.
    sending: Arc<AtomicBool>,
}

impl Reader {
    fn new(body: &Body, sending: Arc<AtomicBool>) -> Self {
        Self { chunks: body.chunks(), chunk: Bytes::new(), sending }
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.sending.store(true, Ordering::Relaxed);
        if self.chunk.is_empty() {
            match self.chunks.next() {
                Some(chunk) => self.chunk = chunk,
                None => return Ok(0),
            }
        }
        let read = self.chunk.as_ref().read(buffer)?;
        self.chunk.advance(read);
        Ok(read)
    }
}

/// Returns whether the handshake failed because the server is not trusted, which rustls reports
/// with the first write.
fn is_not_trusted(error: &io::Error) -> bool {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    inner.is_some_and(|inner| {
        matches!(inner, rustls::Error::InvalidCertificate(_) | rustls::Error::PeerIncompatible(_))
    })
}

/// Returns whether a host name could not be resolved. The standard library has no kind for that.
fn never_resolved(error: &io::Error) -> bool {
    /// The Windows codes for host not found, try again, and no data for the name.
    const WINDOWS: [i32; 3] = [11_001, 11_002, 11_004];
    let number = error.raw_os_error();
    (cfg!(windows) && number.is_some_and(|number| WINDOWS.contains(&number)))
        || error.to_string().starts_with("failed to lookup address information")
}

#[cfg(test)]
mod tests {
    use std::net::ToSocketAddrs;

    use super::*;

    #[test]
    fn a_name_that_does_not_resolve_means_that_nothing_left() {
        // No host name contains a blank, so no name server is asked.
        let error = ("no host", 443).to_socket_addrs().unwrap_err();
        let failure = failure(ureq::Error::Io(error), None);
        assert_eq!(failure.phase, FailurePhase::Connect);
    }
}
