//! Follows a request to its end, whatever that is, and tells the journal and the metrics.

use std::time::Instant;

use axum::body::Body;
use http::Response;

use crate::answer::{ErrorOf, PictureBytes};
use crate::auth::AuthFinding;
use crate::journal::RequestRecord;
use crate::state::State;
use crate::subject::Subject;

/// A request that is being answered. It is written down when this is dropped, also if that is because
/// the client gave up.
pub(crate) struct Observed<'a> {
    state: &'a State,
    started: Instant,
    record: Option<RequestRecord>,
}

impl<'a> Observed<'a> {
    pub(crate) fn begin(state: &'a State, request_id: &str) -> Self {
        let record = RequestRecord::new(request_id.to_owned(), state.clock.now());
        Self { state, started: Instant::now(), record: Some(record) }
    }

    /// Notes what the request is about.
    pub(crate) fn describe(&mut self, subject: &Subject) {
        self.note(|record| record.describe(subject));
    }

    /// Notes which fault rule hit the request.
    pub(crate) fn struck_by(&mut self, rule: &str) {
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
            self.state.metrics.count(&record, elapsed);
            self.state.journal.write(record);
        }
    }
}
