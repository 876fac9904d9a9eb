//! Reads responses as the service sends them, not as it documents them.
//!
//! Strings appear instead of numbers and the reverse, lists instead of objects, `null` anywhere,
//! and one field under two names. A value of the wrong type becomes `None`, so that one odd field
//! never costs the rest of a response; the whole body stays available beside the typed response.

mod one_spelling;

use serde::{Deserialize, Deserializer, Serializer, de::DeserializeOwned};
use serde_json::{Map, Value};

use self::one_spelling::OneSpelling;
use crate::values::{BoundingBox, CategoryId, SortExprValues, TaskId, Timestamp};

/// Parses a JSON object. A byte order mark is skipped, and the last value of a repeated key wins.
///
/// # Errors
///
/// The text is not JSON, or not an object.
pub(crate) fn parse(text: &[u8]) -> serde_json::Result<Map<String, Value>> {
    serde_json::from_slice(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text))
}

/// Reads a type from a parsed value; an object may have a field under several names.
///
/// # Errors
///
/// The value does not fit the type.
pub(crate) fn decode<T: DeserializeOwned>(value: Value) -> serde_json::Result<T> {
    T::deserialize(OneSpelling(value))
}

pub(crate) fn string<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(as_text(Value::deserialize(from)?))
}

pub(crate) fn int64<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i64>, D::Error> {
    Ok(as_integer(&Value::deserialize(from)?))
}

pub(crate) fn int32<'de, D: Deserializer<'de>>(from: D) -> Result<Option<i32>, D::Error> {
    Ok(int64(from)?.and_then(|number| i32::try_from(number).ok()))
}

pub(crate) fn double<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    })
}

pub(crate) fn float<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    double(from)
}

pub(crate) fn boolean<'de, D: Deserializer<'de>>(from: D) -> Result<Option<bool>, D::Error> {
    Ok(as_boolean(&Value::deserialize(from)?))
}

pub(crate) fn timestamp<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) if text.contains('T') => text.parse().ok(),
        value => as_integer(&value).map(Timestamp::from_millisecond),
    })
}

pub(crate) fn category<'de, D: Deserializer<'de>>(from: D) -> Result<Option<CategoryId>, D::Error> {
    Ok(int32(from)?.map(CategoryId::new))
}

pub(crate) fn task_id<'de, D: Deserializer<'de>>(from: D) -> Result<Option<TaskId>, D::Error> {
    Ok(int64(from)?.map(TaskId::new))
}

pub(crate) fn bounding_box<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<BoundingBox>, D::Error> {
    Ok(string(from)?.and_then(|text| text.parse().ok()))
}

pub(crate) fn sort_expr_values<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<SortExprValues>, D::Error> {
    Ok(string(from)?.map(SortExprValues::from))
}

/// Reads an enumeration of strings; a number counts as its digits.
pub(crate) fn text_enum<'de, D: Deserializer<'de>, T: From<String>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(string(from)?.map(T::from))
}

/// Reads an enumeration of numbers.
pub(crate) fn number_enum<'de, D: Deserializer<'de>, T: From<i32>>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(int32(from)?.map(T::from))
}

/// Reads a list. A single object counts as a list of one; elements that do not fit are skipped.
pub(crate) fn list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::Array(elements) => elements.into_iter().filter_map(read).collect(),
        Value::Null => Vec::new(),
        single => read(single).into_iter().collect(),
    })
}

/// Reads an object; anything else becomes `None`.
pub(crate) fn object<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        value @ Value::Object(_) => read(value),
        _ => None,
    })
}

/// Reads an object, or the first element of a list in its place.
pub(crate) fn first_of_list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        value @ Value::Object(_) => read(value),
        Value::Array(elements) => elements.into_iter().next().and_then(read),
        _ => None,
    })
}

/// Reads an object of one list, or that list without the object around it.
pub(crate) fn bare_list<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    from: D,
) -> Result<Option<T>, D::Error> {
    Ok(match Value::deserialize(from)? {
        value @ Value::Object(_) => read(value),
        // A derived `Deserialize` also accepts a struct's fields by position: the list is the first
        // field.
        list @ Value::Array(_) => read(Value::Array(vec![list])),
        _ => None,
    })
}

/// Serializes a value as a string, for fields that the service writes as strings.
pub(crate) fn as_string<S: Serializer, T: WireString>(
    value: &Option<T>,
    to: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => to.serialize_str(&value.wire_string()),
        None => to.serialize_none(),
    }
}

/// A number that the service writes as a string in some places.
pub(crate) trait WireString {
    fn wire_string(&self) -> String;
}

impl WireString for Timestamp {
    fn wire_string(&self) -> String {
        self.as_millisecond().to_string()
    }
}

impl WireString for TaskId {
    fn wire_string(&self) -> String {
        self.to_string()
    }
}

fn read<T: DeserializeOwned>(value: Value) -> Option<T> {
    decode(value).ok()
}

/// Returns the text of a field, or `None` if it is empty.
pub(crate) fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name).cloned().and_then(as_text).filter(|text| !text.is_empty())
}

pub(crate) fn as_text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

pub(crate) fn as_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

pub(crate) fn as_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => number.as_i64().map(|number| number != 0),
        Value::String(text) => match text.trim() {
            "true" | "True" | "TRUE" | "1" => Some(true),
            "false" | "False" | "FALSE" | "0" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Returns a whole number, also from a float such as `10.0`.
fn whole(number: f64) -> Option<i64> {
    // Beyond 2^53 a float cannot represent every whole number.
    let exact = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
    exact.then_some(number as i64)
}

#[cfg(test)]
mod tests;
