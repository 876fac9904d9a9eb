use std::{
    collections::HashMap,
    fmt, io,
    net::{IpAddr, SocketAddr, ToSocketAddrs},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// Looks up host names, with a time limit and one lookup at a time for each name.
///
/// IP addresses need no lookup. Nothing is cached, because the system does not report how long a name
/// is valid. Clones share the lookups in flight.
///
/// ```
/// use std::time::Duration;
/// use imagesearch_system::Names;
///
/// let addresses = Names::default().resolve("127.0.0.1", 80, Duration::ZERO)?;
/// assert_eq!(addresses, ["127.0.0.1:80".parse().unwrap()]);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone)]
pub struct Names {
    lookup: Lookup,
    in_flight: Arc<Mutex<HashMap<Key, Arc<InFlight>>>>,
}

type Lookup = fn(&str, u16) -> io::Result<Vec<SocketAddr>>;
type Key = (String, u16);

/// A lookup that several callers wait for.
#[derive(Default)]
struct InFlight {
    outcome: Mutex<Option<Result<Vec<SocketAddr>, Arc<io::Error>>>>,
    ended: Condvar,
}

impl Default for Names {
    fn default() -> Self {
        Self::with_lookup(|host, port| Ok((host, port).to_socket_addrs()?.collect()))
    }
}

impl Names {
    /// Creates a resolver that looks names up in another way, for tests.
    pub fn with_lookup(lookup: fn(&str, u16) -> io::Result<Vec<SocketAddr>>) -> Self {
        Self { lookup, in_flight: Arc::default() }
    }

    /// Returns the addresses of a host, at least one.
    ///
    /// # Errors
    ///
    /// The host has no address, or the name server does not answer within the limit
    /// ([`io::ErrorKind::TimedOut`]). The lookup itself continues, for the next caller.
    pub fn resolve(&self, host: &str, port: u16, limit: Duration) -> io::Result<Vec<SocketAddr>> {
        let bare = host.strip_prefix('[').and_then(|it| it.strip_suffix(']')).unwrap_or(host);
        if let Ok(address) = bare.parse::<IpAddr>() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        self.join(host, port)?.wait(limit)
    }

    /// Joins the lookup of a name, or starts it.
    fn join(&self, host: &str, port: u16) -> io::Result<Arc<InFlight>> {
        let key = (host.to_owned(), port);
        let mut in_flight = lock(&self.in_flight);
        if let Some(lookup) = in_flight.get(&key) {
            return Ok(Arc::clone(lookup));
        }
        let lookup = Arc::new(InFlight::default());
        in_flight.insert(key.clone(), Arc::clone(&lookup));
        let (names, running, own) = (self.clone(), Arc::clone(&lookup), key.clone());
        // The system's lookup has no time limit, so it gets a thread of its own.
        let thread = thread::Builder::new().name("imagesearch-names".to_owned());
        let started = thread.spawn(move || {
            let outcome = (names.lookup)(&own.0, own.1).map_err(Arc::new);
            lock(&names.in_flight).remove(&own);
            *lock(&running.outcome) = Some(outcome);
            running.ended.notify_all();
        });
        if let Err(error) = started {
            in_flight.remove(&key);
            return Err(error);
        }
        Ok(lookup)
    }
}

impl InFlight {
    /// Waits for the outcome, up to a limit.
    fn wait(&self, limit: Duration) -> io::Result<Vec<SocketAddr>> {
        let start = Instant::now();
        let mut outcome = lock(&self.outcome);
        loop {
            match &*outcome {
                Some(Ok(addresses)) if addresses.is_empty() => {
                    return Err(io::Error::new(io::ErrorKind::NotFound, "it has no address"));
                }
                Some(Ok(addresses)) => return Ok(addresses.clone()),
                Some(Err(error)) => return Err(io::Error::new(error.kind(), Arc::clone(error))),
                None => {}
            }
            let left = limit.saturating_sub(start.elapsed());
            if left.is_zero() {
                let message = "the name server did not answer in time";
                return Err(io::Error::new(io::ErrorKind::TimedOut, message));
            }
            let waited = self.ended.wait_timeout(outcome, left);
            outcome = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_flight = lock(&self.in_flight).len();
        formatter.debug_struct("Names").field("in_flight", &in_flight).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every change is complete before anything can panic.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    const LONG: Duration = Duration::from_secs(30);

    #[test]
    fn addresses_need_no_lookup() {
        let names = Names::with_lookup(|host, _| panic!("{host} was looked up"));
        for (host, address) in
            [("127.0.0.1", "127.0.0.1:8"), ("[::1]", "[::1]:8"), ("::1", "[::1]:8")]
        {
            let expected = vec![address.parse().unwrap()];
            assert_eq!(names.resolve(host, 8, Duration::ZERO).unwrap(), expected, "{host}");
        }
    }

    #[test]
    fn a_hundred_callers_share_one_lookup() {
        static LOOKUPS: AtomicUsize = AtomicUsize::new(0);
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::with_lookup(|_, port| {
            LOOKUPS.fetch_add(1, Ordering::SeqCst);
            // Answers once everybody has asked, as a slow name server does.
            while ASKED.load(Ordering::SeqCst) < 100 {
                thread::yield_now();
            }
            Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))])
        });
        let start = Barrier::new(100);
        thread::scope(|scope| {
            for _ in 0..100 {
                scope.spawn(|| {
                    start.wait();
                    let lookup = names.join("shop.example", 443).unwrap();
                    ASKED.fetch_add(1, Ordering::SeqCst);
                    lookup.wait(LONG).unwrap();
                });
            }
        });
        assert_eq!(LOOKUPS.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_name_server_that_says_nothing_takes_no_longer_than_the_limit() {
        static RELEASED: AtomicUsize = AtomicUsize::new(0);
        let names = Names::with_lookup(|_, _| {
            while RELEASED.load(Ordering::SeqCst) == 0 {
                thread::yield_now();
            }
            Ok(Vec::new())
        });
        for _ in 0..3 {
            let error = names.resolve("silent.example", 443, Duration::from_millis(5)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        }
        assert_eq!(lock(&names.in_flight).len(), 1, "the first lookup still goes on");
        RELEASED.store(1, Ordering::SeqCst);
        let error = names.resolve("silent.example", 443, LONG).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn the_error_of_a_lookup_reaches_everyone() {
        let names = Names::with_lookup(|_, _| Err(io::Error::other("no such host")));
        let error = names.resolve("nowhere.example", 443, LONG).unwrap_err();
        assert!(error.to_string().contains("no such host"), "{error}");
        assert!(lock(&names.in_flight).is_empty());
    }
}
