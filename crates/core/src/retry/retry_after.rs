use std::time::Duration;

use http::{HeaderMap, header};

use crate::{error_table::RetryClass, values::Timestamp};

/// Returns how long the service asks to wait: the longest time in its headers.
///
/// `Retry-After` has seconds or a date, `x-acs-retry-after` milliseconds, and the two
/// `x-ratelimit-user` headers a list with `TimeLeft` in milliseconds. The last two also come with
/// successful responses, so they count only if flow control refused the request.
pub(crate) fn retry_after(
    headers: &HeaderMap,
    class: RetryClass,
    now: Timestamp,
) -> Option<Duration> {
    let texts = |name: &str| {
        headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).map(str::trim)
    };
    // A proxy may have added its own.
    let standard = texts("retry-after").filter_map(|value| match value.parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        // With the service's own date, this machine's clock does not matter.
        Err(_) => {
            let from = date(headers).unwrap_or(now);
            Some(Timestamp::from_http_date(value)?.saturating_since(from))
        }
    });
    let own = texts("x-acs-retry-after").filter_map(milliseconds);
    let limits = ["x-ratelimit-user-api", "x-ratelimit-user"].into_iter().flat_map(texts);
    let limits = limits.filter_map(|limit| {
        limit.split(',').find_map(|part| {
            let (name, value) = part.split_once(':')?;
            name.trim().eq_ignore_ascii_case("TimeLeft").then(|| milliseconds(value.trim()))?
        })
    });
    let limits = limits.filter(|_| class == RetryClass::Throttle);
    standard.chain(own).chain(limits).max().filter(|wait| !wait.is_zero())
}

/// Returns the date of a response.
pub(crate) fn date(headers: &HeaderMap) -> Option<Timestamp> {
    Timestamp::from_http_date(headers.get(header::DATE)?.to_str().ok()?)
}

fn milliseconds(text: &str) -> Option<Duration> {
    text.parse().ok().map(Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_longest_wait_of_all_headers() {
        let now = "2026-01-02T03:04:05Z".parse().unwrap();
        for (pairs, throttled, plain) in [
            (&[][..], None, None),
            (&[("retry-after", "2")], Some(2_000), Some(2_000)),
            (&[("retry-after", " 0 ")], None, None),
            (&[("retry-after", "-1")], None, None),
            (&[("retry-after", "soon")], None, None),
            (&[("retry-after", "Fri, 02 Jan 2026 03:04:15 GMT")], Some(10_000), Some(10_000)),
            (&[("retry-after", "Fri, 02 Jan 2026 03:04:00 GMT")], None, None),
            (
                &[
                    ("retry-after", "Fri, 02 Jan 2026 05:00:07 GMT"),
                    ("date", "Fri, 02 Jan 2026 05:00:00 GMT"),
                ],
                Some(7_000),
                Some(7_000),
            ),
            (&[("x-acs-retry-after", "1500")], Some(1_500), Some(1_500)),
            (&[("x-acs-retry-after", "1.5")], None, None),
            (&[("x-ratelimit-user", "Limit:5,Remain:0,TimeLeft:900")], Some(900), None),
            (
                &[
                    ("x-ratelimit-user", "TimeLeft:900"),
                    ("x-ratelimit-user-api", "Limit:1, timeleft: 1200"),
                    ("x-acs-retry-after", "700"),
                ],
                Some(1_200),
                Some(700),
            ),
            (&[("x-ratelimit-user", "TimeLeft")], None, None),
            (&[("retry-after", "99999999999999999999")], None, None),
            (&[("retry-after", "1"), ("retry-after", "2")], Some(2_000), Some(2_000)),
            (&[("retry-after", "2"), ("retry-after", "soon")], Some(2_000), Some(2_000)),
            (&[("retry-after", "soon"), ("retry-after", "2")], Some(2_000), Some(2_000)),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, value.parse().unwrap());
            }
            let wait = |class| retry_after(&headers, class, now).map(|it| it.as_millis());
            assert_eq!(wait(RetryClass::Throttle), throttled, "{pairs:?}");
            assert_eq!(wait(RetryClass::Transient), plain, "{pairs:?}");
        }
    }
}
