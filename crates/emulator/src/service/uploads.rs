//! Uploaded pictures in memory, which wait to be used.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use imagesearch_core::values::Timestamp;

/// How long an object stays.
const LIFETIME: Duration = Duration::from_secs(60 * 60);

/// How many bytes all objects may take; beyond it the oldest go.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// What an object takes besides its content and its key, rounded up.
const OVERHEAD: usize = 256;

/// Keeps objects for an hour, within a limit on memory.
#[derive(Default)]
pub(crate) struct Uploads {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    objects: BTreeMap<String, Object>,
    /// Keys by the numbers of their uploads.
    order: BTreeMap<u64, String>,
    last_number: u64,
    bytes: usize,
}

struct Object {
    content: Bytes,
    number: u64,
    uploaded: Timestamp,
}

impl Uploads {
    /// Stores an object, replacing one of the same key.
    pub(crate) fn put(&self, key: &str, content: Bytes, now: Timestamp) {
        let mut held = self.lock();
        held.remove(key);
        held.bytes += weight(key, &content);
        held.last_number += 1;
        let number = held.last_number;
        held.order.insert(number, key.to_owned());
        held.objects.insert(key.to_owned(), Object { content, number, uploaded: now });
        held.forget(now);
    }

    /// Returns an object that has not expired.
    pub(crate) fn get(&self, key: &str, now: Timestamp) -> Option<Bytes> {
        let mut held = self.lock();
        held.forget(now);
        held.objects.get(key).map(|object| object.content.clone())
    }

    /// Removes all objects; returns how many.
    pub(crate) fn clear(&self) -> usize {
        std::mem::take(&mut *self.lock()).objects.len()
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn remove(&mut self, key: &str) {
        if let Some(object) = self.objects.remove(key) {
            self.order.remove(&object.number);
            self.bytes = self.bytes.saturating_sub(weight(key, &object.content));
        }
    }

    fn forget(&mut self, now: Timestamp) {
        let expired = |object: &Object| now.saturating_since(object.uploaded) > LIFETIME;
        while let Some(oldest) = self.order.first_entry() {
            if self.bytes <= MAX_BYTES && !self.objects.get(oldest.get()).is_some_and(expired) {
                break;
            }
            let key = oldest.remove();
            self.remove(&key);
        }
    }
}

/// Estimates the bytes of memory that an object takes; its key is in two maps.
fn weight(key: &str, content: &Bytes) -> usize {
    OVERHEAD + 2 * key.len() + content.len()
}

impl fmt::Debug for Uploads {
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
        let objects = Uploads::default();
        let at = |minute: i64| Timestamp::from_millisecond(minute * 60_000);
        objects.put("a", Bytes::from_static(b"old"), at(0));
        objects.put("a", Bytes::from_static(b"new one"), at(30));
        objects.put("b", Bytes::from_static(b"b"), at(30));
        assert_eq!(objects.get("a", at(61)).as_deref(), Some(&b"new one"[..]));
        assert_eq!(objects.lock().objects.len(), 2);
        assert_eq!(objects.get("a", at(91)), None);
        assert_eq!(objects.get("c", at(91)), None);
        assert_eq!(objects.lock().bytes, 0);
    }

    #[test]
    fn keys_take_memory_as_well() {
        let objects = Uploads::default();
        let now = Timestamp::from_millisecond(0);
        let key = "k".repeat(1_000);
        objects.put(&key, Bytes::new(), now);
        let once = objects.lock().bytes;
        assert!(once > 2 * key.len(), "{once}");
        for _ in 0..9 {
            objects.put(&key, Bytes::new(), now);
        }
        let held = objects.lock();
        assert_eq!((held.bytes, held.order.len()), (once, 1));
    }

    #[test]
    fn the_oldest_go_when_memory_is_full() {
        let objects = Uploads::default();
        let now = Timestamp::from_millisecond(0);
        let large = Bytes::from(vec![0; MAX_BYTES / 4 - 1_000]);
        for key in ["1", "2", "3", "4", "5"] {
            objects.put(key, large.clone(), now);
        }
        assert_eq!(objects.get("1", now), None);
        assert!(objects.get("2", now).is_some() && objects.get("5", now).is_some());
    }
}
