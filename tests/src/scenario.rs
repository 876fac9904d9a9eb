//! Scenario tables: the result of requests, and what a call should make of it.

use std::{collections::BTreeMap, path::Path, time::Duration};

use imagesearch_core::{
    Error, ErrorKind, Image,
    client::CallOptions,
    errors::{ErrorCode, Hop},
    exchange::{Failure, FailurePhase, RawResponse},
    operation::Operation,
    parameters::{Parameters, Value},
    requests::RawRequest,
};
use serde::Deserialize;

use crate::{
    fake::{Log, Outcome, Reaction, Script, answer},
    pictures,
    wire::raw_call,
};

/// One scenario.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// A sentence fragment that says what happens.
    pub name: String,
    /// The wire name of the operation.
    pub operation: String,
    /// Parameters in place of, or beside, those of the operation's example.
    #[serde(default)]
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// Parameters that are given as bytes of a picture.
    #[serde(default)]
    pub pictures: Vec<String>,
    /// The client's settings.
    #[serde(default)]
    pub client: Settings,
    /// The result of each request, by hop in turn.
    #[serde(default)]
    pub script: Vec<Line>,
    /// What should come of the call.
    pub expect: Expected,
}

/// Settings that differ from the usual.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The timeout of the whole call.
    pub timeout_ms: Option<u64>,
    /// The timeout of one attempt.
    pub attempt_timeout_ms: Option<u64>,
    /// The retry policy.
    pub attempts: Option<u32>,
    /// How many tokens the retry budget has; an attempt costs 5.
    pub budget: Option<u32>,
    /// Paces the client as for an instance that was bought with so many searches a second.
    pub searches_per_second: Option<u32>,
    /// Whether signatures stay with this machine's clock.
    #[serde(default)]
    pub own_clock: bool,
    /// Whether pictures travel as Base64.
    #[serde(default)]
    pub base64: bool,
    /// Headers that the call adds.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Headers that the client adds to every call.
    #[serde(default)]
    pub default_headers: BTreeMap<String, String>,
    /// Reads credentials from these variables.
    pub environment: Option<BTreeMap<String, String>>,
}

/// The result of one request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The hop whose next request it answers: `authorize`, `upload`; `invoke` unless given.
    #[serde(default)]
    pub hop: HopName,
    /// How long it takes.
    #[serde(default)]
    pub after_ms: u64,
    /// The status of an answer.
    pub status: Option<u16>,
    /// The body of an answer; the operation's example, or an authorization, unless given.
    pub body: Option<String>,
    /// Headers of an answer.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// A phase to fail in.
    pub fail: Option<FailName>,
    /// Nothing ever comes.
    #[serde(default)]
    pub silent: bool,
    /// How far the transport says that the request has come meanwhile.
    pub reached: Option<FailName>,
    /// Whether the failure is that time ran out.
    #[serde(default)]
    pub timed_out: bool,
}

/// A hop, as scenarios name it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HopName {
    /// Asking where a picture may go.
    Authorize,
    /// Putting it there.
    Upload,
    /// The operation.
    #[default]
    Invoke,
}

/// A phase, as scenarios name it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailName {
    /// No connection.
    Connect,
    /// No answer.
    Response,
    /// Half an answer.
    Body,
    /// Too long an answer.
    TooLong,
}

/// What should come of a call.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The hops of the requests, in the order they are sent.
    pub requests: Vec<HopName>,
    /// The shortest and longest each delay may be, in milliseconds.
    pub sleeps: Option<Vec<[u64; 2]>>,
    /// The shortest and longest that the call may take, in milliseconds.
    pub took: Option<[u64; 2]>,
    /// How many requests are given up.
    #[serde(default)]
    pub cancelled: usize,
    /// By how many seconds each signed request is ahead of the virtual clock.
    pub dates: Option<Vec<i64>>,
    /// What is in the form of the last request of the operation.
    #[serde(default)]
    pub form: BTreeMap<String, String>,
    /// Headers that every request has.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// How often the operation was sent, if the call succeeds.
    pub attempts: Option<u32>,
    /// The expected error, if the call fails.
    pub error: Option<ExpectedError>,
}

/// The expected parts of an error.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedError {
    /// The kind, as `Debug` prints it.
    pub kind: String,
    /// The service's code.
    pub code: Option<String>,
    /// The status of the last answer.
    pub status: Option<u16>,
    /// The part of the call that failed.
    pub hop: Option<HopName>,
    /// How often that part was sent.
    pub attempts: Option<u32>,
    /// Whether the same call may work later.
    pub retryable: Option<bool>,
    /// Whether a change may have been carried out.
    #[serde(default)]
    pub maybe_applied: bool,
    /// What the message says.
    #[serde(default)]
    pub says: Vec<String>,
}

impl Scenario {
    /// Reads every scenario of the folder.
    pub fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("is there")
            .map(|entry| entry.expect("can be read").path())
            .collect();
        files.sort();
        files
            .iter()
            .flat_map(|file| {
                let text = std::fs::read_to_string(file).expect("can be read");
                serde_saphyr::from_str::<Vec<Self>>(&text)
                    .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
            })
            .collect()
    }

    /// Returns the operation.
    pub fn described_by(&self) -> &'static Operation {
        Operation::find(imagesearch_core::API_VERSION, &self.operation).expect("is in the table")
    }

    /// Creates the call.
    pub fn call(&self) -> RawRequest {
        let example = self.described_by().example().expect("has an example").parameters;
        let mut parameters: Parameters =
            example.iter().map(|(name, value)| (*name, Value::from(*value))).collect();
        for (name, value) in &self.parameters {
            let value = match value {
                serde_json::Value::String(text) => Value::from(text.as_str()),
                serde_json::Value::Number(number) => number.as_i64().expect("is whole").into(),
                serde_json::Value::Bool(flag) => (*flag).into(),
                other => panic!("{}: no value of a parameter: {other}", self.name),
            };
            parameters.set(name.clone(), value);
        }
        for name in &self.pictures {
            parameters.set(name.clone(), Image::from(pictures::png(100, 120)));
        }
        raw_call(&self.operation, &parameters)
    }

    /// Makes what the call does differently from its client.
    pub fn options(&self) -> CallOptions {
        call_options(&self.client.headers)
    }

    /// Creates the script, with authorizations that lead to a host.
    pub fn script(&self, upload_authority: &str) -> Script {
        let script =
            Script::new(self.script.iter().map(|line| self.reaction(line, upload_authority)));
        self.client
            .environment
            .iter()
            .flatten()
            .fold(script, |script, (name, value)| script.variable(name, value))
    }

    /// Returns whether real clients can play it: answers only, and no time that has to pass.
    pub fn suits_the_wire(&self) -> bool {
        self.client.environment.is_none()
            && self.client.timeout_ms.is_none()
            && self.client.attempt_timeout_ms.is_none()
            && (self.client.searches_per_second.is_none() || self.expect.took.is_none())
            && self
                .script
                .iter()
                .all(|line| line.after_ms == 0 && line.fail.is_none() && !line.silent)
    }

    /// Checks the result of the call.
    pub fn check_outcome(&self, who: &str, result: &Result<RawResponse, Error>) {
        let name = format!("{} ({who})", self.name);
        match (&self.expect.error, result) {
            (None, Ok(reply)) => {
                let attempts = self.expect.attempts.unwrap_or(1);
                assert_eq!(reply.meta().attempts(), attempts, "{name}");
            }
            (Some(expected), Err(error)) => expected.check(&name, error, &self.operation),
            (None, Err(error)) => panic!("{name}: {error}"),
            (Some(expected), Ok(_)) => panic!("{name}: succeeded in spite of {expected:?}"),
        }
    }

    /// Checks what a run on the virtual clock recorded.
    pub fn check_log(&self, log: &Log) {
        let name = &self.name;
        let hops: Vec<Hop> = log.sent.iter().map(|sent| sent.hop).collect();
        let expected: Vec<Hop> = self.expect.requests.iter().map(|hop| (*hop).into()).collect();
        assert_eq!(hops, expected, "{name}");
        assert_eq!(log.cancelled, self.expect.cancelled, "{name}: cancelled");
        if let Some(bounds) = &self.expect.sleeps {
            let sleeps = log.sleeps();
            assert_eq!(sleeps.len(), bounds.len(), "{name}: {sleeps:?}");
            for (sleep, bounds) in sleeps.iter().zip(bounds) {
                assert!(within(*sleep, *bounds), "{name}: {sleep:?} is not within {bounds:?} ms");
            }
        }
        if let Some(bounds) = self.expect.took {
            assert!(within(log.ended, bounds), "{name}: took {:?}", log.ended);
        }
    }

    fn reaction(&self, line: &Line, upload_authority: &str) -> Reaction {
        let after = (!line.silent).then(|| Duration::from_millis(line.after_ms));
        let outcome = match (line.fail, line.silent) {
            (_, true) => Outcome::Silence,
            (Some(phase), _) => Outcome::Failure(if line.timed_out {
                Failure::timeout(phase.into(), "scripted")
            } else {
                Failure::new(phase.into(), "scripted")
            }),
            (None, _) => {
                let body = match (&line.body, line.hop) {
                    (Some(body), _) => body.clone(),
                    (None, HopName::Authorize) => authorization(upload_authority),
                    (None, HopName::Upload) => String::new(),
                    (None, HopName::Invoke) => {
                        let example = self.described_by().example().expect("has an example");
                        example.response.to_owned()
                    }
                };
                let status =
                    line.status.unwrap_or(if line.hop == HopName::Upload { 201 } else { 200 });
                let mut answer = answer(status, &body);
                for (name, value) in &line.headers {
                    let name: http::HeaderName = name.parse().expect("is a header's name");
                    answer.headers_mut().append(name, value.parse().expect("is a header's value"));
                }
                Outcome::Answer(answer)
            }
        };
        Reaction { hop: line.hop.into(), after, outcome, reached: line.reached.map(Into::into) }
    }
}

impl ExpectedError {
    fn check(&self, name: &str, error: &Error, operation: &str) {
        let text = error.to_string();
        assert_eq!(format!("{:?}", error.kind()), self.kind, "{name}: {text}");
        assert_eq!(error.code().map(ErrorCode::as_str), self.code.as_deref(), "{name}: {text}");
        assert_eq!(error.operation(), Some(operation), "{name}: {text}");
        assert_eq!(error.may_have_been_applied(), self.maybe_applied, "{name}: {text}");
        assert_eq!(error.is_timeout(), matches!(error.kind(), ErrorKind::Timeout(_)), "{name}");
        if let Some(status) = self.status {
            assert_eq!(error.http_status(), Some(status), "{name}: {text}");
        }
        if let Some(hop) = self.hop {
            assert_eq!(error.hop(), Some(hop.into()), "{name}: {text}");
        }
        if let Some(attempts) = self.attempts {
            assert_eq!(error.attempts(), attempts, "{name}: {text}");
        }
        if let Some(retryable) = self.retryable {
            assert_eq!(error.is_retryable(), retryable, "{name}: {text}");
        }
        for words in &self.says {
            assert!(text.contains(words.as_str()), "{name}: no {words:?} in {text:?}");
        }
    }
}

/// Creates the options of a call that adds headers.
pub fn call_options(headers: &BTreeMap<String, String>) -> CallOptions {
    headers
        .iter()
        .fold(CallOptions::default(), |options, (name, value)| options.with_header(name, value))
}

/// Writes the answer of `AuthorizeFileUpload` that sends pictures to a host.
pub fn authorization(authority: &str) -> String {
    let (bucket, endpoint) = authority.split_once('.').expect("has a dot");
    serde_json::json!({
        "AccessKeyId": "upload-key", "Bucket": bucket, "Endpoint": endpoint,
        "ObjectKey": "42/7/2026/picture", "EncodedPolicy": "upload-policy",
        "Signature": "upload-signature", "UseAccelerate": "false", "RequestId": "A-1",
    })
    .to_string()
}

fn within(time: Duration, [from, to]: [u64; 2]) -> bool {
    (Duration::from_millis(from)..=Duration::from_millis(to)).contains(&time)
}

impl From<HopName> for Hop {
    fn from(name: HopName) -> Self {
        match name {
            HopName::Authorize => Self::Authorize,
            HopName::Upload => Self::Upload,
            HopName::Invoke => Self::Invoke,
        }
    }
}

impl From<FailName> for FailurePhase {
    fn from(name: FailName) -> Self {
        match name {
            FailName::Connect => Self::Connect,
            FailName::Response => Self::Response,
            FailName::Body => Self::Body,
            FailName::TooLong => Self::TooLong,
        }
    }
}
