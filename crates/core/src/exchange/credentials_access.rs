use std::{sync::Arc, task::Waker, time::Duration};

use bytes::Bytes;

use super::{Answer, Failure, Id, LoadError, Now, Source};
use crate::{
    credentials::{
        Access, Credentials, CredentialsCell, CredentialsFetch, FetchContext, FetchRequest,
        FetchStep, Lease,
    },
    error::Error,
};

/// The way of one call to its credentials: out of the shared cell, or by fetching them for all.
pub(super) struct CredentialsAccess {
    cell: Arc<CredentialsCell>,
    fetching: Option<Fetching>,
}

/// A fetch that this call does for everyone, while it holds the lease.
struct Fetching {
    lease: Lease,
    fetch: Box<dyn CredentialsFetch>,
    pending: Pending,
}

impl Fetching {
    fn publish(self, credentials: Credentials, context: &mut FetchContext<'_>) -> Arc<Credentials> {
        // Drawn only for what expires; none means the latest time.
        let random = credentials.expires().and_then(|_| context.entropy.draw());
        let random = random.map_or(u64::MAX, |[a, b, c, d, e, f, g, h, ..]| {
            u64::from_be_bytes([a, b, c, d, e, f, g, h])
        });
        self.lease.publish(credentials, context.now, random)
    }
}

/// What a fetch waits for.
#[derive(Clone, Copy)]
enum Pending {
    Nothing,
    /// A load, or a request that is given up at a time.
    Outstanding {
        id: Id,
        by: Option<Duration>,
    },
    Pause {
        until: Duration,
    },
}

/// What stands between a call and its credentials.
pub(super) enum Progress {
    Ready(Arc<Credentials>),
    Load(Source),
    Send(Box<FetchRequest>),
    /// Something is under way, here or in another call.
    Wait,
    Failed(Error),
}

impl CredentialsAccess {
    pub(super) fn new(cell: Arc<CredentialsCell>) -> Self {
        Self { cell, fetching: None }
    }

    /// Takes the next step towards credentials.
    ///
    /// After [`Progress::Load`] and [`Progress::Send`], the caller says under which id.
    pub(super) fn advance(&mut self, context: &mut FetchContext<'_>, waker: &Waker) -> Progress {
        let now = context.now;
        let mut fetching = match self.fetching.take() {
            Some(fetching) => fetching,
            None => match self.cell.access(now, waker) {
                Access::Ready(credentials) => return Progress::Ready(credentials),
                Access::Busy => return Progress::Wait,
                Access::Failed(error) => return Progress::Failed(error),
                Access::Lease(lease, fetch) => Fetching { lease, fetch, pending: Pending::Nothing },
            },
        };
        match fetching.pending {
            Pending::Outstanding { .. } => {
                self.fetching = Some(fetching);
                return Progress::Wait;
            }
            Pending::Pause { until } if now.mono < until => {
                self.fetching = Some(fetching);
                return Progress::Wait;
            }
            Pending::Pause { .. } | Pending::Nothing => fetching.pending = Pending::Nothing,
        }
        match fetching.fetch.next(context) {
            FetchStep::Load(source) => {
                self.fetching = Some(fetching);
                Progress::Load(source)
            }
            FetchStep::Send(request) => {
                self.fetching = Some(fetching);
                Progress::Send(Box::new(request))
            }
            FetchStep::Wait(until) => {
                fetching.pending = Pending::Pause { until };
                self.fetching = Some(fetching);
                Progress::Wait
            }
            FetchStep::Done(Ok(credentials)) => {
                Progress::Ready(fetching.publish(credentials, context))
            }
            FetchStep::Done(Err(error)) => match fetching.lease.fail(error, now) {
                Ok(credentials) => Progress::Ready(credentials),
                Err(error) => Progress::Failed(error),
            },
        }
    }

    /// Takes what a fetch has come to although the call has no time left: credentials are for all,
    /// and what went wrong may be why time ran out. The failure is this call's alone, since others
    /// have more time.
    pub(super) fn settle(&mut self, mut context: FetchContext<'_>) -> Option<Error> {
        let mut fetching = self.fetching.take_if(|it| matches!(it.pending, Pending::Nothing))?;
        match fetching.fetch.next(&mut context) {
            FetchStep::Done(Ok(credentials)) => {
                fetching.publish(credentials, &mut context);
                None
            }
            FetchStep::Done(Err(error)) => Some(error),
            FetchStep::Load(_) | FetchStep::Send(_) | FetchStep::Wait(_) => None,
        }
    }

    /// Tells whether this call fetches credentials.
    pub(super) fn is_fetching(&self) -> bool {
        self.fetching.is_some()
    }

    /// Notes the id of a load, or of a request that must be answered by a time.
    pub(super) fn sent_as(&mut self, id: Id, by: Option<Duration>) {
        if let Some(fetching) = &mut self.fetching {
            fetching.pending = Pending::Outstanding { id, by };
        }
    }

    pub(super) fn outstanding(&self) -> Option<Id> {
        match self.fetching.as_ref()?.pending {
            Pending::Outstanding { id, .. } => Some(id),
            Pending::Nothing | Pending::Pause { .. } => None,
        }
    }

    /// Returns when the outstanding request has to be given up, or a pause ends.
    pub(super) fn due(&self) -> Option<Duration> {
        match self.fetching.as_ref()?.pending {
            Pending::Outstanding { by, .. } => by,
            Pending::Pause { until } => Some(until),
            Pending::Nothing => None,
        }
    }

    pub(super) fn on_loaded(&mut self, id: Id, result: Result<Bytes, LoadError>) {
        if let Some(fetch) = self.take_outstanding(id) {
            fetch.on_loaded(result);
        }
    }

    pub(super) fn on_response(&mut self, id: Id, answer: Answer) {
        if let Some(fetch) = self.take_outstanding(id) {
            fetch.on_response(answer);
        }
    }

    pub(super) fn on_failure(&mut self, id: Id, failure: Failure) {
        if let Some(fetch) = self.take_outstanding(id) {
            fetch.on_failure(failure);
        }
    }

    /// Asks for other credentials than those that the service refused as expired; tells whether
    /// that makes sense.
    pub(super) fn refuse(&self, credentials: &Arc<Credentials>, now: Now) -> bool {
        self.cell.refuse(credentials, now)
    }

    /// Gives a fetch up; the lease goes to the next call that waits.
    pub(super) fn abandon(&mut self) {
        self.fetching = None;
    }

    fn take_outstanding(&mut self, id: Id) -> Option<&mut dyn CredentialsFetch> {
        let fetching = self.fetching.as_mut()?;
        match fetching.pending {
            Pending::Outstanding { id: expected, .. } if expected == id => {
                fetching.pending = Pending::Nothing;
                Some(&mut *fetching.fetch)
            }
            _ => None,
        }
    }
}
