use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Wake, Waker},
    thread::{self, Thread},
};

use imagesearch_core::{Error, ErrorKind};

/// Whether a client is closed, and which threads have to be told.
#[derive(Debug, Default)]
pub(crate) struct Closing {
    closed: AtomicBool,
    calls: Mutex<Vec<Arc<Unpark>>>,
}

impl Closing {
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// Registers the call that this thread makes.
    pub(crate) fn begin(&self) -> RunningCall<'_> {
        let unpark = Arc::new(Unpark(thread::current()));
        self.calls().push(Arc::clone(&unpark));
        RunningCall { closing: self, unpark }
    }

    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        for call in &*self.calls() {
            call.0.unpark();
        }
    }

    fn calls(&self) -> MutexGuard<'_, Vec<Arc<Unpark>>> {
        // The list is whole between any two statements.
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Registers a call that closing its client ends, until this is dropped.
pub(crate) struct RunningCall<'a> {
    closing: &'a Closing,
    unpark: Arc<Unpark>,
}

impl RunningCall<'_> {
    pub(crate) fn waker(&self) -> Waker {
        Waker::from(Arc::clone(&self.unpark))
    }
}

impl Drop for RunningCall<'_> {
    fn drop(&mut self) {
        self.closing.calls().retain(|call| !Arc::ptr_eq(call, &self.unpark));
    }
}

/// Wakes the thread of a call.
#[derive(Debug)]
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Creates the error of a call on a closed client.
pub(crate) fn closed() -> Error {
    Error::new(ErrorKind::Closed, "the client was closed")
        .with_advice("create a client that lives as long as its calls")
}
