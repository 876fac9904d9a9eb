use std::{sync::Arc, thread};

use imagesearch_core::{
    Error,
    exchange::{Effect, Exchange, FailurePhase, PreparedCall, RawResponse},
};
use imagesearch_system::{SystemEntropy, load};

use crate::{closing::closed, handle::Inner};

/// Runs a call to its end on this thread.
pub(crate) fn drive(client: &Inner, call: PreparedCall) -> Result<RawResponse, Error> {
    #[cfg(feature = "testing")]
    if let Some(mock) = &client.mock {
        let is_closed = client.closing.is_closed();
        return if is_closed { Err(closed()) } else { mock.drive(&client.shared, call) };
    }
    let running = client.closing.begin();
    let (waker, now) = (running.waker(), || client.clock.now());
    let is_closed = || client.closing.is_closed();
    let mut exchange = Exchange::new(Arc::clone(&client.shared), call, now())?;
    loop {
        match exchange.poll(now(), &mut SystemEntropy, &waker) {
            Effect::Done(result) => return result,
            Effect::Transmit(transmit) if is_closed() => {
                exchange.handle_progress(transmit.id, FailurePhase::Connect);
                return Err(exchange.abort(closed()));
            }
            _ if is_closed() => return Err(exchange.abort(closed())),
            Effect::Transmit(transmit) => {
                let id = transmit.id;
                match client.transport.transmit(transmit, now()) {
                    Ok(answer) => exchange.handle_response(id, now(), answer),
                    Err(failure) if is_closed() => {
                        exchange.handle_progress(id, failure.phase);
                        return Err(exchange.abort(closed()));
                    }
                    Err(failure) => exchange.handle_failure(id, now(), failure),
                }
            }
            Effect::Load { id, source } => exchange.handle_loaded(id, load(source)),
            // Requests run one at a time here, and each has its own deadline.
            Effect::Cancel(_) => {}
            Effect::Wait { until } => thread::park_timeout(until.saturating_sub(now().monotonic)),
        }
    }
}
