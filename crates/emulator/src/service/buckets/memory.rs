use std::collections::BTreeMap;
use std::fmt;
use std::io::Cursor;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::{Listed, Object, no_such_bucket, no_such_key, refusal};
use crate::service::refusal::Refusal;

/// How many bytes all objects may take together.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// What an object takes besides its content and its names, rounded up.
const OVERHEAD: usize = 256;

/// Keeps the objects of buckets without a folder until the emulator ends.
#[derive(Default)]
pub(super) struct Memory {
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    buckets: BTreeMap<String, BTreeMap<String, Bytes>>,
    /// What all of them take, as [`weight`] has it.
    bytes: usize,
}

impl Memory {
    pub(super) fn read(&self, bucket: &str, key: &str) -> Result<Object, Refusal> {
        let held = self.lock();
        let objects = held.buckets.get(bucket).ok_or_else(no_such_bucket)?;
        let content = objects.get(key).ok_or_else(no_such_key)?.clone();
        let size = content.len() as u64;
        Ok(Object { content: Box::new(Cursor::new(content)), size })
    }

    pub(super) fn put(&self, bucket: &str, key: &str, content: Bytes) -> Result<(), Refusal> {
        let mut held = self.lock();
        let replaced = held.buckets.get(bucket).and_then(|it| it.get(key));
        let replaced = replaced.map_or(0, |it| weight(bucket, key, it));
        let bytes = held.bytes.saturating_sub(replaced) + weight(bucket, key, &content);
        if bytes > MAX_BYTES {
            return Err(refusal(507, "QuotaExceeded", "Buckets in memory hold 256 MiB at most.")
                .because("give the bucket a folder"));
        }
        held.bytes = bytes;
        held.buckets.entry(bucket.to_owned()).or_default().insert(key.to_owned(), content);
        Ok(())
    }

    pub(super) fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<Listed>, Refusal> {
        let held = self.lock();
        let objects = held.buckets.get(bucket).ok_or_else(no_such_bucket)?;
        let listed = objects.iter().filter(|(key, _)| key.starts_with(prefix));
        let listed =
            listed.map(|(key, content)| Listed { key: key.clone(), size: content.len() as u64 });
        Ok(listed.collect())
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Estimates the bytes of memory that an object takes. The bucket's name counts with each, so that a
/// bucket for each object is counted as well.
fn weight(bucket: &str, key: &str, content: &Bytes) -> usize {
    OVERHEAD + bucket.len() + key.len() + content.len()
}

impl fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} buckets in memory", self.lock().buckets.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_take_memory_as_well() {
        let memory = Memory::default();
        let (bucket, key) = ("b".repeat(100), "k".repeat(1_000));
        let held = || memory.lock().bytes;
        memory.put(&bucket, &key, Bytes::new()).unwrap();
        let once = held();
        assert!(once > 1_100, "{once}");
        memory.put(&bucket, &key, Bytes::from("abc")).unwrap();
        assert_eq!(held(), once + 3);
        memory.put(&bucket, &key, Bytes::new()).unwrap();
        assert_eq!(held(), once);
        let refused = memory.put("b", "k", Bytes::from(vec![0; MAX_BYTES - once])).unwrap_err();
        assert_eq!((refused.code.as_str(), held()), ("QuotaExceeded", once));
        assert_eq!(memory.list("b", "").unwrap_err().code, "NoSuchBucket");
    }
}
