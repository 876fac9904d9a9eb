//! The time of a request: its form, and how far it may be off.

use std::time::Duration;

use imagesearch_core::Timestamp;

use crate::answer::Refusal;

/// How far a request's time may lie from ours, before or after.
pub(super) const WINDOW: Duration = Duration::from_secs(15 * 60);

/// Reads the time of a request and checks that it is of now.
pub(super) fn check(given: Option<&str>, now: Timestamp) -> Result<Timestamp, Refusal> {
    let Some(given) = given.filter(|text| !text.is_empty()) else {
        return Err(Refusal::of("IllegalTimestamp"));
    };
    let time = parse(given).ok_or_else(|| Refusal::of("InvalidTimeStamp.Format"))?;
    if now.saturating_since(time) > WINDOW || time.saturating_since(now) > WINDOW {
        let reason = format!("the request is of {time}, and here it is {now}");
        return Err(Refusal::of("InvalidTimeStamp.Expired").because(reason));
    }
    Ok(time)
}

/// Reads `yyyy-MM-ddTHH:mm:ssZ` and nothing else, although RFC 3339 has more forms.
fn parse(text: &str) -> Option<Timestamp> {
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
            let refused = check(given, now).err().map(|it| it.code);
            assert_eq!(refused.as_deref(), code, "{given:?}");
        }
    }
}
