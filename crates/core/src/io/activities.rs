use super::Id;
use crate::error::Hop;

/// What a part of a call is waiting for, for the error of a timeout.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Waiting {
    #[default]
    Nothing,
    Credentials,
    Pacing,
    Backoff,
    Answer(Id),
}

/// All parts of a call in progress, in the order in which they started.
#[derive(Default)]
pub(super) struct Activities {
    pub(super) list: Vec<Entry>,
    last_key: u64,
    pub(super) note: Option<String>,
}

pub(super) struct Entry {
    key: u64,
    pub(super) stage: Hop,
    pub(super) attempts: u32,
    /// The host of the last request.
    pub(super) host: String,
    pub(super) waiting: Waiting,
}

impl Activities {
    /// Begins a part and returns its key.
    pub(super) fn begin(&mut self, stage: Hop) -> u64 {
        self.last_key += 1;
        let key = self.last_key;
        let (host, waiting) = (String::new(), Waiting::Nothing);
        self.list.push(Entry { key, stage, attempts: 0, host, waiting });
        key
    }

    pub(super) fn end(&mut self, key: u64) {
        self.list.retain(|entry| entry.key != key);
    }

    pub(super) fn entry(&mut self, key: u64) -> Option<&mut Entry> {
        self.list.iter_mut().find(|entry| entry.key == key)
    }
}
