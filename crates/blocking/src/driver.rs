use std::{
    sync::Arc,
    task::{Wake, Waker},
    thread::{self, Thread},
};

use imagesearch_core::{
    Error,
    exchange::{Effect, Exchange, Prepared, Reply},
};
use imagesearch_system::{SystemEntropy, load};

use crate::handle::Inner;

/// Runs a call to its end on this thread.
pub(crate) fn drive(client: &Inner, call: Prepared) -> Result<Reply, Error> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let now = || client.clock.now();
    let mut exchange = Exchange::new(Arc::clone(&client.shared), call, now())?;
    loop {
        match exchange.poll(now(), &mut SystemEntropy, &waker) {
            Effect::Transmit(transmit) => {
                let id = transmit.id;
                match client.transport.transmit(transmit, now()) {
                    Ok(answer) => exchange.handle_response(id, now(), answer),
                    Err(failure) => exchange.handle_failure(id, now(), failure),
                }
            }
            Effect::Load { id, source } => exchange.handle_loaded(id, load(source)),
            // Requests run one after the other here, and each ends by its own deadline.
            Effect::Cancel(_) => {}
            Effect::Wait { until } => thread::park_timeout(until.saturating_sub(now().monotonic)),
            Effect::Done(result) => return result,
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
