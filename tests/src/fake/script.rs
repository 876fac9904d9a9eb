use std::{collections::BTreeMap, fmt, time::Duration};

use bytes::Bytes;
use imagesearch_core::{
    errors::Hop,
    exchange::{Answer, Failure, FailurePhase, LoadError, Source},
};

use super::Sent;

/// What an exchange's requests and loads come to.
pub trait Service: fmt::Debug {
    /// Returns the result of a request.
    fn react(&mut self, sent: &Sent) -> Reaction;

    /// Returns the result of a load.
    fn load(&self, source: &Source) -> Result<Bytes, LoadError>;

    /// Returns how long loading takes.
    fn load_time(&self) -> Duration;
}

/// The result of requests and loads, one reaction for each request of a hop in turn.
#[derive(Debug, Default)]
pub struct Script {
    reactions: Vec<Reaction>,
    /// The environment's variables.
    pub environment: BTreeMap<String, String>,
    /// Files by path.
    pub files: BTreeMap<String, Bytes>,
    /// What programs print, by the words of their command.
    pub commands: BTreeMap<String, Result<Bytes, LoadError>>,
    /// How long loading takes.
    pub load_time: Duration,
}

/// The result of one request.
#[derive(Debug)]
pub struct Reaction {
    /// The part of the call whose next request it answers.
    pub hop: Hop,
    /// How long it takes; absent if nothing ever comes.
    pub after: Option<Duration>,
    /// What comes.
    pub outcome: Outcome,
    /// How far the transport says that the request has come meanwhile.
    pub reached: Option<FailurePhase>,
}

/// The result of a request.
#[derive(Debug)]
pub enum Outcome {
    /// A complete response.
    Answer(Answer),
    /// No complete answer.
    Failure(Failure),
    /// Nothing, ever.
    Silence,
}

impl Script {
    /// Creates a script of reactions.
    pub fn new(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        Self { reactions: reactions.into_iter().collect(), ..Self::default() }
    }

    /// Adds an answer that comes at once.
    #[must_use]
    pub fn answer(self, hop: Hop, status: u16, body: &str) -> Self {
        self.slow_answer(hop, Duration::ZERO, status, body)
    }

    /// Adds an answer that takes its time.
    #[must_use]
    pub fn slow_answer(self, hop: Hop, after: Duration, status: u16, body: &str) -> Self {
        self.react_with(hop, Some(after), Outcome::Answer(answer(status, body)))
    }

    /// Adds a reaction.
    #[must_use]
    pub fn react_with(mut self, hop: Hop, after: Option<Duration>, outcome: Outcome) -> Self {
        self.reactions.push(Reaction { hop, after, outcome, reached: None });
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Sets how long loading takes.
    #[must_use]
    pub fn loading_for(mut self, time: Duration) -> Self {
        self.load_time = time;
        self
    }

    /// Takes the reaction to the next request of a hop, if there is one left.
    pub fn next(&mut self, hop: Hop) -> Option<Reaction> {
        let index = self.reactions.iter().position(|reaction| reaction.hop == hop)?;
        Some(self.reactions.remove(index))
    }
}

impl Service for Script {
    fn react(&mut self, sent: &Sent) -> Reaction {
        match self.next(sent.hop) {
            Some(reaction) => reaction,
            None => panic!("the script expects no further request while {}", sent.hop),
        }
    }

    fn load(&self, source: &Source) -> Result<Bytes, LoadError> {
        match source {
            Source::Environment(name) => self
                .environment
                .get(*name)
                .map(|value| Bytes::from(value.clone()))
                .ok_or(LoadError::NotFound),
            Source::File(path) => self.files.get(path).cloned().ok_or(LoadError::NotFound),
            Source::Command { arguments, .. } => {
                self.commands.get(&arguments.join(" ")).cloned().unwrap_or(Err(LoadError::NotFound))
            }
        }
    }

    fn load_time(&self) -> Duration {
        self.load_time
    }
}

/// Creates an answer.
pub fn answer(status: u16, body: &str) -> Answer {
    let mut answer = Answer::new(Bytes::from(body.to_owned()));
    *answer.status_mut() = status.try_into().expect("is a status");
    answer
}

/// Returns which part of a call a request is, from the request alone.
pub fn hop_of<T>(request: &http::Request<T>) -> Hop {
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let query = request.uri().query().unwrap_or_default();
    match header("x-acs-action") {
        Some("AuthorizeFileUpload") => Hop::Authorize,
        Some("AssumeRole") => Hop::Credentials,
        Some(_) => Hop::Invoke,
        None if header("content-type").is_some_and(|it| it.starts_with("multipart/")) => {
            Hop::Upload
        }
        None if query.contains("Action=AssumeRole") => Hop::Credentials,
        None if query.contains("Action=") => Hop::Invoke,
        None => Hop::Credentials,
    }
}
