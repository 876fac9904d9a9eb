//! Policies: the JSON that says what a form post may upload.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use imagesearch_core::values::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::refusal::OssRefusal;

/// Lists the conditions of an upload, and when they end.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Policy {
    expiration: String,
    conditions: Vec<Value>,
}

impl Policy {
    /// Allows one object of one key, up to a length.
    pub(super) fn for_upload(
        bucket: &str,
        key: &str,
        max_bytes: u64,
        expiration: Timestamp,
    ) -> Self {
        Self {
            expiration: expiration.to_string(),
            conditions: vec![
                json!({ "bucket": bucket }),
                json!(["eq", "$key", key]),
                json!(["content-length-range", 0, max_bytes]),
            ],
        }
    }

    /// Writes the policy as it travels: JSON in Base64.
    pub(crate) fn encode(&self) -> String {
        // Strings and numbers only, so that writing cannot fail.
        STANDARD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads a policy as it travelled.
    pub(crate) fn decode(encoded: &str) -> Result<Self, OssRefusal> {
        let malformed = |_| OssRefusal::INVALID_POLICY_DOCUMENT;
        let json = STANDARD.decode(encoded).map_err(|_| OssRefusal::INVALID_POLICY_DOCUMENT)?;
        serde_json::from_slice(&json).map_err(malformed)
    }

    /// Checks an upload: its form fields, its bucket, its length, and the time.
    pub(crate) fn check(
        &self,
        field: impl Fn(&str) -> Option<String>,
        length: u64,
        now: Timestamp,
    ) -> Result<(), OssRefusal> {
        let expiration: Timestamp =
            self.expiration.parse().map_err(|_| OssRefusal::INVALID_POLICY_DOCUMENT)?;
        if now > expiration {
            return Err(OssRefusal::POLICY_EXPIRED);
        }
        self.conditions.iter().try_for_each(|condition| check_condition(condition, &field, length))
    }
}

fn check_condition(
    condition: &Value,
    field: impl Fn(&str) -> Option<String>,
    length: u64,
) -> Result<(), OssRefusal> {
    let equal = |name: &str, expected: &Value| {
        let given = field(name);
        given.is_some() && given.as_deref() == expected.as_str()
    };
    let holds = match condition {
        Value::Object(pairs) => pairs.iter().all(|(name, expected)| equal(name, expected)),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(kind), least, most] if kind == "content-length-range" => {
                let (Some(least), Some(most)) = (least.as_u64(), most.as_u64()) else {
                    return Err(OssRefusal::INVALID_POLICY_DOCUMENT);
                };
                if length < least {
                    return Err(OssRefusal::ENTITY_TOO_SMALL);
                }
                if length > most {
                    return Err(OssRefusal::ENTITY_TOO_LARGE);
                }
                true
            }
            [Value::String(kind), Value::String(name), expected] => {
                let name = name.strip_prefix('$').unwrap_or(name);
                match kind.as_str() {
                    "eq" => equal(name, expected),
                    "starts-with" => field(name)
                        .zip(expected.as_str())
                        .is_some_and(|(given, start)| given.starts_with(start)),
                    "in" | "not-in" => {
                        let listed =
                            expected.as_array().ok_or(OssRefusal::INVALID_POLICY_DOCUMENT)?;
                        let is_in = listed.iter().any(|expected| equal(name, expected));
                        is_in == (kind == "in")
                    }
                    _ => return Err(OssRefusal::INVALID_POLICY_DOCUMENT),
                }
            }
            _ => return Err(OssRefusal::INVALID_POLICY_DOCUMENT),
        },
        _ => return Err(OssRefusal::INVALID_POLICY_DOCUMENT),
    };
    if holds { Ok(()) } else { Err(OssRefusal::condition_failed(condition)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_BYTES: u64 = 10;

    fn failed(condition: &Value) -> OssRefusal {
        OssRefusal::condition_failed(condition)
    }

    #[test]
    fn every_condition_must_hold() {
        let at = Timestamp::from_millisecond;
        let policy = Policy::for_upload("bucket", "a/b", MAX_BYTES, at(1_000));
        let policy = Policy::decode(&policy.encode()).unwrap();
        for (key, bucket, length, now, expected) in [
            ("a/b", "bucket", 5, 1_000, Ok(())),
            ("a/b", "bucket", MAX_BYTES, 0, Ok(())),
            ("a/c", "bucket", 5, 0, Err(failed(&json!(["eq", "$key", "a/b"])))),
            ("a/b", "other", 5, 0, Err(failed(&json!({ "bucket": "bucket" })))),
            ("a/b", "bucket", MAX_BYTES + 1, 0, Err(OssRefusal::ENTITY_TOO_LARGE)),
            ("a/b", "bucket", 5, 1_001, Err(OssRefusal::POLICY_EXPIRED)),
        ] {
            let field = |name: &str| match name {
                "key" => Some(key.to_owned()),
                "bucket" => Some(bucket.to_owned()),
                _ => None,
            };
            assert_eq!(policy.check(field, length, at(now)), expected, "{key} {bucket}");
        }
    }

    #[test]
    fn other_kinds_of_conditions_are_read() {
        for (condition, expected) in [
            (json!(["starts-with", "$key", "a/"]), Ok(())),
            (
                json!(["starts-with", "$key", "b/"]),
                Err(failed(&json!(["starts-with", "$key", "b/"]))),
            ),
            (json!(["starts-with", "$key", ""]), Ok(())),
            (json!(["in", "$key", ["b", "a/b"]]), Ok(())),
            (json!(["in", "$key", ["b"]]), Err(failed(&json!(["in", "$key", ["b"]])))),
            (json!(["not-in", "$key", ["b"]]), Ok(())),
            (json!(["not-in", "$key", ["a/b"]]), Err(failed(&json!(["not-in", "$key", ["a/b"]])))),
            (json!(["content-length-range", 6, 9]), Err(OssRefusal::ENTITY_TOO_SMALL)),
            (json!(["content-length-range", "x", 9]), Err(OssRefusal::INVALID_POLICY_DOCUMENT)),
            (json!(["in", "$key", "a"]), Err(OssRefusal::INVALID_POLICY_DOCUMENT)),
            (json!(7), Err(OssRefusal::INVALID_POLICY_DOCUMENT)),
        ] {
            let field = |_: &str| Some("a/b".to_owned());
            assert_eq!(check_condition(&condition, field, 5), expected, "{condition}");
        }
    }

    #[test]
    fn what_is_no_policy_is_refused() {
        for encoded in ["", "!", "e30=", "bm90IGpzb24="] {
            assert_eq!(
                Policy::decode(encoded).err(),
                Some(OssRefusal::INVALID_POLICY_DOCUMENT),
                "{encoded}"
            );
        }
    }
}
