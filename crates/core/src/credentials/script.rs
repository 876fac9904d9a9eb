//! Runs a fetch that is written as an async block: each await is a step for the driver.
//!
//! No runtime is involved. [`Script::next`] polls the block until it asks for something, and what
//! comes back is there when it is polled again. So a provider of seven requests reads from top to
//! bottom, and providers call each other.

use std::{
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;

use super::{
    Credentials, CredentialsFetch, CredentialsProvider, FetchContext, FetchRequest, FetchStep,
};
use crate::{
    error::Error,
    exchange::{Answer, Failure, LoadError, Now, Source},
};

/// A fetch that is an async block.
pub(super) struct Script {
    /// Absent once it has ended.
    block: Option<Block>,
    io: Io,
    /// The fetch of another provider, which the block waits for.
    inner: Option<Box<dyn CredentialsFetch>>,
}

type Block = Pin<Box<dyn Future<Output = Result<Credentials, Error>> + Send>>;

/// What a block asks for.
enum Ask {
    Load(Source),
    Send(Box<FetchRequest>),
    Wait(Duration),
    Random,
    Run(Box<dyn CredentialsFetch>),
}

/// What comes back.
enum Reply {
    Loaded(Result<Bytes, LoadError>),
    Answered(Result<Answer, Failure>),
    Waited,
    Random(Option<[u8; 16]>),
    Ran(Result<Credentials, Error>),
}

impl Script {
    /// Creates a fetch of a block that does its I/O through what it is given.
    pub(super) fn start<F>(block: impl FnOnce(Io) -> F) -> Box<dyn CredentialsFetch>
    where
        F: Future<Output = Result<Credentials, Error>> + Send + 'static,
    {
        let io = Io::default();
        Box::new(Self { block: Some(Box::pin(block(io.clone()))), io, inner: None })
    }
}

impl CredentialsFetch for Script {
    fn next(&mut self, context: &mut FetchContext<'_>) -> FetchStep {
        loop {
            if let Some(inner) = &mut self.inner {
                match inner.next(context) {
                    FetchStep::Done(result) => {
                        self.inner = None;
                        self.io.reply(Reply::Ran(result));
                    }
                    step => return step,
                }
            }
            let Some(block) = &mut self.block else { return over() };
            let waited = {
                let mut desk = self.io.desk();
                desk.now = Some(context.now);
                desk.deadline = context.deadline;
                desk.clock_correction = context.clock_correction;
                std::mem::take(&mut desk.waiting)
            };
            if waited {
                self.io.reply(Reply::Waited);
            }
            match block.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(result) => {
                    self.block = None;
                    return FetchStep::Done(result);
                }
                Poll::Pending => {}
            }
            let ask = self.io.desk().ask.take();
            match ask {
                Some(Ask::Load(source)) => return FetchStep::Load(source),
                Some(Ask::Send(request)) => return FetchStep::Send(*request),
                Some(Ask::Wait(delay)) => {
                    self.io.desk().waiting = true;
                    return FetchStep::Wait(context.now.mono.saturating_add(delay));
                }
                Some(Ask::Random) => self.io.reply(Reply::Random(context.entropy.draw())),
                Some(Ask::Run(fetch)) => self.inner = Some(fetch),
                None => return over(),
            }
        }
    }

    fn on_loaded(&mut self, result: Result<Bytes, LoadError>) {
        match &mut self.inner {
            Some(inner) => inner.on_loaded(result),
            None => self.io.reply(Reply::Loaded(result)),
        }
    }

    fn on_response(&mut self, response: Answer) {
        match &mut self.inner {
            Some(inner) => inner.on_response(response),
            None => self.io.reply(Reply::Answered(Ok(response))),
        }
    }

    fn on_failure(&mut self, failure: Failure) {
        match &mut self.inner {
            Some(inner) => inner.on_failure(failure),
            None => self.io.reply(Reply::Answered(Err(failure))),
        }
    }
}

/// Answers a client that breaks the order of calls.
fn over() -> FetchStep {
    FetchStep::Done(Err(Error::config(
        "credentials were asked for before an answer came, or after the fetch was over",
    )))
}

/// The I/O of a block, performed by the driver of the fetch.
#[derive(Clone, Default)]
pub(super) struct Io {
    desk: Arc<Mutex<Desk>>,
}

/// What a block and its script hand each other.
#[derive(Default)]
struct Desk {
    now: Option<Now>,
    deadline: Duration,
    clock_correction: bool,
    waiting: bool,
    ask: Option<Ask>,
    reply: Option<Reply>,
}

impl Io {
    /// Returns the time.
    pub(super) fn now(&self) -> Now {
        // Set before the block is polled for the first time.
        self.desk().now.unwrap_or(Now { mono: Duration::ZERO, wall: Default::default() })
    }

    /// Returns when the call ends at the latest.
    pub(super) fn deadline(&self) -> Duration {
        self.desk().deadline
    }

    /// Returns whether a refused time stamp may be corrected.
    pub(super) fn corrects_clock(&self) -> bool {
        self.desk().clock_correction
    }

    /// Reads a variable of the environment; an empty one counts as absent.
    pub(super) async fn variable(&self, name: &'static str) -> Option<String> {
        let value = self.load(Source::Environment(name)).await.ok()?;
        let value = String::from_utf8(value.to_vec()).ok()?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// Returns whether a variable of the environment is `true`.
    pub(super) async fn flag(&self, name: &'static str) -> bool {
        self.variable(name).await.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// Loads something.
    pub(super) async fn load(&self, source: Source) -> Result<Bytes, LoadError> {
        match self.ask(Ask::Load(source)).await {
            Reply::Loaded(result) => result,
            _ => Err(LoadError::Unreadable(OUT_OF_ORDER.to_owned())),
        }
    }

    /// Sends a request.
    pub(super) async fn send(&self, request: FetchRequest) -> Result<Answer, Failure> {
        match self.ask(Ask::Send(Box::new(request))).await {
            Reply::Answered(result) => result,
            _ => Err(Failure::new(crate::exchange::FailurePhase::Connect, OUT_OF_ORDER)),
        }
    }

    /// Waits for a time.
    pub(super) async fn wait(&self, delay: Duration) {
        self.ask(Ask::Wait(delay)).await;
    }

    /// Draws randomness, if the system has any to give.
    pub(super) async fn random(&self) -> Option<[u8; 16]> {
        match self.ask(Ask::Random).await {
            Reply::Random(random) => random,
            _ => None,
        }
    }

    /// Fetches from another provider.
    pub(super) async fn run(
        &self,
        provider: &dyn CredentialsProvider,
    ) -> Result<Credentials, Error> {
        // Not borrowed across the wait, so that the block stays sendable.
        let fetch = provider.fetch();
        match self.ask(Ask::Run(fetch)).await {
            Reply::Ran(result) => result,
            _ => Err(Error::config(OUT_OF_ORDER)),
        }
    }

    async fn ask(&self, ask: Ask) -> Reply {
        self.desk().ask = Some(ask);
        poll_fn(|_| match self.desk().reply.take() {
            Some(reply) => Poll::Ready(reply),
            None => Poll::Pending,
        })
        .await
    }

    fn reply(&self, reply: Reply) {
        self.desk().reply = Some(reply);
    }

    fn desk(&self) -> MutexGuard<'_, Desk> {
        // Every change is a single assignment, so a panic elsewhere leaves nothing half done.
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The error for a client that answers a load with a response.
const OUT_OF_ORDER: &str = "the client answered with a result of the wrong kind";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Entropy;

    struct Ones;

    impl Entropy for Ones {
        fn draw(&mut self) -> Option<[u8; 16]> {
            Some([1; 16])
        }
    }

    fn next(fetch: &mut dyn CredentialsFetch, seconds: u64) -> FetchStep {
        let mono = Duration::from_secs(seconds);
        let now = Now { mono, wall: Default::default() };
        fetch.next(&mut FetchContext::new(now, Duration::from_secs(60), &mut Ones))
    }

    #[test]
    fn asks_in_the_order_of_the_block_and_passes_replies_on() {
        let mut fetch = Script::start(|io| async move {
            let id = io.variable("A").await.unwrap_or_default();
            assert_eq!(io.random().await, Some([1; 16]));
            io.wait(Duration::from_secs(2)).await;
            let inner = io.run(&Credentials::access_key("inner", "s")).await?;
            assert_eq!(io.now().mono, Duration::from_secs(5));
            Ok(Credentials::access_key(id + inner.access_key_id().unwrap_or_default(), "s"))
        });
        assert!(matches!(next(&mut *fetch, 3), FetchStep::Load(Source::Environment("A"))));
        fetch.on_loaded(Ok(Bytes::from_static(b" x \n")));
        let FetchStep::Wait(until) = next(&mut *fetch, 3) else { panic!("does not wait") };
        assert_eq!(until, Duration::from_secs(5));
        let FetchStep::Done(Ok(credentials)) = next(&mut *fetch, 5) else { panic!("is not done") };
        assert_eq!(credentials.access_key_id(), Some("xinner"));
        assert!(matches!(next(&mut *fetch, 5), FetchStep::Done(Err(_))));
    }

    #[test]
    fn a_client_that_breaks_the_order_is_told_so() {
        let load = || {
            Script::start(|io| async move {
                let loaded = io.load(Source::Environment("A")).await;
                Err(Error::config(loaded.map_or_else(|it| it.to_string(), |_| "loaded".into())))
            })
        };
        let mut asked_twice = load();
        assert!(matches!(next(&mut *asked_twice, 0), FetchStep::Load(_)));
        assert!(matches!(next(&mut *asked_twice, 0), FetchStep::Done(Err(_))));
        let mut answered = load();
        assert!(matches!(next(&mut *answered, 0), FetchStep::Load(_)));
        answered.on_response(Answer::default());
        let FetchStep::Done(Err(error)) = next(&mut *answered, 0) else { panic!("is not done") };
        assert!(error.to_string().contains("something else"), "{error}");
    }
}
