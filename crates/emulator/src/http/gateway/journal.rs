//! The journal: the last requests and their results. Each request is followed to its end.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use axum::body::Body;
use http::Response;
use imagesearch_core::values::Timestamp;
use serde::Serialize;

use super::answer::{ErrorOf, PictureBytes};
use super::auth::finding::AuthFinding;
use super::hop::Hop;
use super::identify::RequestSummary;
use super::metrics::{Metrics, UPLOAD};
use crate::service::clock::write_time;

/// How many requests are remembered.
pub(crate) const MAX_REQUESTS: usize = 1_000;

/// How many characters of a name are remembered.
const MAX_CHARACTERS: usize = 128;

/// A recorded request, without secrets. It contains values of parameters only in the text of a
/// wrong signature.
///
/// The fields are as the request claims, even if it was refused. Names are limited to 128
/// characters, and parameters to the names of the first 64.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequestRecord {
    /// The number of the request; requests are counted from 1 as they end.
    pub seq: u64,
    /// When it arrived, by the emulator's clock.
    #[serde(serialize_with = "write_time")]
    pub time: Timestamp,
    /// Which part of a call it was.
    pub hop: Hop,
    /// The operation, if one was named; `PostObject` for uploads.
    pub action: Option<String>,
    /// The instance, if one was named.
    pub instance: Option<String>,
    /// The access key id.
    pub account: Option<String>,
    /// The names of the parameters in query and form.
    pub keys: Vec<String>,
    /// How large the picture was that came with it, in bytes.
    pub picture_bytes: Option<usize>,
    /// The HTTP status; none if the request was not answered, as it was reset or given up.
    pub status: Option<u16>,
    /// The error code; none if it succeeded.
    pub code: Option<String>,
    /// The id in the answer.
    pub request_id: String,
    /// How long it took, in milliseconds of the machine's clock.
    pub ms: u64,
    /// The fault rule that hit it.
    pub fault: Option<String>,
    /// What is wrong with its signature.
    pub signature: Option<AuthFinding>,
}

impl RequestRecord {
    /// Begins a record; it gets its number when it is written down.
    pub(crate) fn new(request_id: String, time: Timestamp) -> Self {
        Self {
            seq: 0,
            time,
            hop: Hop::Api,
            action: None,
            instance: None,
            account: None,
            keys: Vec::new(),
            picture_bytes: None,
            status: None,
            code: None,
            request_id,
            ms: 0,
            fault: None,
            signature: None,
        }
    }

    /// Returns the error code, or what stands for it.
    fn outcome(&self) -> &str {
        match (&self.code, self.status) {
            (Some(code), _) => code,
            (None, Some(_)) => "OK",
            (None, None) => "unanswered",
        }
    }

    /// Notes what the request is about.
    fn describe(&mut self, summary: &RequestSummary) {
        let short = |text: &String| text.chars().take(MAX_CHARACTERS).collect::<String>();
        self.hop = summary.hop;
        self.action = summary.action.as_ref().map(short);
        self.instance = summary.instance.as_ref().map(short);
        self.account = summary.account.as_ref().map(short);
        self.keys = summary.keys.iter().map(short).collect();
        self.picture_bytes = summary.picture_bytes;
    }
}

/// Remembers the last requests.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    records: VecDeque<RequestRecord>,
    last: u64,
}

/// Which of the requests are wanted.
#[derive(Clone, Debug)]
pub(crate) struct Wanted<'a> {
    /// Those after this number.
    pub(crate) since: u64,
    /// Those of this operation.
    pub(crate) action: Option<&'a str>,
    /// At most so many, the earliest first.
    pub(crate) limit: usize,
}

impl Journal {
    /// Writes a request down.
    fn write(&self, mut record: RequestRecord) {
        let mut held = self.lock();
        held.last += 1;
        record.seq = held.last;
        if held.records.len() == MAX_REQUESTS {
            held.records.pop_front();
        }
        held.records.push_back(record);
    }

    /// Returns requests, and the number after which to go on.
    pub(crate) fn read(&self, wanted: &Wanted<'_>) -> (Vec<RequestRecord>, u64) {
        let held = self.lock();
        let fits = |it: &&RequestRecord| {
            let action = wanted.action.is_none_or(|action| it.action.as_deref() == Some(action));
            it.seq > wanted.since && action
        };
        let mut found = held.records.iter().filter(fits);
        let records: Vec<_> = found.by_ref().take(wanted.limit).cloned().collect();
        let next = match (found.next(), records.last()) {
            (Some(_), Some(last)) => last.seq,
            (Some(_), None) => wanted.since,
            (None, _) => held.last,
        };
        (records, next)
    }

    /// Forgets all requests; their numbers are not given again.
    pub(crate) fn clear(&self) -> usize {
        std::mem::take(&mut self.lock().records).len()
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is being answered. It is written down when this is dropped, also if that is because
/// the client gave up.
pub(crate) struct Observed<'a> {
    journal: &'a Journal,
    metrics: &'a Metrics,
    started: Instant,
    record: Option<RequestRecord>,
}

impl<'a> Observed<'a> {
    /// Begins to follow a request that has arrived.
    pub(crate) fn begin(
        journal: &'a Journal,
        metrics: &'a Metrics,
        request_id: &str,
        now: Timestamp,
    ) -> Self {
        let record = RequestRecord::new(request_id.to_owned(), now);
        Self { journal, metrics, started: Instant::now(), record: Some(record) }
    }

    /// Notes what the request is about.
    pub(crate) fn describe(&mut self, summary: &RequestSummary) {
        self.note(|record| record.describe(summary));
    }

    /// Notes which fault rule hit the request.
    pub(crate) fn hit_by(&mut self, rule: &str) {
        self.note(|record| record.fault = Some(rule.to_owned()));
    }

    /// Notes the answer, which has with it what is not for the client.
    pub(crate) fn answered(&mut self, response: &Response<Body>) {
        let extensions = response.extensions();
        self.note(|record| {
            record.status = Some(response.status().as_u16());
            record.code = extensions.get().map(|ErrorOf(code)| code.clone());
            record.signature = extensions.get::<AuthFinding>().cloned();
            if let Some(PictureBytes(bytes)) = extensions.get() {
                record.picture_bytes = Some(*bytes);
            }
        });
    }

    fn note(&mut self, note: impl FnOnce(&mut RequestRecord)) {
        if let Some(record) = &mut self.record {
            note(record);
        }
    }
}

impl Drop for Observed<'_> {
    fn drop(&mut self) {
        if let Some(mut record) = self.record.take() {
            let elapsed = self.started.elapsed();
            record.ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
            self.metrics.count(record.action.as_deref(), record.outcome(), elapsed);
            if record.action.as_deref() == Some(UPLOAD) && record.outcome() == "OK" {
                self.metrics.count_upload(record.picture_bytes.unwrap_or(0));
            }
            self.journal.write(record);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(action: &str) -> RequestRecord {
        let mut record = RequestRecord::new("id".to_owned(), Timestamp::from_millisecond(0));
        record.action = Some(action.to_owned());
        record
    }

    #[test]
    fn requests_are_read_on_from_where_one_was() {
        let journal = Journal::default();
        for action in ["A", "B", "A", "A"] {
            journal.write(record(action));
        }
        for (since, action, limit, expected, next) in [
            (0, None, 10, vec![1, 2, 3, 4], 4),
            (2, None, 10, vec![3, 4], 4),
            (0, Some("A"), 2, vec![1, 3], 3),
            (3, Some("A"), 2, vec![4], 4),
            (0, Some("B"), 1, vec![2], 4),
            (0, Some("C"), 10, vec![], 4),
            (9, None, 10, vec![], 4),
            (1, None, 0, vec![], 1),
        ] {
            let (records, then) = journal.read(&Wanted { since, action, limit });
            let numbers: Vec<u64> = records.iter().map(|it| it.seq).collect();
            assert_eq!((numbers, then), (expected, next), "{since} {action:?} {limit}");
        }
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let journal = Journal::default();
        for _ in 0..MAX_REQUESTS + 2 {
            journal.write(record("A"));
        }
        let all = Wanted { since: 0, action: None, limit: usize::MAX };
        let (records, _) = journal.read(&all);
        assert_eq!((records.len(), records[0].seq), (MAX_REQUESTS, 3));
        assert_eq!(journal.clear(), MAX_REQUESTS);
        journal.write(record("A"));
        assert_eq!(journal.read(&all).0[0].seq, MAX_REQUESTS as u64 + 3);
    }

    #[test]
    fn records_are_short() {
        let mut record = record("A");
        record.describe(&RequestSummary {
            hop: Hop::Api,
            action: Some("x".repeat(1_000)),
            instance: None,
            pic_name: None,
            account: None,
            keys: vec!["红".repeat(1_000); 2],
            picture_bytes: None,
            fault: None,
            call: None,
        });
        assert_eq!(record.action.unwrap().len(), MAX_CHARACTERS);
        assert_eq!(record.keys, vec!["红".repeat(MAX_CHARACTERS); 2]);
    }
}
