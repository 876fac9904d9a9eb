//! Whether a request is a new one: its time, and its nonce.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use imagesearch_core::values::Timestamp;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};
use sha2::{Digest, Sha256};

use crate::service::refusal::Refusal;

/// How far a request's time may lie from ours, before or after.
pub(super) const WINDOW: Duration = Duration::from_secs(15 * 60);

/// How a signature writes the time.
#[derive(Clone, Copy, Debug)]
pub(super) enum Format {
    /// `2026-01-02T03:04:05Z`.
    Iso8601,
    /// `Fri, 02 Jan 2026 03:04:05 GMT`, as the `Date` header has it.
    HttpDate,
}

/// Reads the time of a request and checks that it is of now.
pub(super) fn check(
    given: Option<&str>,
    format: Format,
    now: Timestamp,
) -> Result<Timestamp, Refusal> {
    let Some(given) = given.filter(|text| !text.is_empty()) else {
        return Err(Refusal::of("IllegalTimestamp"));
    };
    let time = match format {
        Format::Iso8601 => iso8601(given),
        Format::HttpDate => http_date(given),
    };
    let time = time.ok_or_else(|| Refusal::of("InvalidTimeStamp.Format"))?;
    if now.saturating_since(time) > WINDOW || time.saturating_since(now) > WINDOW {
        let reason = format!("the request is of {time}, and here it is {now}");
        return Err(Refusal::of("InvalidTimeStamp.Expired").because(reason));
    }
    Ok(time)
}

/// Reads `yyyy-MM-ddTHH:mm:ssZ` and nothing else, although RFC 3339 has more forms.
fn iso8601(text: &str) -> Option<Timestamp> {
    let shape = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        10 => byte == b'T',
        13 | 16 => byte == b':',
        19 => byte == b'Z',
        _ => byte.is_ascii_digit(),
    };
    let fits = text.len() == 20 && text.bytes().enumerate().all(shape);
    fits.then(|| text.parse().ok()).flatten()
}

/// Reads a date in the one form that RFC 9110 lets a sender use.
///
/// The parser takes more, such as other zones; what it read must print as what it was given.
pub(super) fn http_date(text: &str) -> Option<Timestamp> {
    let time = DateTimeParser::new().parse_timestamp(text).ok()?;
    let printed = DateTimePrinter::new().timestamp_to_rfc9110_string(&time).ok()?;
    (printed == text).then(|| Timestamp::from_millisecond(time.as_millisecond()))
}

/// How many nonces are remembered; some 30 MiB. Beyond it those that expire first are forgotten.
const MAX_NONCES: usize = 200_000;

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
            if expiry >= now && self.by_expiry.len() < MAX_NONCES {
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

    #[test]
    fn takes_one_form_within_fifteen_minutes() {
        let now: Timestamp = "2026-01-02T03:00:00Z".parse().unwrap();
        for (given, code) in [
            (Some("2026-01-02T03:00:00Z"), None),
            (Some("2026-01-02T03:15:00Z"), None),
            (Some("2026-01-02T02:45:00Z"), None),
            (Some("2026-01-02T03:15:01Z"), Some("InvalidTimeStamp.Expired")),
            (Some("2026-01-02T02:44:59Z"), Some("InvalidTimeStamp.Expired")),
            (Some("0000-01-01T00:00:00Z"), Some("InvalidTimeStamp.Expired")),
            (Some("2026-01-02T03:00:00+00:00"), Some("InvalidTimeStamp.Format")),
            (Some("2026-01-02T03:00:00.5Z"), Some("InvalidTimeStamp.Format")),
            (Some("2026-13-02T03:00:00Z"), Some("InvalidTimeStamp.Format")),
            (Some("yesterday"), Some("InvalidTimeStamp.Format")),
            (Some(""), Some("IllegalTimestamp")),
            (None, Some("IllegalTimestamp")),
        ] {
            let refused = check(given, Format::Iso8601, now).err().map(|it| it.code);
            assert_eq!(refused.as_deref(), code, "{given:?}");
        }
    }

    #[test]
    fn takes_one_form_of_dates() {
        let now: Timestamp = "2026-01-02T03:00:00Z".parse().unwrap();
        for (given, code) in [
            (Some("Fri, 02 Jan 2026 03:00:00 GMT"), None),
            (Some("Fri, 02 Jan 2026 03:15:00 GMT"), None),
            (Some("Fri, 02 Jan 2026 02:44:59 GMT"), Some("InvalidTimeStamp.Expired")),
            (Some("Fri, 02 Jan 2026 03:15:01 GMT"), Some("InvalidTimeStamp.Expired")),
            (Some("Thu, 02 Jan 2026 03:00:00 GMT"), Some("InvalidTimeStamp.Format")),
            (Some("Fri, 2 Jan 2026 03:00:00 GMT"), Some("InvalidTimeStamp.Format")),
            (Some("Fri, 02 Jan 2026 03:00:00 +0000"), Some("InvalidTimeStamp.Format")),
            (Some("Friday, 02-Jan-26 03:00:00 GMT"), Some("InvalidTimeStamp.Format")),
            (Some("2026-01-02T03:00:00Z"), Some("InvalidTimeStamp.Format")),
            (Some(""), Some("IllegalTimestamp")),
            (None, Some("IllegalTimestamp")),
        ] {
            let refused = check(given, Format::HttpDate, now).err().map(|it| it.code);
            assert_eq!(refused.as_deref(), code, "{given:?}");
        }
    }

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
        for count in 0..MAX_NONCES as i64 + 10 {
            seen.forget(now);
            let fingerprint = fingerprint("a", &count.to_string());
            assert!(seen.insert(fingerprint, Timestamp::from_millisecond(count)));
        }
        assert_eq!(seen.expiries.len(), MAX_NONCES);
    }
}
