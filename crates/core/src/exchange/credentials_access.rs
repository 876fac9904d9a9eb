use std::{sync::Arc, task::Waker, time::Duration};

use bytes::Bytes;

use super::{Answer, Failure, Id, LoadError, Now, Source};
use crate::{
    body::Body,
    credentials::{Access, Credentials, CredentialsCell, CredentialsFetch, FetchStep, Lease},
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
    outstanding: Option<Outstanding>,
}

/// What a fetch has asked for.
struct Outstanding {
    id: Id,
    /// When it is given up; loads are not.
    by: Option<Duration>,
}

/// What stands between a call and its credentials.
pub(super) enum Progress {
    Ready(Arc<Credentials>),
    Load(Source),
    Send(Box<http::Request<Body>>),
    /// Something is under way, here or in another call.
    Wait {
        elsewhere: bool,
    },
    Failed(Error),
}

impl CredentialsAccess {
    pub(super) fn new(cell: Arc<CredentialsCell>) -> Self {
        Self { cell, fetching: None }
    }

    /// Takes the next step towards credentials.
    ///
    /// After [`Progress::Load`] and [`Progress::Send`], the caller says under which id.
    pub(super) fn advance(&mut self, now: Now, waker: &Waker) -> Progress {
        let mut fetching = match self.fetching.take() {
            Some(fetching) => fetching,
            None => match self.cell.access(now.wall, waker) {
                Access::Ready(credentials) => return Progress::Ready(credentials),
                Access::Busy => return Progress::Wait { elsewhere: true },
                Access::Lease(lease, fetch) => Fetching { lease, fetch, outstanding: None },
            },
        };
        if fetching.outstanding.is_some() {
            self.fetching = Some(fetching);
            return Progress::Wait { elsewhere: false };
        }
        match fetching.fetch.next(now) {
            FetchStep::Load(source) => {
                self.fetching = Some(fetching);
                Progress::Load(source)
            }
            FetchStep::Send(request) => {
                self.fetching = Some(fetching);
                Progress::Send(Box::new(request))
            }
            FetchStep::Done(Ok(credentials)) => {
                Progress::Ready(fetching.lease.publish(credentials))
            }
            // Dropping the lease lets the next call try.
            FetchStep::Done(Err(error)) => match self.cell.still_valid(now.wall) {
                Some(credentials) => Progress::Ready(credentials),
                None => Progress::Failed(error),
            },
        }
    }

    /// Notes the id of a load, or of a request that must be answered by a time.
    pub(super) fn sent_as(&mut self, id: Id, by: Option<Duration>) {
        if let Some(fetching) = &mut self.fetching {
            fetching.outstanding = Some(Outstanding { id, by });
        }
    }

    pub(super) fn outstanding(&self) -> Option<Id> {
        Some(self.fetching.as_ref()?.outstanding.as_ref()?.id)
    }

    /// Returns when the outstanding request has to be given up.
    pub(super) fn due(&self) -> Option<Duration> {
        self.fetching.as_ref()?.outstanding.as_ref()?.by
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

    pub(super) fn on_failure(&mut self, id: Id, failure: &Failure) {
        if let Some(fetch) = self.take_outstanding(id) {
            fetch.on_failure(failure);
        }
    }

    /// Gives a fetch up; the lease goes to the next call that waits.
    pub(super) fn abandon(&mut self) {
        self.fetching = None;
    }

    fn take_outstanding(&mut self, id: Id) -> Option<&mut dyn CredentialsFetch> {
        let fetching = self.fetching.as_mut()?;
        fetching.outstanding.take_if(|it| it.id == id)?;
        Some(&mut *fetching.fetch)
    }
}
