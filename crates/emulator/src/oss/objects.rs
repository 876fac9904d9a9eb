//! Uploaded objects in memory.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use imagesearch_core::Timestamp;

/// How long an object stays.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// How many bytes all objects may take; beyond it the oldest go.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Keeps objects for an hour, within a limit on memory.
#[derive(Default)]
pub(super) struct Objects {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    objects: BTreeMap<String, Object>,
    /// Keys in the order of their uploads; a key uploaded twice is in it twice.
    order: VecDeque<(String, Timestamp)>,
    bytes: usize,
}

struct Object {
    content: Bytes,
    uploaded: Timestamp,
}

impl Objects {
    /// Stores an object, replacing one of the same key.
    pub(super) fn put(&self, key: &str, content: Bytes, now: Timestamp) {
        let mut held = self.lock();
        held.remove(key);
        held.bytes += content.len();
        held.order.push_back((key.to_owned(), now));
        let uploaded = now;
        held.objects.insert(key.to_owned(), Object { content, uploaded });
        held.forget(now);
    }

    /// Returns an object that has not expired.
    pub(super) fn get(&self, key: &str, now: Timestamp) -> Option<Bytes> {
        let mut held = self.lock();
        held.forget(now);
        held.objects.get(key).map(|object| object.content.clone())
    }

    /// Removes all objects; returns how many.
    pub(super) fn clear(&self) -> usize {
        std::mem::take(&mut *self.lock()).objects.len()
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn remove(&mut self, key: &str) {
        if let Some(object) = self.objects.remove(key) {
            self.bytes = self.bytes.saturating_sub(object.content.len());
        }
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some((key, uploaded)) = self.order.front() {
            if now.saturating_since(*uploaded) <= LIFETIME && self.bytes <= MOST_BYTES {
                break;
            }
            let (key, uploaded) = (key.clone(), *uploaded);
            self.order.pop_front();
            // Uploaded again since: its later entry in the order decides.
            if self.objects.get(&key).is_some_and(|it| it.uploaded == uploaded) {
                self.remove(&key);
            }
        }
    }
}

impl fmt::Debug for Objects {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.lock();
        write!(formatter, "{} objects, {} bytes", held.objects.len(), held.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_replaced_and_expire() {
        let objects = Objects::default();
        let at = |minute: i64| Timestamp::from_millisecond(minute * 60_000);
        objects.put("a", Bytes::from_static(b"old"), at(0));
        objects.put("a", Bytes::from_static(b"new one"), at(30));
        objects.put("b", Bytes::from_static(b"b"), at(30));
        assert_eq!(objects.get("a", at(61)).as_deref(), Some(&b"new one"[..]));
        assert_eq!(objects.lock().bytes, 8);
        assert_eq!(objects.get("a", at(91)), None);
        assert_eq!(objects.get("c", at(91)), None);
        assert_eq!(objects.lock().bytes, 0);
    }

    #[test]
    fn the_oldest_go_when_memory_is_full() {
        let objects = Objects::default();
        let now = Timestamp::from_millisecond(0);
        let large = Bytes::from(vec![0; MOST_BYTES / 4]);
        for key in ["1", "2", "3", "4", "5"] {
            objects.put(key, large.clone(), now);
        }
        assert_eq!(objects.get("1", now), None);
        assert!(objects.get("2", now).is_some() && objects.get("5", now).is_some());
    }
}
