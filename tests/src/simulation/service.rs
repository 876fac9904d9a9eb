use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, VecDeque},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use imagesearch_core::{
    Credentials, Error, ErrorKind,
    credentials::{CredentialsFuture, CredentialsProvider, FetchContext},
    errors::Hop,
    exchange::{LoadError, Shared, Source},
    values::Timestamp,
};

use super::{Fault, Plan, faults::Fate};
use crate::fake::{Outcome, Reaction, Sent, Service, answer};

/// How far a time stamp may be off.
const WINDOW_MS: u64 = 15 * 60 * 1_000;

/// How far a corrected time stamp may be off: half the longest way, and a second cut off.
const CORRECTED_MS: u64 = 4_000;

/// The service as far as calls can tell: it checks what is signed, counts what it carries out, and
/// writes down what no client should do.
#[derive(Debug)]
pub struct ModelService {
    fates: VecDeque<Fate>,
    fetches: VecDeque<bool>,
    fetch_time: Duration,
    skew: i64,
    client: Arc<Shared>,
    nonces: BTreeSet<String>,
    /// Every request that was sent, in order.
    pub arrivals: Vec<Arrival>,
    /// How often the operation of each call was carried out.
    pub executions: BTreeMap<usize, u32>,
    /// What should not have happened.
    pub complaints: Vec<String>,
}

/// A request that was sent.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Which call sent it.
    pub call: usize,
    /// Which part of the call it is.
    pub hop: Hop,
    /// When.
    pub at: Duration,
    /// When its answer had to be there.
    pub by: Duration,
    /// Whether the result of it shows that nothing was carried out.
    pub harmless: bool,
}

/// The service as one call sees it.
#[derive(Debug)]
pub(super) struct Seen {
    service: Rc<RefCell<ModelService>>,
    call: usize,
}

impl ModelService {
    pub(super) fn new(plan: &Plan, client: Arc<Shared>) -> Self {
        Self {
            fates: plan.fates.iter().copied().collect(),
            fetches: plan.fetches.iter().copied().collect(),
            fetch_time: plan.fetch_time,
            skew: plan.skew * 1_000,
            client,
            nonces: BTreeSet::new(),
            arrivals: Vec::new(),
            executions: BTreeMap::new(),
            complaints: Vec::new(),
        }
    }

    pub(super) fn seen_by(service: &Rc<RefCell<Self>>, call: usize) -> Seen {
        Seen { service: Rc::clone(service), call }
    }

    /// Lets nothing go wrong any more.
    pub(super) fn heal(&mut self) {
        self.fates.clear();
        self.fetches.clear();
    }

    fn react(&mut self, call: usize, sent: &Sent) -> Reaction {
        let (fault, after) = self.fates.pop_front().unwrap_or((Fault::None, Duration::ZERO));
        let refusal = if fault.arrives() { self.refusal(sent) } else { None };
        if refusal.is_none() && fault.is_carried_out() && sent.hop == Hop::Invoke {
            *self.executions.entry(call).or_default() += 1;
        }
        // A request that is answered after its time is as good as lost.
        let in_time = sent.at + after <= sent.deadline && !fault.is_silent();
        let harmless = in_time && (refusal.is_some() && answers(fault) || fault.is_harmless());
        self.arrivals.push(Arrival {
            call,
            hop: sent.hop,
            at: sent.at,
            by: sent.deadline,
            harmless,
        });
        let outcome = match refusal {
            Some(refusal) if answers(fault) => refusal,
            _ => fault.outcome(sent.hop),
        };
        let after = (!fault.is_silent()).then_some(after);
        Reaction { hop: sent.hop, after, outcome, reached: None }
    }

    /// Refuses what is not signed as it should be, and complains of what no client should do.
    fn refusal(&mut self, sent: &Sent) -> Option<Outcome> {
        let nonce = sent.header("x-acs-signature-nonce")?;
        if !self.nonces.insert(nonce.to_owned()) {
            self.complaints.push(format!("the nonce {nonce} came twice"));
        }
        let token = sent.header("x-acs-security-token");
        // Keys are made and judged by the client's clock, corrected by what it knows of ours.
        let known = sent.system.as_millisecond() + self.client.clock_offset_milliseconds();
        if let Some(expiry) = token.and_then(|token| token.parse::<i64>().ok())
            && expiry <= known
        {
            self.complaints.push(format!("signed with a key that ended {expiry}: {sent:?}"));
        }
        let own = Timestamp::from_millisecond(sent.system.as_millisecond() + self.skew);
        let date: Timestamp = sent.header("x-acs-date")?.parse().ok()?;
        let off = date.as_millisecond().abs_diff(own.as_millisecond());
        if self.client.clock_offset_milliseconds() != 0 && off > CORRECTED_MS {
            self.complaints.push(format!("{off} ms off with a corrected clock"));
        }
        if off <= WINDOW_MS {
            return None;
        }
        let mut expired = answer(400, r#"{"Code":"InvalidTimeStamp.Expired","RequestId":"R"}"#);
        expired.headers_mut().insert("date", http_date(own).parse().expect("is a header's value"));
        Some(Outcome::Answer(expired))
    }
}

/// Returns whether an answer of the service's own makes it to the client.
fn answers(fault: Fault) -> bool {
    let broken = matches!(fault.outcome(Hop::Invoke), Outcome::Failure(_) | Outcome::Silence);
    !broken && !matches!(fault, Fault::Page(_))
}

/// Writes a time as the `Date` header has it.
fn http_date(time: Timestamp) -> String {
    let seconds = time.as_millisecond().div_euclid(1_000);
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // The worlds last less than a day and begin on Friday, 2026-01-02, which is day 20,455.
    let names = [(20_454, "Thu, 01"), (20_455, "Fri, 02"), (20_456, "Sat, 03")];
    let (_, name) = names.iter().find(|(number, _)| *number == day).expect("is one of three days");
    format!("{name} Jan 2026 {:02}:{:02}:{:02} GMT", second / 3_600, second / 60 % 60, second % 60)
}

impl Service for Seen {
    fn react(&mut self, sent: &Sent) -> Reaction {
        self.service.borrow_mut().react(self.call, sent)
    }

    fn load(&self, _source: &Source) -> Result<Bytes, LoadError> {
        match self.service.borrow_mut().fetches.pop_front() {
            Some(false) => Err(LoadError::NotFound),
            Some(true) | None => Ok(Bytes::from_static(b"key")),
        }
    }

    fn load_time(&self) -> Duration {
        self.service.borrow().fetch_time
    }
}

/// Hands out keys that end, with tokens that say when.
#[derive(Debug)]
pub(super) struct TemporaryKeys {
    pub(super) lifetime: Duration,
}

impl CredentialsProvider for TemporaryKeys {
    fn fetch(&self, context: FetchContext) -> CredentialsFuture {
        let lifetime = self.lifetime;
        Box::pin(async move {
            if let Err(error) = context.load(Source::Environment("KEY")).await {
                return Err(Error::new(ErrorKind::Credentials, error.to_string()));
            }
            let expiry = context.now().system.saturating_add(lifetime);
            let token = expiry.as_millisecond().to_string();
            Ok(Credentials::sts("temporary", "secret", token).with_expiry(expiry))
        })
    }
}
