use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use imagesearch_core::{
    Error, ErrorKind,
    exchange::{Answer, Effect, Exchange, Failure, Id, LoadError, PreparedCall, RawResponse},
};
use imagesearch_system::{SystemEntropy, load};
use tokio::time::Sleep;

use crate::{handle::Inner, progress::Progress};

/// Runs a call to its end; dropping it gives the call up.
pub(crate) struct Driver {
    client: Arc<Inner>,
    state: State,
    pending: Vec<Pending>,
    sleep: Option<(Duration, Pin<Box<Sleep>>)>,
}

/// A running effect of the exchange.
struct Pending {
    id: Id,
    /// Its progress, if it is a request.
    progress: Option<Progress>,
    future: Pin<Box<dyn Future<Output = Outcome> + Send>>,
}

enum State {
    Prepared(Box<PreparedCall>),
    Running(Box<Exchange>),
    Over,
}

/// The result of an effect.
enum Outcome {
    Sent(Result<Answer, Failure>),
    Loaded(Result<Bytes, LoadError>),
}

impl State {
    /// Returns the exchange of a running call, and starts a prepared one.
    fn exchange(&mut self, client: &Inner) -> Result<&mut Exchange, Error> {
        if matches!(self, Self::Prepared(_))
            && let Self::Prepared(call) = std::mem::replace(self, Self::Over)
        {
            let (shared, now) = (Arc::clone(&client.shared), client.clock.now());
            *self = Self::Running(Box::new(Exchange::new(shared, *call, now)?));
        }
        match self {
            Self::Running(exchange) => Ok(exchange),
            Self::Prepared(_) | Self::Over => {
                Err(Error::new(ErrorKind::Misuse, "the call was polled after it had ended"))
            }
        }
    }
}

impl Driver {
    pub(crate) fn new(client: Arc<Inner>, call: PreparedCall) -> Self {
        Self { client, state: State::Prepared(Box::new(call)), pending: Vec::new(), sleep: None }
    }

    /// Passes in the results.
    fn collect(&mut self, context: &mut Context<'_>) -> Result<(), Error> {
        let mut index = 0;
        while let Some(pending) = self.pending.get_mut(index) {
            let id = pending.id;
            let Poll::Ready(outcome) = pending.future.as_mut().poll(context) else {
                index += 1;
                continue;
            };
            drop(self.pending.swap_remove(index));
            let now = self.client.clock.now();
            match (self.state.exchange(&self.client)?, outcome) {
                (exchange, Outcome::Sent(Ok(answer))) => exchange.handle_response(id, now, answer),
                (exchange, Outcome::Sent(Err(failure))) => {
                    exchange.handle_failure(id, now, failure);
                }
                (exchange, Outcome::Loaded(result)) => exchange.handle_loaded(id, result),
            }
        }
        Ok(())
    }

    /// Waits for a time on the client's clock. Returns whether it has come.
    fn wait(&mut self, until: Duration, context: &mut Context<'_>) -> bool {
        if self.sleep.as_ref().is_none_or(|(set, _)| *set != until) {
            let left = until.saturating_sub(self.client.clock.now().monotonic);
            self.sleep = Some((until, Box::pin(tokio::time::sleep(left))));
        }
        let due = self.sleep.as_mut().is_some_and(|(_, it)| it.as_mut().poll(context).is_ready());
        if due {
            self.sleep = None;
        }
        due
    }

    fn advance(&mut self, context: &mut Context<'_>) -> Poll<Result<RawResponse, Error>> {
        loop {
            // First, so that results count even if this poll is late.
            if let Err(error) = self.collect(context) {
                return Poll::Ready(Err(error));
            }
            let exchange = match self.state.exchange(&self.client) {
                Ok(exchange) => exchange,
                Err(error) => return Poll::Ready(Err(error)),
            };
            for pending in &self.pending {
                if let Some(progress) = &pending.progress {
                    exchange.handle_progress(pending.id, progress.phase());
                }
            }
            // Read after the call has started, so that no poll is earlier than its start.
            let now = self.client.clock.now();
            match exchange.poll(now, &mut SystemEntropy, context.waker()) {
                Effect::Transmit(transmit) => {
                    let progress = Progress::default();
                    let id = transmit.id;
                    let sending =
                        self.client.transport.clone().transmit(transmit, progress.clone());
                    let sending = async move { Outcome::Sent(sending.await) };
                    self.pending.push(Pending {
                        id,
                        progress: Some(progress),
                        future: Box::pin(sending),
                    });
                }
                Effect::Load { id, source } => {
                    let loading = tokio::task::spawn_blocking(move || load(source));
                    let future =
                        Box::pin(async move {
                            Outcome::Loaded(loading.await.unwrap_or_else(|error| {
                                Err(LoadError::Unreadable(error.to_string()))
                            }))
                        });
                    self.pending.push(Pending { id, progress: None, future });
                }
                Effect::Cancel(id) => self.pending.retain(|pending| pending.id != id),
                Effect::Wait { until } if self.wait(until, context) => {}
                Effect::Wait { .. } => return Poll::Pending,
                Effect::Done(result) => return Poll::Ready(result),
            }
        }
    }
}

impl Future for Driver {
    type Output = Result<RawResponse, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        #[cfg(feature = "testing")]
        if let Some(mock) = self.client.mock.clone()
            && let State::Prepared(call) = std::mem::replace(&mut self.state, State::Over)
        {
            return Poll::Ready(mock.drive(&self.client.shared, *call));
        }
        let progress = self.advance(context);
        if progress.is_ready() {
            self.state = State::Over;
            self.pending.clear();
        }
        progress
    }
}

impl fmt::Debug for Driver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Driver").field("pending", &self.pending.len()).finish()
    }
}
