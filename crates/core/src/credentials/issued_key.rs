//! Reads keys from the JSON of their issuers: STS, the metadata service, programs.

use serde_json::{Map, Value, error::Category};

use super::{Credentials, no_credentials};
use crate::{error::Error, tolerant, values::Timestamp};

/// The field names of an issuer.
pub(super) struct KeyNames {
    id: &'static str,
    secret: &'static str,
    token: &'static str,
    expiration: &'static str,
}

/// The names of STS, of the metadata service and of credentials URIs.
pub(super) const PASCAL_CASE: KeyNames = KeyNames {
    id: "AccessKeyId",
    secret: "AccessKeySecret",
    token: "SecurityToken",
    expiration: "Expiration",
};

/// The names of programs that the CLI runs.
pub(super) const SNAKE_CASE: KeyNames = KeyNames {
    id: "access_key_id",
    secret: "access_key_secret",
    token: "sts_token",
    expiration: "expiration",
};

/// Reads a JSON object.
///
/// # Errors
///
/// The text is not a JSON object. The error has the position, but nothing of the text.
pub(super) fn json_object(text: &[u8]) -> Result<Map<String, Value>, Error> {
    // serde's own message may show part of the text.
    tolerant::parse(text).map_err(|error| match error.classify() {
        Category::Data => no_credentials("it is not a JSON object"),
        _ => no_credentials(format!(
            "it is not JSON: line {}, column {}",
            error.line(),
            error.column()
        )),
    })
}

/// Returns the trimmed text of a field, or `None` if it is empty.
pub(super) fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    let text = tolerant::text(object, name)?.trim().to_owned();
    Some(text).filter(|text| !text.is_empty())
}

/// Reads a temporary key, which must have a token and an expiry.
pub(super) fn temporary_key(
    object: &Map<String, Value>,
    names: &KeyNames,
) -> Result<Credentials, Error> {
    let field = |name| text(object, name).ok_or_else(|| missing(name));
    let (id, secret, token) = (field(names.id)?, field(names.secret)?, field(names.token)?);
    // A key without an expiry would never be refreshed.
    let expires = expiration(object, names)?.ok_or_else(|| missing(names.expiration))?;
    Ok(Credentials::sts(id, secret, token).with_expiry(expires))
}

/// Reads a key, with or without a token and an expiry.
pub(super) fn any_key(object: &Map<String, Value>, names: &KeyNames) -> Result<Credentials, Error> {
    let field = |name| text(object, name).ok_or_else(|| missing(name));
    let (id, secret) = (field(names.id)?, field(names.secret)?);
    let credentials = match text(object, names.token) {
        Some(token) => Credentials::sts(id, secret, token),
        None => Credentials::access_key(id, secret),
    };
    Ok(match expiration(object, names)? {
        Some(expires) => credentials.with_expiry(expires),
        None => credentials,
    })
}

fn expiration(object: &Map<String, Value>, names: &KeyNames) -> Result<Option<Timestamp>, Error> {
    match object.get(names.expiration) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(value) => point_in_time(value).map(Some).ok_or_else(|| {
            no_credentials(format!(
                "its `{}` is not a time such as `2026-01-02T03:04:05Z`",
                names.expiration
            ))
        }),
    }
}

/// From 2001 to the year 5138 in seconds since 1970; larger numbers are milliseconds.
const SECONDS: std::ops::Range<i64> = 978_307_200..100_000_000_000;

/// Reads a time: RFC 3339, or a number of seconds or milliseconds since 1970.
///
/// A number before 2001 is refused: it is a duration, and a key with a mistaken expiry is never
/// refreshed.
pub(super) fn point_in_time(value: &Value) -> Option<Timestamp> {
    let number = match value {
        Value::String(text) => match text.trim().parse() {
            Ok(number) => number,
            Err(_) => return text.trim().parse().ok(),
        },
        value => tolerant::as_integer(value)?,
    };
    if SECONDS.contains(&number) {
        return Some(Timestamp::from_millisecond(number.saturating_mul(1_000)));
    }
    (number >= SECONDS.end).then(|| Timestamp::from_millisecond(number))
}

fn missing(name: &str) -> Error {
    no_credentials(format!("it has no `{name}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TIME: &str = "2026-01-02T03:04:05Z";

    fn key(expiration: &Value) -> Result<Credentials, Error> {
        let object = json!({
            "AccessKeyId": "id", "AccessKeySecret": "testsecret", "SecurityToken": "testtoken",
            "Expiration": expiration,
        });
        temporary_key(object.as_object().unwrap(), &PASCAL_CASE)
    }

    #[test]
    fn an_absolute_expiration_is_not_taken_for_a_duration() {
        // aliyun-openapi-python-sdk 411: 0.8 times a point in time is 40 years from now.
        let time: Timestamp = TIME.parse().unwrap();
        let seconds = time.as_millisecond() / 1_000;
        for value in [json!(TIME), json!(seconds), json!(seconds * 1_000)] {
            assert_eq!(key(&value).unwrap().expires(), Some(time), "{value}");
        }
        for duration in [json!(3_600), json!("3600"), json!(-1), json!(0), json!(978_307_199)] {
            let error = key(&duration).unwrap_err().to_string();
            assert!(error.contains("`Expiration` is not a time"), "{duration}: {error}");
        }
    }

    #[test]
    fn an_expiration_that_is_text_is_read() {
        // aliyun-openapi-python-sdk 90: a string where a number was expected stopped all refreshes.
        for (value, expected) in [
            (TIME, Some(TIME)),
            (" 2026-01-02T03:04:05Z\n", Some(TIME)),
            ("2026-01-02T11:04:05+08:00", Some(TIME)),
            ("2026-01-02T03:04:05.000Z", Some(TIME)),
            ("1767323045", Some(TIME)),
            ("1767323045000", Some(TIME)),
            ("tomorrow", None),
            ("2026-13-02T03:04:05Z", None),
            ("", None),
        ] {
            let read = key(&json!(value)).ok().and_then(|key| key.expires());
            assert_eq!(read, expected.map(|time| time.parse().unwrap()), "{value}");
        }
        for value in [Value::Null, json!(true), json!([TIME]), json!(1e300)] {
            assert!(key(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn says_what_is_missing_and_shows_nothing() {
        for (object, says) in [
            (json!({}), "no `access_key_id`"),
            (json!({"access_key_id": "  "}), "no `access_key_id`"),
            (json!({"access_key_id": "id", "access_key_secret": ["testsecret"]}), "_secret`"),
            (
                json!({"access_key_id": "id", "access_key_secret": "testsecret", "expiration": "x"}),
                "`expiration`",
            ),
        ] {
            let error = any_key(object.as_object().unwrap(), &SNAKE_CASE).unwrap_err().to_string();
            assert!(error.contains(says) && !error.contains("testsecret"), "{error}");
        }
        for text in ["testsecret", "[\"testsecret\"]", "{\"a\": testsecret}", ""] {
            let error = json_object(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("JSON") && !error.contains("testsecret"), "{error}");
        }
        assert!(json_object(b"\xef\xbb\xbf{}").unwrap().is_empty());
    }
}
