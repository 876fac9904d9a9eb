use std::{sync::Arc, task::Waker, time::Duration};

use bytes::Bytes;

use super::{Credentials, CredentialsProvider, FetchContext, FetchSettings, no_credentials};
use crate::io::{Answer, Effect, Entropy, Failure, Id, LoadError, Now, Task};

/// A fetch of credentials outside any call, driven as an [`Exchange`](crate::exchange::Exchange) is.
///
/// Clients fetch by themselves. Use this to test a provider, or to obtain credentials without
/// a call.
///
/// ```
/// use std::{task::Waker, time::Duration};
/// # use imagesearch_core::{Credentials, credentials::CredentialsFetch, exchange::{Effect, Entropy, Now}, values::Timestamp};
/// struct NoEntropy;
///
/// impl Entropy for NoEntropy {
///     fn draw(&mut self) -> Option<[u8; 16]> {
///         None
///     }
/// }
///
/// let provider = Credentials::access_key("id", "secret");
/// let mut fetch = CredentialsFetch::new(&provider, Duration::from_secs(10));
/// let now = Now::new(Duration::ZERO, Timestamp::default());
/// let Effect::Done(Ok(key)) = fetch.poll(now, &mut NoEntropy, Waker::noop()) else {
///     unreachable!("a key in hand needs no effects")
/// };
/// assert_eq!(key.access_key_id(), Some("id"));
/// ```
#[derive(Debug)]
pub struct CredentialsFetch {
    task: Task<Credentials>,
}

impl CredentialsFetch {
    /// Starts a fetch with default settings, which ends at a time on the clock of
    /// [`Now::monotonic`].
    pub fn new(provider: &(impl CredentialsProvider + ?Sized), deadline: Duration) -> Self {
        let settings = Arc::new(FetchSettings::default());
        Self { task: Task::new(deadline, |io| provider.fetch(FetchContext::new(io, settings))) }
    }

    /// Returns what to do next.
    pub fn poll(
        &mut self,
        now: Now,
        entropy: &mut dyn Entropy,
        waker: &Waker,
    ) -> Effect<Credentials> {
        let expired = |_: &_| no_credentials("the deadline passed while fetching credentials");
        self.task.poll(now, entropy, waker, expired)
    }

    /// Receives the response to a request.
    pub fn handle_response(&mut self, id: Id, now: Now, answer: Answer) {
        self.task.handle_response(id, now, answer);
    }

    /// Receives the failure of a request.
    pub fn handle_failure(&mut self, id: Id, now: Now, failure: Failure) {
        self.task.handle_failure(id, now, failure);
    }

    /// Receives the result of a load.
    pub fn handle_loaded(&mut self, id: Id, result: Result<Bytes, LoadError>) {
        self.task.handle_loaded(id, result);
    }
}
