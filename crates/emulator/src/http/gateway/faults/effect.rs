//! What may go wrong.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue, StatusCode};
use imagesearch_core::errors::ErrorCode;
use serde::{Deserialize, Serialize};

/// The longest delay.
const MAX_DELAY_MS: u64 = 600_000;

/// What happens to a request.
///
/// | effect | in JSON | is the work done? |
/// |---|---|---|
/// | `Error` | `{"error": {"code": "..", "http": 503, "message": "..", "headers": {}}}` | no |
/// | `Delay` | `{"delay": {"ms": 500}}` | yes, after the delay |
/// | `Drip` | `{"drip": {"bytes_per_s": 100}}` | yes, the answer comes slowly |
/// | `Reset` | `{"reset": "before_headers"}` | no |
/// | `Reset` | `{"reset": "after_headers"}`, `{"reset": "mid_body"}` | yes |
/// | `Hang` | `"hang"` | no, and no answer ever comes |
/// | `EmptyBody` | `"empty_body"` | yes, the status comes without a body |
/// | `TruncateBody` | `"truncate_body"` | yes, the connection closes within the body |
/// | `BadJson` | `"bad_json"` | yes, half of the body comes as if it were all |
/// | `Html502` | `"html_502"` | no, a proxy answers |
/// | `WrongContentType` | `"wrong_content_type"` | yes, the answer claims to be HTML |
/// | `DropRequestId` | `"drop_request_id"` | yes |
/// | `DuplicateExecution` | `{"duplicate_execution": {"then": ..}}` | yes, and then another effect; unless said, a reset before the headers |
/// | `RejectAfterUpload` | `"reject_after_upload"` | no, `PictureError` as if the uploaded picture could not be read |
/// | `ExpiredPolicy` | `"expired_policy"` | an authorization is already expired; an upload is refused for that |
/// | `SkewedClock` | `{"skewed_clock": {"seconds": 3600}}` | only if the time fits: `Date` and the check of time stamps are off |
///
/// Resets are real ones: the connection ends with RST.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum FaultEffect {
    /// Refuses with an error: JSON from the API, XML from OSS.
    Error(ErrorEffect),
    /// Delays the request; at most 600,000 ms.
    Delay {
        /// How long, in milliseconds.
        ms: u64,
    },
    /// Sends the body slowly.
    Drip {
        /// How many bytes a second, at least 1.
        bytes_per_s: u32,
    },
    /// Ends the connection with RST.
    Reset(Reset),
    /// Never answers; ends when the client gives up or the emulator stops.
    Hang,
    /// Sends status and headers of the answer, with a body of no bytes.
    EmptyBody,
    /// Announces the whole body, sends half of it and closes the connection.
    TruncateBody,
    /// Sends the first half of the body as if it were all.
    BadJson,
    /// Answers 502 with the page of a proxy.
    #[serde(rename = "html_502")]
    Html502,
    /// Sends the answer as `text/html`.
    WrongContentType,
    /// Leaves the request id out of header and body.
    DropRequestId,
    /// Does the work, then fails.
    DuplicateExecution {
        /// How the response is lost.
        #[serde(default = "reset_before_headers")]
        then: Box<FaultEffect>,
    },
    /// Refuses the call with `PictureError`, as if the uploaded picture could not be downloaded.
    RejectAfterUpload,
    /// Authorizes an upload with a policy that has expired, or refuses an upload for that.
    ExpiredPolicy,
    /// Uses a wrong clock, in `Date` and in the check of timestamps.
    SkewedClock {
        /// How far ahead the clock is, in seconds; negative if behind, at most a century.
        seconds: i64,
    },
}

/// When a connection is reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reset {
    /// Before anything is answered, and before the work is done.
    BeforeHeaders,
    /// After status and headers.
    AfterHeaders,
    /// After half of the body.
    MidBody,
}

/// An error response.
///
/// ```
/// use imagesearch_emulator::ErrorEffect;
///
/// let documented = ErrorEffect::new("Throttling.User").header("Retry-After", "1");
/// let other = ErrorEffect::new("TooHot").http(503).message("Try again later.");
/// # drop((documented, other));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct ErrorEffect {
    pub(super) code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) http: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<String, String>,
}

impl ErrorEffect {
    /// Creates an error from a code, with the documented status and message.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), http: None, message: None, headers: BTreeMap::new() }
    }

    /// Sets the HTTP status; needed for codes that are not documented.
    pub fn http(mut self, status: u16) -> Self {
        self.http = Some(status);
        self
    }

    /// Sets the message.
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Adds a header, such as `Retry-After`.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }
}

impl FaultEffect {
    /// Returns the name of the effect as JSON has it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Error(_) => "error",
            Self::Delay { .. } => "delay",
            Self::Drip { .. } => "drip",
            Self::Reset(_) => "reset",
            Self::Hang => "hang",
            Self::EmptyBody => "empty_body",
            Self::TruncateBody => "truncate_body",
            Self::BadJson => "bad_json",
            Self::Html502 => "html_502",
            Self::WrongContentType => "wrong_content_type",
            Self::DropRequestId => "drop_request_id",
            Self::DuplicateExecution { .. } => "duplicate_execution",
            Self::RejectAfterUpload => "reject_after_upload",
            Self::ExpiredPolicy => "expired_policy",
            Self::SkewedClock { .. } => "skewed_clock",
        }
    }

    /// Returns whether the request is carried out nevertheless.
    pub(super) fn executes(&self) -> bool {
        !matches!(
            self,
            Self::Error(_)
                | Self::Reset(Reset::BeforeHeaders)
                | Self::Hang
                | Self::Html502
                | Self::RejectAfterUpload
        )
    }

    /// Returns what is out of range.
    pub(super) fn check(&self) -> Result<(), String> {
        match self {
            Self::Error(error) => error.check(),
            Self::Delay { ms } if *ms > MAX_DELAY_MS => {
                Err(format!("delay must be at most {MAX_DELAY_MS} ms, not {ms}"))
            }
            Self::Drip { bytes_per_s: 0 } => {
                Err("drip must be at least 1 byte a second".to_owned())
            }
            Self::SkewedClock { seconds } if seconds.unsigned_abs() > 3_155_760_000 => {
                Err(format!("skewed_clock must be at most 3155760000 seconds, not {seconds}"))
            }
            Self::DuplicateExecution { then } => match then.as_ref() {
                Self::DuplicateExecution { .. }
                | Self::ExpiredPolicy
                | Self::SkewedClock { .. } => {
                    Err(format!("{} cannot follow an execution", then.name()))
                }
                then => then.check(),
            },
            _ => Ok(()),
        }
    }
}

impl ErrorEffect {
    fn check(&self) -> Result<(), String> {
        if self.code.is_empty() {
            return Err("error must have a code".to_owned());
        }
        match self.http {
            Some(status) if !(400..=599).contains(&status) => {
                return Err(format!("http must be from 400 to 599, not {status}"));
            }
            None if ErrorCode::from(self.code.as_str()).description().is_none() => {
                return Err(format!(
                    "the code `{}` is not documented, so http must say which status it has",
                    self.code
                ));
            }
            _ => {}
        }
        for (name, value) in &self.headers {
            if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
                return Err(format!("`{name}: {value}` cannot be sent as a header"));
            }
        }
        Ok(())
    }

    /// Returns the status as given or documented.
    pub(super) fn status(&self) -> StatusCode {
        let known = ErrorCode::from(self.code.as_str()).description();
        let status = self.http.or_else(|| known.and_then(|it| it.http.first().copied()));
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        status.unwrap_or(StatusCode::BAD_REQUEST)
    }
}

fn reset_before_headers() -> Box<FaultEffect> {
    Box::new(FaultEffect::Reset(Reset::BeforeHeaders))
}
