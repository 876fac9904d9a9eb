use std::{
    future::{Future, poll_fn},
    pin::Pin,
    task::Poll,
};

use super::Io;

/// Runs futures side by side until all have succeeded or one has failed; the others are dropped then.
///
/// A future is polled once what those before it have queued is handed out. So requests are built in
/// order and shortly before they are sent, also by a client that sends one at a time.
pub(crate) async fn try_join<T, E>(
    io: &Io,
    futures: Vec<Pin<Box<dyn Future<Output = Result<T, E>> + Send + '_>>>,
) -> Result<Vec<T>, E> {
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
