use std::{
    fmt,
    str::FromStr,
    time::{Duration, SystemTime},
};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::InvalidValue;

/// A point in time, in milliseconds since the Unix epoch.
///
/// ```
/// # use imagesearch_core::values::Timestamp;
/// let created = Timestamp::from_millisecond(1_620_382_716_000);
/// assert_eq!(created.to_string(), "2021-05-07T10:18:36Z");
/// assert_eq!("2021-05-07T10:18:36Z".parse(), Ok(created));
/// ```
///
/// It converts from and to [`SystemTime`], which date crates support:
///
/// ```
/// # use imagesearch_core::values::Timestamp;
/// use std::time::{Duration, SystemTime};
///
/// let created = Timestamp::from_millisecond(1_620_382_716_000);
/// let time = SystemTime::try_from(created)?;
/// assert_eq!(time, SystemTime::UNIX_EPOCH + Duration::from_secs(1_620_382_716));
/// assert_eq!(Timestamp::from(time), created);
/// # Ok::<(), imagesearch_core::values::InvalidValue>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    millisecond: i64,
}

impl Timestamp {
    /// Creates a timestamp from milliseconds since the Unix epoch.
    pub const fn from_millisecond(millisecond: i64) -> Self {
        Self { millisecond }
    }

    /// Returns milliseconds since the Unix epoch.
    pub const fn as_millisecond(self) -> i64 {
        self.millisecond
    }

    /// Returns the time plus a duration.
    pub fn saturating_add(self, duration: Duration) -> Self {
        let millisecond = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self { millisecond: self.millisecond.saturating_add(millisecond) }
    }

    /// Returns the time minus a duration.
    pub(crate) fn saturating_sub(self, duration: Duration) -> Self {
        let millisecond = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self { millisecond: self.millisecond.saturating_sub(millisecond) }
    }

    /// Returns the duration since an earlier time, or zero if it is later.
    pub fn saturating_since(self, earlier: Self) -> Duration {
        let millisecond = self.millisecond.saturating_sub(earlier.millisecond);
        Duration::from_millis(u64::try_from(millisecond).unwrap_or(0))
    }

    /// Parses the date of an HTTP header, such as `Fri, 02 Jan 2026 03:04:05 GMT`.
    pub(crate) fn from_http_date(text: &str) -> Option<Self> {
        let parsed = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
        Some(Self { millisecond: parsed.as_millisecond() })
    }

    /// Formats the time for signatures: whole seconds in UTC, `2026-01-02T03:04:05Z`.
    pub(crate) fn to_signing_date(self) -> String {
        match jiff::Timestamp::from_second(self.millisecond.div_euclid(1000)) {
            Ok(time) => time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            // Beyond the year 9999 or before -9999: no valid date.
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

impl TryFrom<Timestamp> for SystemTime {
    type Error = InvalidValue;

    /// Converts the time.
    ///
    /// # Errors
    ///
    /// The platform's `SystemTime` cannot represent the time. Some count from 1601 and end about
    /// 29,000 years later.
    fn try_from(time: Timestamp) -> Result<Self, Self::Error> {
        let distance = Duration::from_millis(time.millisecond.unsigned_abs());
        let converted = match time.millisecond {
            0.. => Self::UNIX_EPOCH.checked_add(distance),
            _ => Self::UNIX_EPOCH.checked_sub(distance),
        };
        converted.ok_or_else(|| {
            InvalidValue::new(format!("time {time} is out of the range of `SystemTime`"))
        })
    }
}

impl FromStr for Timestamp {
    type Err = InvalidValue;

    /// Parses an RFC 3339 time such as `2026-01-02T03:04:05Z`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<jiff::Timestamp>()
            .map(|time| Self { millisecond: time.as_millisecond() })
            .map_err(|_| {
                InvalidValue::new(format!(
                    "time must be RFC 3339, such as `2026-01-02T03:04:05Z`, not `{text}`"
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
    /// Serializes as a number of milliseconds, as the service does in most places.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.millisecond)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    /// Deserializes milliseconds, as a number or as digits in a string, or an RFC 3339 time. The
    /// service sends milliseconds; configuration files may use RFC 3339.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyForm)
    }
}

/// Reads a time in any of its forms.
struct AnyForm;

impl de::Visitor<'_> for AnyForm {
    type Value = Timestamp;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("milliseconds since the Unix epoch, or an RFC 3339 time")
    }

    fn visit_i64<E: de::Error>(self, millisecond: i64) -> Result<Timestamp, E> {
        Ok(Timestamp { millisecond })
    }

    fn visit_u64<E: de::Error>(self, millisecond: u64) -> Result<Timestamp, E> {
        let millisecond = i64::try_from(millisecond)
            .map_err(|_| E::invalid_value(de::Unexpected::Unsigned(millisecond), &self))?;
        Ok(Timestamp { millisecond })
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        match text.parse() {
            Ok(millisecond) => Ok(Timestamp { millisecond }),
            Err(_) => text.parse().map_err(E::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_to_the_time_of_the_system_and_back() {
        for millisecond in [0, 1, -1, -1500, 1_620_382_716_000, -11_644_473_600_000] {
            let time = Timestamp::from_millisecond(millisecond);
            assert_eq!(Timestamp::from(SystemTime::try_from(time).unwrap()), time);
        }
    }

    #[test]
    fn reads_every_form_from_json() {
        let time = Some(Timestamp::from_millisecond(1_620_382_716_000));
        for (json, expected) in [
            ("1620382716000", time),
            (r#""1620382716000""#, time),
            (r#""2021-05-07T10:18:36Z""#, time),
            (r#""2021-05-07T12:18:36+02:00""#, time),
            ("-1", Some(Timestamp::from_millisecond(-1))),
            ("18446744073709551615", None),
            (r#""yesterday""#, None),
            ("1.5", None),
            ("null", None),
        ] {
            assert_eq!(serde_json::from_str(json).ok(), expected, "{json}");
        }
        let written = serde_json::to_string(&time).unwrap();
        assert_eq!(written, "1620382716000");
    }
}
