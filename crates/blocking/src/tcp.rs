//! Opens connections: names are looked up here, and a dead address does not hold up the others.
//!
//! ureq resolves the host for every request and starts a thread for it, even if it reuses a connection.
//! Here, the connector resolves it instead.

use std::{
    error::Error as StdError,
    fmt, io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use imagesearch_system::Names;
use ureq::{
    Error, Timeout,
    config::Config,
    http::{Uri, uri::Scheme},
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::{
            ConnectionDetails, Connector, Either, NextTimeout, TcpConnector, Transport, time,
        },
    },
};

/// The time to wait for one address before trying the next.
const HEAD_START: Duration = Duration::from_millis(250);

/// ureq reads a time of zero as no limit.
const SHORTEST: Duration = Duration::from_millis(1);

/// A host name that has no address, or that no name server knows.
#[derive(Debug)]
pub(crate) struct NameNotResolved {
    host: String,
    source: io::Error,
}

impl fmt::Display for NameNotResolved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "could not resolve host `{}`", self.host)
    }
}

impl StdError for NameNotResolved {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.source)
    }
}

/// Resolves nothing: [`ResolvingTcpConnector`] looks names up.
#[derive(Debug)]
pub(crate) struct Unresolved;

impl Resolver for Unresolved {
    fn resolve(
        &self,
        _uri: &Uri,
        _config: &Config,
        _timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        Ok(self.empty())
    }
}

/// Looks up the host and connects to it, both within the time for connecting.
#[derive(Debug, Default)]
pub(crate) struct ResolvingTcpConnector {
    names: Names,
    tcp: TcpConnector,
}

impl<In: Transport> Connector<In> for ResolvingTcpConnector {
    type Out = <TcpConnector as Connector<In>>::Out;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        chained: Option<In>,
    ) -> Result<Option<Self::Out>, Error> {
        // A tunnel through a proxy is a connection already.
        if let Some(chained) = chained {
            return Ok(Some(Either::A(chained)));
        }
        let start = Instant::now();
        let left = || details.timeout.after.saturating_sub(start.elapsed());
        let mut addresses = self.resolve(details, left())?;
        if addresses.len() > 1 {
            // Tries each address briefly, then the ones that timed out again.
            let mut silent = Vec::new();
            let mut refusal = None;
            for (address, others) in addresses.iter().zip((0..addresses.len()).rev()) {
                // Half of the time is left for the second round.
                let share = left() / (2 * u32::try_from(others + 1).unwrap_or(u32::MAX / 2));
                match self.try_connect(details, &[*address], share.min(HEAD_START)) {
                    Ok(transport) => return Ok(transport),
                    Err(Error::Timeout(_)) => silent.push(*address),
                    Err(error) => refusal = Some(error),
                }
            }
            match refusal {
                Some(error) if silent.is_empty() => return Err(error),
                _ => addresses = silent,
            }
        }
        self.try_connect(details, &addresses, left())
    }
}

impl ResolvingTcpConnector {
    fn resolve(
        &self,
        details: &ConnectionDetails<'_>,
        limit: Duration,
    ) -> Result<Vec<SocketAddr>, Error> {
        let host = details.uri.host().unwrap_or_default();
        let usual = if details.uri.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 };
        let port = details.uri.port_u16().unwrap_or(usual);
        self.names.resolve(host, port, limit).map_err(|error| match error.kind() {
            io::ErrorKind::TimedOut => Error::Timeout(Timeout::Resolve),
            _ => Error::Other(Box::new(NameNotResolved { host: host.to_owned(), source: error })),
        })
    }

    /// Connects to the first of some addresses that answers.
    fn try_connect<In: Transport>(
        &self,
        details: &ConnectionDetails<'_>,
        addresses: &[SocketAddr],
        limit: Duration,
    ) -> Result<Option<<TcpConnector as Connector<In>>::Out>, Error> {
        let mut addrs = Unresolved.empty();
        addresses.iter().for_each(|address| drop(addrs.try_push(*address)));
        // ureq treats a timeout of zero as no timeout.
        let after = time::Duration::Exact(limit.max(SHORTEST));
        let details = ConnectionDetails {
            uri: details.uri,
            addrs,
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: (details.current_time)(),
            timeout: NextTimeout { after, ..details.timeout },
            current_time: Arc::clone(&details.current_time),
            run_connector: Arc::clone(&details.run_connector),
            register_shutdown: Arc::clone(&details.register_shutdown),
        };
        self.tcp.connect(&details, None)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{Ipv4Addr, TcpListener},
        sync::atomic::{AtomicUsize, Ordering},
        thread,
    };

    use ureq::{
        Agent,
        unversioned::transport::{ConnectProxyConnector, RustlsConnector},
    };

    use super::*;

    static LOOKUPS: AtomicUsize = AtomicUsize::new(0);

    fn agent(names: Names) -> Agent {
        let connector =
            ().chain(ConnectProxyConnector::default())
                .chain(ResolvingTcpConnector { names, ..ResolvingTcpConnector::default() })
                .chain(RustlsConnector::default());
        let config = Agent::config_builder().proxy(None).http_status_as_error(false);
        let limit = Some(Duration::from_secs(30));
        let config = config.timeout_connect(limit).timeout_global(limit).build();
        Agent::with_parts(config, connector, Unresolved)
    }

    /// Answers every request of every connection; returns the port.
    fn serve() -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                thread::spawn(move || {
                    let mut buffer = [0; 4096];
                    while stream.read(&mut buffer).is_ok_and(|read| read > 0) {
                        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").unwrap();
                    }
                });
            }
        });
        port
    }

    #[test]
    fn a_name_is_looked_up_when_a_connection_is_opened_and_not_for_every_request() {
        let agent = agent(Names::with_lookup(|host, port| {
            assert_eq!(host, "shop.example");
            LOOKUPS.fetch_add(1, Ordering::SeqCst);
            // Nobody listens on the first address.
            Ok(vec![
                SocketAddr::from(([127, 0, 0, 2], 1)),
                SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
            ])
        }));
        let url = format!("http://shop.example:{}/", serve());
        for _ in 0..500 {
            let mut answer = agent.get(&url).call().unwrap();
            answer.body_mut().read_to_vec().unwrap();
        }
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn the_host_that_has_no_address_is_named() {
        let nowhere = Names::with_lookup(|_, _| Err(io::Error::other("no such host")));
        let error = agent(nowhere).get("http://nowhere.example/").call().unwrap_err();
        let ureq::Error::Other(error) = error else { panic!("{error}") };
        assert_eq!(error.to_string(), "could not resolve host `nowhere.example`");
        assert!(error.is::<NameNotResolved>());
    }

    #[test]
    fn an_address_that_refuses_is_not_a_name_without_addresses() {
        let refused = Names::with_lookup(|_, _| {
            Ok(vec![SocketAddr::from(([127, 0, 0, 2], 1)), SocketAddr::from(([127, 0, 0, 3], 1))])
        });
        let error = agent(refused).get("http://shop.example/").call().unwrap_err();
        let ureq::Error::Io(error) = error else { panic!("{error}") };
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
    }
}
