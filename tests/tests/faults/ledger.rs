//! What became of all calls, and what of that must not be.

use std::collections::BTreeMap;
use std::time::Duration;

use imagesearch_core::{
    Error, ErrorKind,
    exchange::RawResponse,
    operation::{Access, Idempotency, Operation},
};
use imagesearch_tests::leaks::Printed;

use crate::errand::Errand;
use crate::shop::Shop;
use crate::worker::{Known, Worker};

/// How long after its deadline a call may end. What is measured is far less; but a machine that runs
/// other things as well may let a thread wait.
const TICK: Duration = Duration::from_secs(1);

/// What became of a call.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) client: &'static str,
    pub(crate) operation: &'static Operation,
    pub(crate) id: String,
    /// Whether any request of it was sent again.
    pub(crate) repeated: bool,
    /// How it failed, if it did.
    pub(crate) failed: Option<Failed>,
    /// How long after its deadline it ended.
    pub(crate) overrun: Duration,
    /// How many texts were searched for secrets, and which were found.
    pub(crate) texts: usize,
    pub(crate) leaks: Vec<String>,
}

/// How a call failed.
#[derive(Debug)]
pub(crate) struct Failed {
    /// The code, or the kind of error where there is none.
    pub(crate) why: String,
    /// Whether its error says that it may have been carried out.
    pub(crate) doubtful: bool,
}

impl Entry {
    pub(crate) fn new(
        client: &'static str,
        errand: &Errand,
        result: &Result<RawResponse, Error>,
        elapsed: Duration,
    ) -> Self {
        let mut printed = Printed::default();
        let (attempts, failed) = match result {
            Ok(reply) => {
                printed.debug("the reply", reply);
                (reply.meta().attempts(), None)
            }
            Err(error) => {
                printed.error("the error", error);
                (error.attempts(), Some(Failed::new(error)))
            }
        };
        Self {
            client,
            operation: errand.operation,
            id: errand.id.clone(),
            repeated: attempts > 1 || errand.waits() > 0,
            failed,
            overrun: elapsed.saturating_sub(errand.timeout),
            texts: printed.len(),
            leaks: printed.leaks(),
        }
    }

    pub(crate) fn is_idempotent(&self) -> bool {
        self.operation.idempotency == Idempotency::Idempotent
    }

    /// Names what does not fit to how often the call was carried out.
    fn contradictions(&self, executions: u64) -> Vec<&'static str> {
        let says_so = self.failed.as_ref().is_some_and(|it| it.doubtful);
        let mut broken = Vec::new();
        if !self.is_idempotent() && executions > 1 {
            broken.push("carried out more than once");
        }
        if self.failed.is_none() && executions == 0 {
            broken.push("succeeded without being carried out");
        }
        let denies = self.failed.is_some() && !says_so;
        if denies && self.operation.access == Access::Write && executions > 0 {
            broken.push("carried out, and its error denies it");
        }
        broken
    }
}

impl Failed {
    fn new(error: &Error) -> Self {
        let why = match (error.code(), error.kind()) {
            (Some(code), _) => code.to_string(),
            (None, ErrorKind::UnexpectedResponse) => {
                format!("UnexpectedResponse, HTTP {}", error.http_status().unwrap_or(0))
            }
            (None, kind) => format!("{kind:?}"),
        };
        Self { why, doubtful: error.may_have_been_applied() }
    }
}

/// All calls, and what was found out about them afterwards.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) entries: Vec<Entry>,
    products: BTreeMap<String, Known>,
    /// How often calls that are not idempotent were carried out more than once, with and without an error
    /// that says that they may have been.
    pub(crate) twice: u64,
    pub(crate) twice_unsaid: u64,
    /// How many pictures must be there, and are not.
    pub(crate) kept: u64,
    pub(crate) lost: u64,
    /// Each promise that was not kept.
    pub(crate) broken: Vec<String>,
}

impl Ledger {
    /// Takes over what somebody has written down.
    pub(crate) fn take(&mut self, worker: Worker) {
        self.entries.extend(worker.entries);
        self.products.extend(worker.products);
    }

    /// Compares with what the emulator has, now that it answers as it should.
    pub(crate) fn check(&mut self, shop: &Shop) {
        for entry in &self.entries {
            let executions = shop.emulator.executions(&entry.id);
            let call = format!("{} {} ({})", entry.operation.name, entry.id, entry.client);
            let found = entry.contradictions(executions);
            self.broken.extend(found.into_iter().map(|it| format!("{call}: {it}")));
            self.broken.extend(entry.leaks.iter().map(|it| format!("{call} printed: {it}")));
            if entry.overrun > TICK {
                self.broken.push(format!("{call}: ended {:?} after its deadline", entry.overrun));
            }
            if !entry.is_idempotent() && executions > 1 {
                self.twice += 1;
                let said = entry.failed.as_ref().is_some_and(|it| it.doubtful);
                self.twice_unsaid += u64::from(!said);
            }
        }
        let checker = shop.blocking();
        for (product, _) in self.products.iter().filter(|(_, known)| **known == Known::Stored) {
            self.kept += 1;
            if !Shop::has(&checker, product) {
                self.lost += 1;
                self.broken.push(format!("{product} was acknowledged and is not there"));
            }
        }
    }
}
