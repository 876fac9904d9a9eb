use std::{
    sync::Arc,
    task::{Wake, Waker},
    thread::{self, Thread},
};

use imagesearch_core::{
    Error,
    exchange::{Exchange, Prepared, Reply, Step},
};
use imagesearch_system::{SystemEntropy, load};

use crate::handle::Inner;

/// Runs a call to its end on this thread.
pub(crate) fn drive(client: &Inner, call: Prepared) -> Result<Reply, Error> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let now = || client.clock.now();
    let mut exchange = Exchange::new(Arc::clone(&client.shared), call, now())?;
    loop {
        match exchange.next(now(), &mut SystemEntropy, &waker) {
            Step::Send(send) => {
                let id = send.id;
                match client.transport.send(send, now()) {
                    Ok(response) => exchange.on_response(id, now(), response),
                    Err(failure) => exchange.on_failure(id, now(), failure),
                }
            }
            Step::Load { id, source } => exchange.on_loaded(id, load(source)),
            // Requests run one after the other here, and each ends by its own deadline.
            Step::Cancel(_) => {}
            Step::Wait { until: Some(until) } => {
                thread::park_timeout(until.saturating_sub(now().mono));
            }
            Step::Wait { until: None } => thread::park(),
            Step::Done(result) => return result,
            // A step of a newer core that this client does not know.
            step => {
                return Err(Error::new(
                    imagesearch_core::ErrorKind::Config,
                    format!("the blocking client does not know the step {step:?}"),
                ));
            }
        }
    }
}

/// Wakes the thread of a call.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
