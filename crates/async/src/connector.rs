//! Prevents reqwest from opening unneeded connections.
//!
//! After a response has been read, hyper returns its connection to the pool a moment later, in a
//! separate task. A request that starts in between finds no idle connection: hyper opens another,
//! uses whichever is ready first, and keeps both. Under load there are half as many connections
//! again as requests. So a request waits a moment for a returning connection before it opens
//! another.

use std::{
    error::Error as StdError,
    future::Future,
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use http::uri::Authority;
use tokio::task::futures::TaskLocalFuture;
use tower_layer::Layer;
use tower_service::Service;

/// How long to wait for a returning connection: a matter of scheduling, not of the network.
const MOMENT: Duration = Duration::from_millis(50);

tokio::task_local! {
    /// Whether a connection is returning for the request that is being polled. Connecting that
    /// hyper continues in its own task does not see this.
    static EXPECTED: bool;
}

/// The returning connections: their hosts, and since when.
#[derive(Clone, Debug, Default)]
pub(crate) struct Returning(Arc<Mutex<Vec<(Authority, Instant)>>>);

impl Returning {
    /// Records that a response from a host was read completely.
    pub(crate) fn note(&self, host: Option<Authority>) {
        let Some(host) = host else { return };
        self.current().push((host, Instant::now()));
    }

    /// Lets a request to a host wait for a returning connection, if no other request waits for it.
    pub(crate) fn scope<F: Future>(
        &self,
        host: Option<&Authority>,
        request: F,
    ) -> TaskLocalFuture<bool, F> {
        EXPECTED.scope(host.is_some_and(|host| self.claim(host)), request)
    }

    fn claim(&self, host: &Authority) -> bool {
        let mut returning = self.current();
        let place = returning.iter().position(|(other, _)| other == host);
        place.map(|place| returning.swap_remove(place)).is_some()
    }

    /// Forgets those that should have returned by now.
    fn current(&self) -> MutexGuard<'_, Vec<(Authority, Instant)>> {
        let mut returning = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        returning.retain(|(_, since)| since.elapsed() < MOMENT);
        returning
    }
}

/// Wraps the connector in a [`Connector`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConnectorLayer {
    moment: Duration,
}

impl ConnectorLayer {
    /// Leaves most of the connect timeout to the network.
    pub(crate) fn new(connect_timeout: Duration) -> Self {
        Self { moment: MOMENT.min(connect_timeout / 4) }
    }
}

impl<S> Layer<S> for ConnectorLayer {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector { inner, moment: self.moment }
    }
}

/// Connects, after a moment if a connection is returning.
#[derive(Clone, Debug)]
pub(crate) struct Connector<S> {
    inner: S,
    moment: Duration,
}

type BoxError = Box<dyn StdError + Send + Sync>;

impl<S, D> Service<D> for Connector<S>
where
    S: Service<D, Error = BoxError> + Clone + Send + 'static,
    S::Future: Send,
    D: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, destination: D) -> Self::Future {
        // Call the service that was polled until ready.
        let next = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, next);
        let moment = self.moment;
        Box::pin(async move {
            if EXPECTED.try_get() == Ok(true) {
                tokio::time::sleep(moment).await;
                if EXPECTED.try_get().is_err() {
                    return Err("a connection has returned meanwhile".into());
                }
            }
            inner.call(destination).await
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{Ready, poll_fn, ready},
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
    };

    use super::*;

    /// Counts how often it was asked to connect.
    #[derive(Clone, Default)]
    struct Network(Arc<AtomicUsize>);

    impl Service<()> for Network {
        type Response = ();
        type Error = BoxError;
        type Future = Ready<Result<(), BoxError>>;

        fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _destination: ()) -> Self::Future {
            self.0.fetch_add(1, Ordering::Relaxed);
            ready(Ok(()))
        }
    }

    type Connecting = <Connector<Network> as Service<()>>::Future;

    fn run(test: impl AsyncFnOnce(&Network, Connecting)) {
        let network = Network::default();
        let layer = ConnectorLayer::new(Duration::from_millis(20));
        let connecting = layer.layer(network.clone()).call(());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        runtime.unwrap().block_on(test(&network, connecting));
    }

    /// Polls once, within a request.
    async fn poll_once(expected: bool, connecting: &mut Connecting) -> Poll<Result<(), BoxError>> {
        let poll = poll_fn(|context| Poll::Ready(connecting.as_mut().poll(context)));
        EXPECTED.scope(expected, poll).await
    }

    #[test]
    fn connects_at_once_when_no_connection_is_on_its_way_back() {
        run(async |network, mut connecting| {
            assert!(poll_once(false, &mut connecting).await.is_ready());
            assert_eq!(network.0.load(Ordering::Relaxed), 1);
        });
    }

    #[test]
    fn connects_when_no_connection_comes_back() {
        run(async |network, connecting| {
            EXPECTED.scope(true, connecting).await.unwrap();
            assert_eq!(network.0.load(Ordering::Relaxed), 1);
        });
    }

    #[test]
    fn does_not_connect_for_a_request_that_has_got_a_connection() {
        run(async |network, mut connecting| {
            assert!(poll_once(true, &mut connecting).await.is_pending());
            let error = tokio::spawn(connecting).await.unwrap().unwrap_err();
            assert_eq!(error.to_string(), "a connection has returned meanwhile");
            assert_eq!(network.0.load(Ordering::Relaxed), 0);
        });
    }

    #[test]
    fn each_connection_is_expected_once_and_by_its_host() {
        let (returning, host) = (Returning::default(), Authority::from_static("a.example"));
        assert!(!returning.claim(&host));
        returning.note(Some(host.clone()));
        assert!(!returning.claim(&Authority::from_static("b.example")));
        assert!(returning.claim(&host));
        assert!(!returning.claim(&host));
    }

    #[test]
    fn a_connection_is_expected_for_a_moment() {
        let (returning, host) = (Returning::default(), Authority::from_static("a.example"));
        let before = Instant::now().checked_sub(MOMENT).unwrap();
        returning.0.lock().unwrap().push((host.clone(), before));
        assert!(!returning.claim(&host));
        assert!(returning.0.lock().unwrap().is_empty(), "what is over is forgotten");
    }
}
