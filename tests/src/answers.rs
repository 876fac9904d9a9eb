//! Compares answers as JSON, up to what typed answers do not keep on purpose.

use serde_json::{Map, Value};

/// Leaves out what typed answers leave out: members that are `null` or an empty list, and whether a
/// whole number was written as `1` or `1.0`.
///
/// To callers, absent, `null` and empty are the same, and the untouched body stays available from
/// the metadata of an answer.
pub fn comparable(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.into_iter().map(|(name, value)| (name, comparable(value)));
            Value::Object(kept.filter(|(_, value)| !is_empty(value)).collect::<Map<_, _>>())
        }
        Value::Array(elements) => Value::Array(elements.into_iter().map(comparable).collect()),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
                Value::from(float as i64)
            }
            _ => Value::Number(number),
        },
        value => value,
    }
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
