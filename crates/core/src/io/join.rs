use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use super::Io;

/// A future that runs beside others.
pub(crate) type Part<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// Runs futures concurrently until all succeed or one fails, which drops the others.
///
/// A future is first polled when the effects of those before it have been handed out. So requests
/// are built in order and shortly before they are sent, even if a client sends one at a time.
pub(crate) async fn try_join<T, E>(io: &Io, futures: Vec<Part<'_, T, E>>) -> Result<Vec<T>, E> {
    let mut parts: Vec<_> = futures.into_iter().map(|future| (Some(future), None)).collect();
    poll_fn(move |context| {
        for (running, value) in &mut parts {
            let Some(future) = running else { continue };
            match future.as_mut().poll(context) {
                Poll::Ready(Ok(done)) => (*running, *value) = (None, Some(done)),
                Poll::Ready(Err(error)) => {
                    parts.clear();
                    return Poll::Ready(Err(error));
                }
                Poll::Pending if io.has_queued() => return Poll::Pending,
                Poll::Pending => {}
            }
        }
        if parts.iter().any(|(running, _)| running.is_some()) {
            return Poll::Pending;
        }
        Poll::Ready(Ok(parts.drain(..).filter_map(|(_, value)| value).collect()))
    })
    .await
}
