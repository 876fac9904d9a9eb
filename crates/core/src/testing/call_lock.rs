use std::{
    sync::{Condvar, Mutex, PoisonError},
    thread::{self, ThreadId},
};

use super::lock::lock;
use crate::error::Error;

/// Lets one call run at a time, so that the virtual time it waits passes for no other call.
#[derive(Debug, Default)]
pub(super) struct CallLock {
    runs_on: Mutex<Option<ThreadId>>,
    released: Condvar,
}

impl CallLock {
    /// Waits until no other call runs.
    ///
    /// # Errors
    ///
    /// The running call is on this thread: a closure of a rule makes a call. It would wait for itself.
    pub(super) fn acquire(&self) -> Result<CallGuard<'_>, Error> {
        let this = thread::current().id();
        let mut runs_on = lock(&self.runs_on);
        while let Some(thread) = *runs_on {
            if thread == this {
                return Err(Error::misuse("a closure of a rule has called the mock's own client")
                    .with_advice("give the closure a client of another mock"));
            }
            runs_on = self.released.wait(runs_on).unwrap_or_else(PoisonError::into_inner);
        }
        *runs_on = Some(this);
        Ok(CallGuard(self))
    }
}

/// Lets the next call run when it is dropped.
pub(super) struct CallGuard<'a>(&'a CallLock);

impl Drop for CallGuard<'_> {
    fn drop(&mut self) {
        *lock(&self.0.runs_on) = None;
        self.0.released.notify_one();
    }
}
