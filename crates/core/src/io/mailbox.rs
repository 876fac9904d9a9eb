use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;

use super::{
    Answer, Effect, Failure, FailurePhase, Id, LoadError, Now, Source, Transmit,
    activities::Activities,
};
use crate::body::Body;

/// The mailbox between an async block and its executor.
#[derive(Default)]
pub(super) struct Mailbox {
    pub(super) now: Now,
    /// The deadline of the block, on the clock of [`Now::monotonic`].
    pub(super) deadline: Duration,
    pub(super) activities: Activities,
    slots: Vec<Slot>,
    /// Effects that were aborted after they had been handed out.
    cancelled: Vec<Id>,
    /// The earliest time that the block waits for, as of the last poll.
    timer: Option<Duration>,
    /// The number of random values that the block waits for, as of the last poll.
    randoms_wanted: usize,
    randoms: VecDeque<Option<[u8; 16]>>,
    last_id: u64,
}

/// A request whose deadlines are set when it is handed out.
pub(crate) struct Outgoing {
    pub(crate) request: http::Request<Body>,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) max_body_bytes: u64,
    pub(crate) bypass_proxy: bool,
    pub(crate) fresh_connection: bool,
}

/// An effect that the block waits for.
struct Slot {
    id: Id,
    state: State,
}

enum State {
    Queued(Request),
    Outstanding { sent: Now, deadline: Option<Duration>, phase: FailurePhase },
    Arrived(Box<Arrival>),
}

pub(super) enum Request {
    Transmit(Box<Outgoing>),
    Load(Source),
}

/// The result of an effect.
pub(super) enum Reply {
    Answered(Result<Answer, Failure>),
    Loaded(Result<Bytes, LoadError>),
}

/// A reply with the times of sending and receiving.
pub(super) struct Arrival {
    pub(super) sent: Now,
    pub(super) received: Now,
    pub(super) reply: Reply,
}

impl Mailbox {
    pub(super) fn new(deadline: Duration) -> Self {
        Self { deadline, ..Self::default() }
    }

    /// Queues an effect.
    pub(super) fn request(&mut self, request: Request) -> Id {
        self.last_id += 1;
        let id = Id(self.last_id);
        self.slots.push(Slot { id, state: State::Queued(request) });
        id
    }

    /// Returns the next abort, if there is one.
    pub(super) fn next_cancel(&mut self) -> Option<Id> {
        self.cancelled.pop()
    }

    /// Returns the next queued effect and starts its timeouts.
    pub(super) fn next_effect<T>(&mut self, now: Now) -> Option<Effect<T>> {
        let slot = self.slots.iter_mut().find(|slot| matches!(slot.state, State::Queued(_)))?;
        let id = slot.id;
        let outstanding =
            State::Outstanding { sent: now, deadline: None, phase: FailurePhase::Response };
        let State::Queued(request) = std::mem::replace(&mut slot.state, outstanding) else {
            return None;
        };
        Some(match request {
            Request::Load(source) => Effect::Load { id, source },
            Request::Transmit(outgoing) => {
                let after = |delay| now.monotonic.saturating_add(delay).min(self.deadline);
                let ends = after(outgoing.timeout);
                if let State::Outstanding { deadline, .. } = &mut slot.state {
                    *deadline = Some(ends);
                }
                Effect::Transmit(Transmit {
                    id,
                    request: outgoing.request,
                    connect_deadline: after(outgoing.connect_timeout).min(ends),
                    deadline: ends,
                    max_body_bytes: outgoing.max_body_bytes,
                    bypass_proxy: outgoing.bypass_proxy,
                    fresh_connection: outgoing.fresh_connection,
                })
            }
        })
    }

    pub(super) fn has_queued(&self) -> bool {
        self.slots.iter().any(|slot| matches!(slot.state, State::Queued(_)))
    }

    /// Stores a reply; drops it if nothing waits for it.
    pub(super) fn handle(&mut self, id: Id, received: Option<Now>, reply: Reply) {
        // A finished request needs no abort.
        self.cancelled.retain(|cancelled| *cancelled != id);
        let received = received.unwrap_or(self.now);
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.id == id)
            && let State::Outstanding { sent, .. } = slot.state
        {
            slot.state = State::Arrived(Box::new(Arrival { sent, received, reply }));
        }
    }

    /// Records the progress of a request.
    pub(super) fn handle_progress(&mut self, id: Id, reached: FailurePhase) {
        if let Some(slot) = self.slots.iter_mut().find(|slot| slot.id == id)
            && let State::Outstanding { phase, .. } = &mut slot.state
        {
            *phase = reached;
        }
    }

    /// Returns the progress of a request in flight.
    pub(super) fn phase(&self, id: Id) -> Option<FailurePhase> {
        match self.slots.iter().find(|slot| slot.id == id)?.state {
            State::Outstanding { phase, .. } => Some(phase),
            State::Queued(_) | State::Arrived(_) => None,
        }
    }

    /// Takes the reply to an effect, or a timeout after its deadline.
    ///
    /// At the deadline of the block, effects do not time out: the block itself ends.
    pub(super) fn take(&mut self, id: Id) -> Option<Arrival> {
        let index = self.slots.iter().position(|slot| slot.id == id)?;
        match self.slots.get(index)?.state {
            State::Arrived(_) => match self.slots.remove(index).state {
                State::Arrived(arrival) => Some(*arrival),
                State::Queued(_) | State::Outstanding { .. } => None,
            },
            State::Outstanding { sent, deadline: Some(deadline), phase } => {
                if self.now.monotonic < deadline || self.is_late() {
                    self.wake_at(deadline);
                    return None;
                }
                self.forget(id);
                let late = Failure::timeout(phase, "no complete response in time");
                Some(Arrival { sent, received: self.now, reply: Reply::Answered(Err(late)) })
            }
            State::Queued(_) | State::Outstanding { .. } => None,
        }
    }

    /// Aborts an effect.
    pub(super) fn forget(&mut self, id: Id) {
        let Some(index) = self.slots.iter().position(|slot| slot.id == id) else { return };
        if let State::Outstanding { .. } = self.slots.remove(index).state {
            self.cancelled.push(id);
        }
    }

    /// Schedules a poll; the next poll clears it.
    pub(super) fn wake_at(&mut self, time: Duration) {
        self.timer = Some(self.timer.map_or(time, |earlier| earlier.min(time)));
    }

    /// Prepares for a poll of the block.
    pub(super) fn begin_poll(&mut self, now: Now) {
        self.now = now;
        self.timer = None;
        self.randoms_wanted = 0;
    }

    /// Returns when to poll the block again, at the deadline at the latest.
    pub(super) fn due(&self) -> Duration {
        self.timer.map_or(self.deadline, |timer| timer.min(self.deadline))
    }

    pub(super) fn is_late(&self) -> bool {
        self.now.monotonic >= self.deadline
    }

    /// Takes a random value, or requests one.
    pub(super) fn take_random(&mut self) -> Option<Option<[u8; 16]>> {
        let drawn = self.randoms.pop_front();
        self.randoms_wanted += usize::from(drawn.is_none());
        drawn
    }

    /// Draws the requested random values. Returns whether there were any.
    pub(super) fn draw(&mut self, mut draw: impl FnMut() -> Option<[u8; 16]>) -> bool {
        let wanted = std::mem::take(&mut self.randoms_wanted);
        self.randoms.extend((0..wanted).map(|_| draw()));
        wanted > 0
    }
}
