use std::{fmt, sync::Arc, time::Duration};

use crate::error::{Error, Hop};

/// A finished request of a call, for metrics.
///
/// It contains no parameter, picture, signature or secret.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct AttemptRecord<'a> {
    /// The name of the operation on the wire.
    pub operation: &'a str,
    /// The part of the call that the request belongs to.
    pub hop: Hop,
    /// The number of attempts of that part so far, at least 1.
    pub attempt: u32,
    /// The HTTP status, if there was a complete response.
    pub status: Option<u16>,
    /// The failure; `None` if the response was accepted.
    pub error: Option<&'a Error>,
    /// The duration of the request, from the moment it was passed to the transport.
    pub duration: Duration,
    /// The delay before the next attempt, if there is one after a delay.
    pub retry_after: Option<Duration>,
}

impl<'a> AttemptRecord<'a> {
    pub(crate) fn new(operation: &'a str, hop: Hop, attempt: u32) -> Self {
        Self {
            operation,
            hop,
            attempt,
            status: None,
            error: None,
            duration: Duration::ZERO,
            retry_after: None,
        }
    }
}

/// A function that is called after every attempt.
#[derive(Clone, Default)]
pub(crate) struct Observer(Option<Arc<Callback>>);

type Callback = dyn Fn(&AttemptRecord<'_>) + Send + Sync;

impl Observer {
    pub(crate) fn new(observe: impl Fn(&AttemptRecord<'_>) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(observe)))
    }

    pub(crate) fn observe(&self, record: &AttemptRecord<'_>) {
        if let Some(observe) = &self.0 {
            observe(record);
        }
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Observer(set)" } else { "Observer(none)" })
    }
}
