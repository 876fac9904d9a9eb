use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

use serde::{Serialize, Serializer};

use super::InvalidValue;

/// A point in time, in milliseconds since the Unix epoch.
///
/// ```
/// use imagesearch_core::Timestamp;
///
/// let created = Timestamp::from_millisecond(1_620_382_716_000);
/// assert_eq!(created.to_string(), "2021-05-07T10:18:36Z");
/// assert_eq!("2021-05-07T10:18:36Z".parse(), Ok(created));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    millisecond: i64,
}

impl Timestamp {
    /// Takes milliseconds since the Unix epoch.
    pub const fn from_millisecond(millisecond: i64) -> Self {
        Self { millisecond }
    }

    /// Returns milliseconds since the Unix epoch.
    pub const fn as_millisecond(self) -> i64 {
        self.millisecond
    }

    /// Returns the time a duration later.
    pub fn saturating_add(self, duration: Duration) -> Self {
        let millisecond = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self { millisecond: self.millisecond.saturating_add(millisecond) }
    }

    /// Returns the time a duration earlier.
    pub(crate) fn saturating_sub(self, duration: Duration) -> Self {
        let millisecond = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self { millisecond: self.millisecond.saturating_sub(millisecond) }
    }

    /// Returns the time that passed since an earlier time, zero if that is later.
    pub fn saturating_since(self, earlier: Self) -> Duration {
        let millisecond = self.millisecond.saturating_sub(earlier.millisecond);
        Duration::from_millis(u64::try_from(millisecond).unwrap_or(0))
    }

    /// Reads the date of an HTTP header, such as `Fri, 02 Jan 2026 03:04:05 GMT`.
    pub(crate) fn from_http_date(text: &str) -> Option<Self> {
        let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(Self { millisecond: parsed.as_millisecond() })
    }

    /// Formats the time as signatures want it: whole seconds in UTC, `2026-01-02T03:04:05Z`.
    pub(crate) fn to_signing_date(self) -> String {
        match jiff::Timestamp::from_second(self.millisecond.div_euclid(1000)) {
            Ok(time) => time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            // Beyond the year 9999 or before -9999: no calendar date, and no service to accept it.
            Err(_) => self.millisecond.to_string(),
        }
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        let millisecond = |duration: Duration| i64::try_from(duration.as_millis());
        Self {
            millisecond: match time.duration_since(SystemTime::UNIX_EPOCH) {
                Ok(after) => millisecond(after).unwrap_or(i64::MAX),
                Err(before) => millisecond(before.duration()).map_or(i64::MIN, |ms| -ms),
            },
        }
    }
}

impl FromStr for Timestamp {
    type Err = InvalidValue;

    /// Reads an RFC 3339 time such as `2026-01-02T03:04:05Z`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>()
            .map(|time| Self { millisecond: time.as_millisecond() })
            .map_err(|_| {
                InvalidValue::new(format!(
                    "time must look like `2026-01-02T03:04:05Z` (RFC 3339), not `{text}`"
                ))
            })
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.millisecond) {
            Ok(time) => time.fmt(formatter),
            Err(_) => write!(formatter, "{} ms", self.millisecond),
        }
    }
}

impl Serialize for Timestamp {
    /// Writes the milliseconds as a number, as the service does in most places.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.millisecond)
    }
}
