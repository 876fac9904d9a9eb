//! Corrects the time in signatures if this machine's clock is wrong.
//!
//! An offset applies only to the next attempt of the call that measured it. Once the service
//! accepts that, all calls of the client use it. So a single wrong `Date` affects one call only.

use std::sync::atomic::{AtomicI64, Ordering};

use http::{HeaderMap, header};

use crate::{io::Now, retry, values::Timestamp};

/// The offset of the service's clock, shared by all calls of a client.
#[derive(Debug)]
pub(crate) struct ServiceClock {
    /// How many milliseconds it is ahead.
    offset: AtomicI64,
    is_corrected: bool,
}

impl ServiceClock {
    /// Creates a clock without offset; `is_corrected` allows corrections.
    pub(crate) fn new(is_corrected: bool) -> Self {
        Self { offset: AtomicI64::new(0), is_corrected }
    }

    /// Returns whether a refused time may be corrected.
    pub(crate) fn is_corrected(&self) -> bool {
        self.is_corrected
    }

    pub(crate) fn offset(&self) -> i64 {
        self.offset.load(Ordering::Relaxed)
    }

    pub(super) fn correct(&self, milliseconds: i64) {
        self.offset.store(milliseconds, Ordering::Relaxed);
    }

    /// Returns the time with a corrected system time.
    pub(crate) fn read(&self, now: Now) -> Now {
        Now { system: corrected(now.system, self.offset()), ..now }
    }
}

/// The smallest offset worth a correction, in milliseconds: the service allows 15 minutes.
pub(crate) const SMALLEST: u64 = 30_000;

/// 2026-01-01: older than any response to this version.
const EARLIEST: Timestamp = Timestamp::from_millisecond(1_767_225_600_000);

/// 2100-01-01.
const LATEST: Timestamp = Timestamp::from_millisecond(4_102_444_800_000);

/// Measures the offset in milliseconds, by the `Date` of a response that did not come from a cache.
///
/// Compares the service's clock with the midpoint between sending and receiving.
pub(crate) fn measure(headers: &HeaderMap, sent: Timestamp, received: Timestamp) -> Option<i64> {
    if headers.contains_key(header::AGE) {
        return None;
    }
    let date = retry::date(headers).filter(|date| (EARLIEST..LATEST).contains(date))?;
    let under_way = received.saturating_since(sent);
    let middle = sent.saturating_add(under_way / 2).as_millisecond();
    // The header has whole seconds, so half a second is lost on average.
    date.as_millisecond().checked_add(500)?.checked_sub(middle)
}

/// Adds an offset to a time.
pub(crate) fn corrected(time: Timestamp, offset: i64) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond().saturating_add(offset))
}

/// Describes the offset of this machine's clock.
pub(super) fn describe(offset: i64) -> String {
    let seconds = offset.unsigned_abs() / 1000;
    let amount = match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    };
    let side = if offset > 0 { "behind" } else { "ahead of" };
    format!("this machine's clock is {amount} {side} the service's")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn believes_only_dates_that_can_be() {
        let sent: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
        let received = sent.saturating_add(std::time::Duration::from_secs(3));
        for (date, age, offset) in [
            (Some("Fri, 02 Jan 2026 03:04:06 GMT"), None, Some(0)),
            (Some("Fri, 02 Jan 2026 04:04:06 GMT"), None, Some(3_600_000)),
            (Some("Fri, 02 Jan 2026 02:04:06 GMT"), None, Some(-3_600_000)),
            (Some("Fri, 02 Jan 2026 04:04:06 GMT"), Some("0"), None),
            (Some("Thu, 01 Jan 1970 00:00:00 GMT"), None, None),
            (Some("Sun, 06 Nov 1994 08:49:37 GMT"), None, None),
            (Some("Sat, 01 Jan 2101 00:00:00 GMT"), None, None),
            (Some("yesterday"), None, None),
            (None, None, None),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("date", date), ("age", age)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(measure(&headers, sent, received), offset, "{date:?} {age:?}");
        }
    }

    #[test]
    fn says_how_far_off_a_clock_is() {
        for (offset, words) in [
            (61_500, "61 s behind"),
            (-900_000, "15 min ahead of"),
            (7_200_000, "2 h behind"),
            (i64::MIN, "106751991167 days ahead of"),
        ] {
            assert!(describe(offset).contains(words), "{offset}: {}", describe(offset));
        }
    }
}
