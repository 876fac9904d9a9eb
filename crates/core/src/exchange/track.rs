use std::{sync::Arc, time::Duration};

use super::{FailurePhase, Id};
use crate::{
    credentials::Credentials,
    error::{Error, Hop},
    image::Image,
    sign::Stages,
    upload::UploadAuthorization,
    values::Timestamp,
};

/// One chain of requests inside a call: the way of one picture, or the operation itself.
///
/// Tracks of pictures run side by side; the operation's starts when all of them have ended.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) stage: Stage,
    pub(super) state: State,
    /// How often the current stage was sent.
    pub(super) attempts: u32,
    /// What the last attempt was signed with: an answer may echo it.
    pub(super) signed_with: Option<Arc<Credentials>>,
    /// Where in its range the delay before the next attempt lies.
    pub(super) jitter: u64,
    /// How often a refused upload was authorized anew.
    pub(super) renewals: u32,
    /// When the last attempt was sent, by this machine's clock.
    pub(super) sent_at: Timestamp,
    /// What the clock was corrected by in the last attempt, in milliseconds.
    pub(super) signed_offset: i64,
    /// A correction of the clock that the service has still to take.
    pub(super) trial_offset: Option<i64>,
    /// Whether the clock was corrected; once is enough.
    pub(super) clock_corrected: bool,
    /// Whether a nonce was replaced; once is enough.
    pub(super) nonce_replaced: bool,
    /// Whether newer credentials were asked for; once is enough.
    pub(super) credentials_renewed: bool,
    /// The refusal of expired credentials, until it is known whether there are newer ones.
    pub(super) refusal: Option<Error>,
    /// What was signed, for comparison with what the service signed.
    pub(super) stages: Option<Stages>,
}

/// What a track is about to send.
#[derive(Debug)]
pub(super) enum Stage {
    /// Ask where the picture may go.
    Authorize(Picture),
    /// Put it there.
    Upload(Picture, UploadAuthorization),
    /// Call the operation.
    Invoke,
}

/// A picture on its way, and the parameter that it is for.
#[derive(Debug, Clone)]
pub(super) struct Picture {
    pub(super) parameter: &'static str,
    pub(super) image: Image,
}

#[derive(Debug)]
pub(super) enum State {
    /// To be sent now.
    Ready,
    /// To be sent later.
    Backoff { until: Duration },
    /// Sent.
    InFlight { id: Id, by: Duration, reached: FailurePhase },
    /// Over.
    Finished,
}

impl Track {
    pub(super) fn picture(parameter: &'static str, image: Image) -> Self {
        Self::new(Stage::Authorize(Picture { parameter, image }))
    }

    pub(super) fn invoke() -> Self {
        Self::new(Stage::Invoke)
    }

    pub(super) fn hop(&self) -> Hop {
        match self.stage {
            Stage::Authorize(_) => Hop::Authorize,
            Stage::Upload(..) => Hop::Upload,
            Stage::Invoke => Hop::Invoke,
        }
    }

    /// Goes on to another stage, from its first attempt.
    pub(super) fn enter(&mut self, stage: Stage) {
        self.stage = stage;
        self.state = State::Ready;
        self.attempts = 0;
    }

    pub(super) fn is_finished(&self) -> bool {
        matches!(self.state, State::Finished)
    }

    pub(super) fn in_flight(&self) -> Option<Id> {
        match self.state {
            State::InFlight { id, .. } => Some(id),
            State::Ready | State::Backoff { .. } | State::Finished => None,
        }
    }

    /// Returns how far the request in flight has come.
    pub(super) fn reached(&self) -> Option<FailurePhase> {
        match self.state {
            State::InFlight { reached, .. } => Some(reached),
            State::Ready | State::Backoff { .. } | State::Finished => None,
        }
    }

    /// Returns when the track has to be looked at again, if time alone can change it.
    pub(super) fn due(&self) -> Option<Duration> {
        match self.state {
            State::Backoff { until } => Some(until),
            State::InFlight { by, .. } => Some(by),
            State::Ready | State::Finished => None,
        }
    }

    fn new(stage: Stage) -> Self {
        Self {
            stage,
            state: State::Ready,
            attempts: 0,
            signed_with: None,
            jitter: u64::MAX,
            renewals: 0,
            sent_at: Timestamp::default(),
            signed_offset: 0,
            trial_offset: None,
            clock_corrected: false,
            nonce_replaced: false,
            credentials_renewed: false,
            refusal: None,
            stages: None,
        }
    }
}
