use std::collections::BTreeMap;
use std::fmt;
use std::io::Cursor;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::StatusCode;

use super::{Listed, Object, no_such_bucket, no_such_key, refusal};
use crate::answer::Refusal;

/// How many bytes all objects may take together.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// Keeps the objects of buckets without a folder until the emulator ends.
#[derive(Default)]
pub(super) struct Memory {
    buckets: Mutex<BTreeMap<String, BTreeMap<String, Bytes>>>,
}

impl Memory {
    pub(super) fn read(&self, bucket: &str, key: &str) -> Result<Object, Refusal> {
        let buckets = self.lock();
        let objects = buckets.get(bucket).ok_or_else(no_such_bucket)?;
        let content = objects.get(key).ok_or_else(no_such_key)?.clone();
        Ok(Box::new(Cursor::new(content)))
    }

    pub(super) fn put(&self, bucket: &str, key: &str, content: Bytes) -> Result<(), Refusal> {
        let mut buckets = self.lock();
        let held: usize = buckets.values().flat_map(BTreeMap::values).map(Bytes::len).sum();
        let replaced = buckets.get(bucket).and_then(|it| it.get(key)).map_or(0, Bytes::len);
        if held - replaced + content.len() > MOST_BYTES {
            return Err(refusal(
                StatusCode::INSUFFICIENT_STORAGE,
                "QuotaExceeded",
                "Buckets in memory hold 256 MiB at most.",
            )
            .because("give the bucket a folder"));
        }
        buckets.entry(bucket.to_owned()).or_default().insert(key.to_owned(), content);
        Ok(())
    }

    pub(super) fn list(&self, bucket: &str, prefix: &str) -> Result<Vec<Listed>, Refusal> {
        let buckets = self.lock();
        let objects = buckets.get(bucket).ok_or_else(no_such_bucket)?;
        let listed = objects.iter().filter(|(key, _)| key.starts_with(prefix));
        let listed =
            listed.map(|(key, content)| Listed { key: key.clone(), size: content.len() as u64 });
        Ok(listed.collect())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, BTreeMap<String, Bytes>>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} buckets in memory", self.lock().len())
    }
}
