use super::{
    FailurePhase, Io,
    activities::{Entry, Waiting},
};
use crate::error::{Hop, TimeoutPhase};

/// One part of a call, such as an upload. It ends when this is dropped.
pub(crate) struct Activity {
    io: Io,
    key: u64,
}

/// The state of a call when its time runs out.
pub(crate) struct Standing {
    pub(crate) phase: TimeoutPhase,
    /// The stage that was waiting, and its number of attempts.
    pub(crate) attempts: Option<(Hop, u32)>,
    /// The host of the request in flight.
    pub(crate) host: Option<String>,
    /// Whether the operation may have left the machine.
    pub(crate) invoked: bool,
    /// Another failure worth reporting.
    pub(crate) note: Option<String>,
}

impl Activity {
    pub(crate) fn set(&self, waiting: Waiting) {
        if let Some(entry) = self.io.mailbox().activities.entry(self.key) {
            entry.waiting = waiting;
        }
    }

    /// Records the number of an attempt and its host.
    pub(crate) fn sending(&self, attempts: u32, host: &str) {
        if let Some(entry) = self.io.mailbox().activities.entry(self.key) {
            entry.attempts = attempts;
            host.clone_into(&mut entry.host);
        }
    }
}

impl Drop for Activity {
    fn drop(&mut self) {
        self.io.mailbox().activities.end(self.key);
    }
}

impl Io {
    /// Starts a part of the call.
    pub(crate) fn activity(&self, stage: Hop) -> Activity {
        let key = self.mailbox().activities.begin(stage);
        Activity { io: self.clone(), key }
    }

    /// Records a failure, for the error of a timeout.
    pub(crate) fn note(&self, note: String) {
        self.mailbox().activities.note = Some(note);
    }

    /// Returns what the call is waiting for.
    ///
    /// A request in flight takes precedence, then credentials, the turn, and a pause between
    /// attempts.
    pub(crate) fn standing(&self) -> Standing {
        let mut mailbox = self.mailbox();
        let note = mailbox.activities.note.take();
        let parts =
            || mailbox.activities.list.iter().filter(|entry| entry.stage != Hop::Credentials);
        let in_flight = |entry: &Entry| match entry.waiting {
            Waiting::Answer(id) => mailbox.phase(id),
            _ => None,
        };
        let invoked = parts().any(|entry| {
            entry.stage == Hop::Invoke && in_flight(entry).is_some_and(FailurePhase::left)
        });
        let waiting = |waiting| parts().find(|entry| entry.waiting == waiting);
        let attempts = |entry: &Entry| Some((entry.stage, entry.attempts));
        let sent = parts().find_map(|entry| Some((entry, in_flight(entry)?)));
        let host = sent.map(|(entry, _)| entry.host.clone());
        let (phase, attempts) = if let Some((entry, phase)) = sent {
            (phase.timeout(), attempts(entry))
        } else if waiting(Waiting::Credentials).is_some() {
            (TimeoutPhase::Credentials, None)
        } else if let Some(entry) = waiting(Waiting::Pacing) {
            (TimeoutPhase::Pacing, attempts(entry))
        } else {
            (TimeoutPhase::Backoff, waiting(Waiting::Backoff).and_then(attempts))
        };
        Standing { phase, attempts, host, invoked, note }
    }
}
