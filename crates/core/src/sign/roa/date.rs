use jiff::fmt::rfc2822::DateTimePrinter;

use crate::values::Timestamp;

/// Formats the time as the `Date` header has it: `Thu, 22 Feb 2018 07:03:05 GMT`.
pub(super) fn http_date(timestamp: Timestamp) -> String {
    let second = timestamp.as_millisecond().div_euclid(1000);
    jiff::Timestamp::from_second(second)
        .and_then(|time| DateTimePrinter::new().timestamp_to_rfc9110_string(&time))
        // Before the year 0 or beyond 9999: no such date, and no service to accept it.
        .unwrap_or_else(|_| second.to_string())
}
