//! Remembers nonces for as long as a request with them could still be repeated.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use imagesearch_core::Timestamp;
use sha2::{Digest, Sha256};

use super::timestamp::WINDOW;

/// How many nonces are remembered; some 30 MiB. Beyond it those that expire first are forgotten.
const MOST: usize = 200_000;

/// Holds the nonces of the last 15 minutes, and of the next 15 as clocks differ.
#[derive(Debug, Default)]
pub(super) struct Nonces {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    expiries: BTreeMap<Fingerprint, Timestamp>,
    by_expiry: BTreeSet<(Timestamp, Fingerprint)>,
}

/// A hash of key id and nonce, so that long nonces take no more memory than short ones.
type Fingerprint = [u8; 32];

impl Nonces {
    /// Uses a nonce; `false` if the key has used it before.
    pub(super) fn spend(
        &self,
        access_key_id: &str,
        nonce: &str,
        time: Timestamp,
        now: Timestamp,
    ) -> bool {
        // A request is refused for its age from then on, so its nonce need not be known.
        let expiry = time.saturating_add(WINDOW);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.forget(now);
        seen.insert(fingerprint(access_key_id, nonce), expiry)
    }
}

impl Seen {
    fn insert(&mut self, fingerprint: Fingerprint, expiry: Timestamp) -> bool {
        if self.expiries.contains_key(&fingerprint) {
            return false;
        }
        self.expiries.insert(fingerprint, expiry);
        self.by_expiry.insert((expiry, fingerprint));
        true
    }

    /// Drops what has expired, and the next to expire if there are too many.
    fn forget(&mut self, now: Timestamp) {
        while let Some((expiry, fingerprint)) = self.by_expiry.first().copied() {
            if expiry >= now && self.by_expiry.len() < MOST {
                break;
            }
            self.by_expiry.pop_first();
            self.expiries.remove(&fingerprint);
        }
    }
}

fn fingerprint(access_key_id: &str, nonce: &str) -> Fingerprint {
    let mut hash = Sha256::new();
    // The length keeps `a` + `bc` and `ab` + `c` apart.
    hash.update(access_key_id.len().to_le_bytes());
    hash.update(access_key_id);
    hash.update(nonce);
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    #[test]
    fn a_nonce_is_good_once_for_each_key() {
        let nonces = Nonces::default();
        let now = Timestamp::from_millisecond(0);
        for (key, nonce, good) in [
            ("a", "1", true),
            ("a", "1", false),
            ("b", "1", true),
            ("a", "2", true),
            ("a2", "", true),
        ] {
            assert_eq!(nonces.spend(key, nonce, now, now), good, "{key} {nonce}");
        }
    }

    #[test]
    fn nonces_are_forgotten_when_their_request_has_expired() {
        let nonces = Nonces::default();
        let at = |minute: i64| Timestamp::from_millisecond(minute * MINUTE);
        assert!(nonces.spend("a", "early", at(0), at(0)));
        assert!(nonces.spend("a", "late", at(14), at(0)));
        assert!(!nonces.spend("a", "early", at(15), at(15)));
        assert!(nonces.spend("a", "other", at(16), at(16)));
        let seen = nonces.seen.lock().unwrap();
        assert_eq!(seen.expiries.len(), 2);
        assert_eq!(seen.by_expiry.len(), 2);
    }

    #[test]
    fn memory_is_bounded() {
        let mut seen = Seen::default();
        let now = Timestamp::from_millisecond(0);
        for count in 0..MOST as i64 + 10 {
            seen.forget(now);
            let fingerprint = fingerprint("a", &count.to_string());
            assert!(seen.insert(fingerprint, Timestamp::from_millisecond(count)));
        }
        assert_eq!(seen.expiries.len(), MOST);
    }
}
