//! The limits of a parameter in words.

use super::docs::code;
use crate::{
    ir::Api,
    spec::{Enforce, Limit, Parameter, ParameterType},
};

/// Writes the limits of a parameter, empty if there are none.
pub(super) fn in_words(parameter: &Parameter, api: &Api<'_>) -> String {
    let mut words: Vec<String> = of_kind(*parameter.kind, api).into_iter().collect();
    let min = bound(parameter, |limit| limit.min.as_deref().copied());
    let max = bound(parameter, |limit| limit.max.as_deref().copied());
    let fewest = bound(parameter, |limit| limit.min_length.as_deref().map(|it| i64::from(*it)));
    let most = bound(parameter, |limit| limit.max_length.as_deref().map(|it| i64::from(*it)));
    words.extend(range(min, max, ""));
    words.extend(range(fewest, most, " characters"));
    for limit in &parameter.limits {
        let text = if let Some(min) = limit.min_items.as_deref() {
            format!("at least {min} of them")
        } else if let Some(values) = &limit.one_of {
            let values: Vec<String> = values.iter().map(|value| code(&value.to_string())).collect();
            format!("one of {}", values.join(", "))
        } else if let Some(format) = limit.format.as_deref() {
            format.in_words().to_owned()
        } else if let Some(characters) = &limit.forbidden_characters {
            format!("none of {}", code(characters))
        } else {
            continue;
        };
        words.push(if is_advisory(limit) { format!("{text} (not checked)") } else { text });
    }
    words.join("; ")
}

/// Writes a number with commas between its thousands.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Writes what holds for every value of a type.
fn of_kind(kind: ParameterType, api: &Api<'_>) -> Option<String> {
    match kind {
        ParameterType::BoundingBox => Some("whole pixels, x1 < x2 and y1 < y2".to_owned()),
        ParameterType::ScoreThreshold => Some("0.00 to 1.00, at most two decimals".to_owned()),
        ParameterType::Image | ParameterType::InlineImage | ParameterType::Pictures => {
            let limits = &api.spec.image_limits.as_ref()?.content;
            let formats: Vec<&str> = limits.formats.values.iter().map(|it| it.as_str()).collect();
            let (bytes, sides) = (i64::from(*limits.max_bytes.value), &limits.default);
            let (min, max) = (i64::from(*sides.min_side), i64::from(*sides.max_side));
            let size = match bytes % MIB {
                0 => format!("{} MiB", grouped(bytes / MIB)),
                _ => format!("{} bytes", grouped(bytes)),
            };
            let (min, max) = (grouped(min), grouped(max));
            Some(format!("at most {size}; sides of {min} to {max} pixels; {}", formats.join(", ")))
        }
        _ => None,
    }
}

const MIB: i64 = 1024 * 1024;

/// Finds a bound, and whether it is only documented.
fn bound(parameter: &Parameter, find: fn(&Limit) -> Option<i64>) -> Option<(i64, bool)> {
    parameter.limits.iter().find_map(|limit| find(limit).map(|value| (value, is_advisory(limit))))
}

fn is_advisory(limit: &Limit) -> bool {
    limit.enforce == Some(Enforce::Document)
}

fn range(low: Option<(i64, bool)>, high: Option<(i64, bool)>, unit: &str) -> Option<String> {
    let text = match (low, high) {
        (None, None) => return None,
        (Some((low, _)), None) => format!("at least {}{unit}", grouped(low)),
        (None, Some((high, _))) => format!("at most {}{unit}", grouped(high)),
        (Some((low, _)), Some((high, _))) => {
            format!("{} to {}{unit}", grouped(low), grouped(high))
        }
    };
    let advisory = [low, high].into_iter().flatten().all(|(_, advisory)| advisory);
    Some(if advisory { format!("{text} (not checked)") } else { text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (-4_096, "-4,096"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), expected);
        }
    }
}
