//! The time of a request: its form, and how far it may be off.

use std::time::Duration;

use imagesearch_core::Timestamp;
use jiff::fmt::rfc2822::{DateTimeParser, DateTimePrinter};

use crate::answer::Refusal;

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
}
