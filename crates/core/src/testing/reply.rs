use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use serde_json::json;

use super::received_call::ReceivedCall;
use crate::{
    error::{Error, ErrorKind, TimeoutPhase},
    exchange::{Answer, Failure, FailurePhase, Response},
};

/// What a rule replies with.
#[derive(Clone)]
pub(super) enum Reply {
    Answer(Answer),
    Error(Error),
    Computed(Arc<dyn Fn(&ReceivedCall) -> Reply + Send + Sync>),
}

/// The result of a request.
pub(super) enum Outcome {
    Answer(Answer),
    Failure(Failure),
    /// No answer comes; the request has come this far.
    Silence(FailurePhase),
}

impl Reply {
    /// Replies with a typed response, written as the service writes it, and what comes with it.
    pub(super) fn response(response: Response<impl Serialize>) -> Self {
        let (body, meta) = response.into_parts();
        let body = match serde_json::to_vec(&body) {
            Ok(body) => Bytes::from(body),
            Err(error) => {
                let message = "the response of a rule is not JSON";
                return Self::Error(Error::misuse(message).with_source(error));
            }
        };
        let mut answer = Answer::new(body);
        *answer.status_mut() = meta.status();
        answer.headers_mut().extend(meta.headers().clone());
        if let Some(Ok(id)) = meta.request_id().map(HeaderValue::from_str) {
            answer.headers_mut().insert("x-acs-request-id", id);
        }
        Self::Answer(answer)
    }

    /// Replies with JSON and status 200.
    pub(super) fn json(body: impl Into<Bytes>) -> Self {
        Self::Answer(Answer::new(body.into()))
    }

    /// Turns the reply into the result of a request.
    ///
    /// # Errors
    ///
    /// Ends the call with the error that is given: no answer and no failing transport leads to it.
    pub(super) fn outcome(self, call: &ReceivedCall) -> Result<Outcome, Error> {
        match self {
            Self::Answer(answer) => Ok(Outcome::Answer(answer)),
            Self::Error(error) => failing(error),
            Self::Computed(compute) => compute(call).outcome(call),
        }
    }
}

/// Finds what leads to an error.
fn failing(error: Error) -> Result<Outcome, Error> {
    let phase = match error.kind() {
        ErrorKind::Service => return Ok(Outcome::Answer(refusal(&error))),
        ErrorKind::Connect => FailurePhase::Connect,
        ErrorKind::Transport => FailurePhase::Response,
        ErrorKind::Timeout(TimeoutPhase::Connect) => {
            return Ok(Outcome::Silence(FailurePhase::Connect));
        }
        ErrorKind::Timeout(TimeoutPhase::Response) => {
            return Ok(Outcome::Silence(FailurePhase::Response));
        }
        ErrorKind::Timeout(TimeoutPhase::Body) => {
            return Ok(Outcome::Silence(FailurePhase::Body));
        }
        _ => return Err(error),
    };
    Ok(Outcome::Failure(Failure::new(phase, error)))
}

/// Writes an error as the service does.
fn refusal(error: &Error) -> Answer {
    let body = json!({
        "Code": error.code().map(super::super::generated::error_code::ErrorCode::as_str),
        "Message": error.service_message(),
        "RequestId": error.request_id(),
        "Recommend": error.recommend(),
    });
    let mut answer = Answer::new(Bytes::from(body.to_string()));
    let status = error.http_status().and_then(|status| StatusCode::from_u16(status).ok());
    *answer.status_mut() = status.unwrap_or(StatusCode::BAD_REQUEST);
    answer
}
