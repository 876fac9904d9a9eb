use std::{
    fmt,
    marker::PhantomData,
    panic::Location,
    sync::{Arc, Mutex},
};

use bytes::Bytes;

use super::{lock::lock, received_call::ReceivedCall, reply::Reply};
use crate::{error::Error, exchange::Response, parameters::Parameters, request::Request};

/// A rule of a mock: which calls it matches, how it answers them, and how many it expects.
///
/// It is a handle: a method changes the rule in the mock and returns the handle. A rule without
/// conditions matches every call of its operation. Its answers are given in the order in which they
/// were added, one for each call; the last one is given again and again.
///
/// Unless [`times`](Self::times) or [`at_least`](Self::at_least) says otherwise, a rule expects a call
/// for each of its answers, at least.
pub struct Rule<R> {
    state: Arc<RuleState>,
    request: PhantomData<fn() -> R>,
}

impl<R: Request> Rule<R> {
    /// Matches only calls of a request that is equal to this one.
    pub fn with(self, request: R) -> Self {
        self.condition(Condition::With(request.into_parameters()))
    }

    /// Adds an answer.
    pub fn respond(self, response: R::Response) -> Self {
        self.reply(Reply::response(Response::new(response)))
    }

    /// Adds an answer or an error that is computed from the call.
    ///
    /// Status, headers and request id of the [`Meta`](crate::answers::Meta) are sent with the answer. An error
    /// means the same as for [`fail`](Self::fail).
    pub fn respond_with(
        self,
        respond: impl Fn(&ReceivedCall) -> Result<Response<R::Response>, Error> + Send + Sync + 'static,
    ) -> Self {
        self.reply(Reply::Computed(Arc::new(move |call| {
            respond(call).map_or_else(Reply::Error, Reply::response)
        })))
    }
}

impl<R> Rule<R> {
    pub(super) fn new(state: Arc<RuleState>) -> Self {
        Self { state, request: PhantomData }
    }

    /// Matches only calls for which the closure returns `true`.
    pub fn matching(self, matches: impl Fn(&ReceivedCall) -> bool + Send + Sync + 'static) -> Self {
        self.condition(Condition::Matching(Arc::new(matches)))
    }

    /// Adds an answer in JSON, with the wire names.
    pub fn respond_json(self, json: impl fmt::Display) -> Self {
        self.reply(Reply::json(json.to_string()))
    }

    /// Adds an answer of any status, headers and body, such as the error page of a proxy.
    pub fn respond_http(self, answer: http::Response<impl Into<Bytes>>) -> Self {
        self.reply(Reply::Answer(answer.map(Into::into)))
    }

    /// Adds a failure: what leads to an error of this kind.
    ///
    /// | kind of the error | what happens |
    /// |---|---|
    /// | `Service` | the service answers with its code, status, message and request id |
    /// | `Connect` | no connection is established |
    /// | `Timeout` | no connection, no answer, or no end of the answer comes in time |
    /// | `Transport` | the connection breaks before the answer |
    /// | any other | the call ends with this error |
    ///
    /// The client retries what it retries in earnest. `Timeout` means the phases `Connect`,
    /// `Response` and `Body`; a call ends with an error of another phase as it is.
    pub fn fail(self, error: Error) -> Self {
        self.reply(Reply::Error(error))
    }

    /// Expects this many calls, and matches no more.
    pub fn times(self, calls: usize) -> Self {
        lock(&self.state.settings).at_most = Some(calls);
        self
    }

    /// Expects this many calls or more; 0 makes the rule optional.
    pub fn at_least(self, calls: usize) -> Self {
        lock(&self.state.settings).at_least = Some(calls);
        self
    }

    /// Returns the calls that the rule has matched, each attempt by itself.
    pub fn calls(&self) -> Vec<ReceivedCall> {
        lock(&self.state.settings).calls.clone()
    }

    /// Returns how many calls the rule has matched, each attempt by itself.
    pub fn num_calls(&self) -> usize {
        lock(&self.state.settings).calls.len()
    }

    fn condition(self, condition: Condition) -> Self {
        lock(&self.state.settings).conditions.push(condition);
        self
    }

    fn reply(self, reply: Reply) -> Self {
        lock(&self.state.settings).replies.push(reply);
        self
    }
}

impl<R> Clone for Rule<R> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.state))
    }
}

impl<R> fmt::Debug for Rule<R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Rule({}, {} calls)", self.state, self.num_calls())
    }
}

/// A rule as its mock keeps it.
pub(super) struct RuleState {
    /// Where the test has added it.
    location: &'static Location<'static>,
    version: String,
    name: String,
    settings: Mutex<Settings>,
}

#[derive(Default)]
struct Settings {
    conditions: Vec<Condition>,
    replies: Vec<Reply>,
    at_least: Option<usize>,
    at_most: Option<usize>,
    calls: Vec<ReceivedCall>,
}

#[derive(Clone)]
enum Condition {
    With(Parameters),
    Matching(Arc<dyn Fn(&ReceivedCall) -> bool + Send + Sync>),
}

impl RuleState {
    pub(super) fn new(location: &'static Location<'static>, version: String, name: String) -> Self {
        Self { location, version, name, settings: Mutex::default() }
    }

    /// Returns why the rule does not match a call, if it does not.
    pub(super) fn mismatch(&self, call: &ReceivedCall) -> Option<String> {
        if (call.operation(), call.version()) != (&*self.name, &*self.version) {
            return Some("another operation".to_owned());
        }
        // A copy, so that a closure may look at its own rule.
        let conditions = {
            let settings = lock(&self.settings);
            let calls = settings.calls.len();
            if settings.at_most.is_some_and(|most| calls >= most) {
                return Some(format!("used up after {}", count(calls)));
            }
            settings.conditions.clone()
        };
        conditions.iter().find_map(|condition| match condition {
            Condition::With(parameters) if !call.has_exactly(parameters) => {
                Some(format!("expects {parameters:?}"))
            }
            Condition::Matching(matches) if !matches(call) => {
                Some("`matching` returned false".to_owned())
            }
            Condition::With(_) | Condition::Matching(_) => None,
        })
    }

    /// Records a call and returns its reply.
    ///
    /// # Errors
    ///
    /// The rule has no answer.
    pub(super) fn take(&self, call: &ReceivedCall) -> Result<Reply, Error> {
        let mut settings = lock(&self.settings);
        let replies = &settings.replies;
        let reply = replies.get(settings.calls.len()).or(replies.last()).cloned();
        settings.calls.push(call.clone());
        reply.ok_or_else(|| {
            Error::misuse(format!("the rule {self} has no answer"))
                .with_advice("add one with `respond`, `respond_json` or `fail`")
        })
    }

    /// Returns how many calls are missing, if any are.
    pub(super) fn unmet(&self) -> Option<String> {
        let settings = lock(&self.settings);
        let calls = settings.calls.len();
        let expected = match (settings.at_least, settings.at_most) {
            (Some(least), _) => least,
            (None, Some(exactly)) => exactly,
            (None, None) => settings.replies.len().max(1),
        };
        let least = if settings.at_most == Some(expected) { "" } else { "at least " };
        let expected_calls = count(expected);
        (calls < expected)
            .then(|| format!("{self}: expects {least}{expected_calls}, received {calls}"))
    }
}

impl fmt::Display for RuleState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (file, line) = (self.location.file(), self.location.line());
        write!(formatter, "{} ({}) at {file}:{line}", self.name, self.version)
    }
}

fn count(calls: usize) -> String {
    if calls == 1 { "1 call".to_owned() } else { format!("{calls} calls") }
}
