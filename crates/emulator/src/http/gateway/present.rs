//! The responses of each version, rendered from outcomes.

pub(crate) mod v2018;
pub(crate) mod v2019;
pub(crate) mod v2020;

use serde::Serialize;
use serde_json::json;

use crate::http::context::Context;

/// The text of a successful answer, as samples of the documentation have it.
pub(crate) const SUCCESS: &str = "success";

/// An answer as it travels.
#[derive(Debug)]
pub(crate) struct Json(pub(crate) Vec<u8>);

/// Tells an outcome in the shape of one answer.
pub(crate) trait Present<Outcome>: Serialize {
    /// The fields, one in the other, that lead to the list of the answer, which is there even if it is
    /// empty: the types of the client leave empty lists out, and callers that read JSON expect it.
    const LIST: &'static [&'static str] = &[];

    /// Tells the outcome.
    fn present(outcome: Outcome, presenter: &Presenter<'_>) -> Self;
}

/// What answers have besides their outcome.
pub(crate) struct Presenter<'a> {
    pub(crate) context: &'a Context,
    pub(crate) request_id: &'a str,
}

impl Presenter<'_> {
    /// Writes the answer of an operation.
    pub(crate) fn answer<Response: Present<Outcome>, Outcome>(&self, outcome: Outcome) -> Json {
        let response = Response::present(outcome, self);
        // Our types have no map with keys that are not strings, the one way to fail.
        if Response::LIST.is_empty() {
            return Json(serde_json::to_vec(&response).unwrap_or_default());
        }
        let mut body = serde_json::to_value(&response).unwrap_or_default();
        let mut place = &mut body;
        for (left, field) in (0..Response::LIST.len()).rev().zip(Response::LIST) {
            let Some(object) = place.as_object_mut() else {
                break;
            };
            let empty = || if left == 0 { json!([]) } else { json!({}) };
            place = object.entry(*field).or_insert_with(empty);
        }
        Json(serde_json::to_vec(&body).unwrap_or_default())
    }

    /// Returns the id of the request, as answers have it.
    pub(crate) fn request_id(&self) -> Option<String> {
        Some(self.request_id.to_owned())
    }

    /// Signs the address of a file, which is good for a while from now on.
    pub(crate) fn address(&self, path: &str) -> String {
        let Context { oss, host, service, .. } = self.context;
        oss.sign_url(host, path, service.clock.now())
    }
}

/// Creates an answer that says that all went well; the text is in another field in some answers.
macro_rules! success {
    ($response:ty, $presenter:expr, $text:ident) => {{
        let mut response = <$response>::default();
        response.request_id = $presenter.request_id();
        response.success = Some(true);
        response.code = Some(0);
        response.$text = Some($crate::http::gateway::present::SUCCESS.to_owned());
        response
    }};
}

pub(crate) use success;
