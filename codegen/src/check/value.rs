use base64::prelude::{BASE64_STANDARD, Engine};

use crate::spec::{ExampleValue, Limit, Parameter, ParameterType, Scalar};

/// Returns what is wrong with a value of a parameter, if anything is.
pub(super) fn problem(parameter: &Parameter, value: &Scalar) -> Option<String> {
    if let Some(expected) = mismatch(*parameter.kind, value) {
        return Some(format!("`{value}` is not {expected}"));
    }
    let limits = parameter.limits.iter();
    let broken = limits.filter_map(|limit| broken(limit, value)).next()?;
    Some(format!("`{value}` breaks the limit of `{}`: {broken}", parameter.name.as_str()))
}

/// Returns what is wrong with the default of a parameter, if anything is.
pub(super) fn problem_of_default(parameter: &Parameter, value: &Scalar) -> Option<String> {
    match value {
        // The default of a list is the empty one.
        Scalar::Text(text) if parameter.kind.is_list() && text.is_empty() => None,
        value => problem(parameter, value),
    }
}

/// Returns what is wrong with a value of an example, if anything is.
pub(super) fn problem_of_example(parameter: &Parameter, value: &ExampleValue) -> Option<String> {
    let name = parameter.name.as_str();
    let count = match (*parameter.kind, value) {
        (_, ExampleValue::Scalar(scalar)) => return problem(parameter, scalar),
        (ParameterType::Pictures, ExampleValue::Pictures(pictures)) => {
            let broken = pictures.iter().find(|(_, content)| !is_base64(content));
            if let Some((picture, _)) = broken {
                return Some(format!("picture `{}` of `{name}` is not Base64", picture.as_str()));
            }
            pictures.iter().count()
        }
        (ParameterType::PictureNames, ExampleValue::Names(names)) => names.len(),
        (ParameterType::Pictures, _) => return Some(format!("`{name}` is {PICTURES}")),
        (ParameterType::PictureNames, _) => return Some(format!("`{name}` is {NAMES}")),
        _ => return Some(format!("`{name}` is neither a list nor a mapping")),
    };
    let fewest = parameter.limits.iter().find_map(|limit| limit.min_items.as_deref());
    let fewest = fewest.and_then(|fewest| usize::try_from(*fewest).ok()).unwrap_or_default();
    (count < fewest).then(|| format!("`{name}` has {count} entries, not at least {fewest}"))
}

const PICTURES: &str = "pictures, `{name: base64}`";
const NAMES: &str = "a list of names";

/// Returns which kind of value a type wants, if the given one is of another kind.
pub(super) fn mismatch(kind: ParameterType, value: &Scalar) -> Option<&'static str> {
    let (fits, expected) = match (kind, value) {
        (ParameterType::Int32 | ParameterType::Category, value) => {
            let fits = matches!(value, Scalar::Integer(it) if i32::try_from(*it).is_ok());
            (fits, "a whole number of 32 bits")
        }
        (ParameterType::Int64 | ParameterType::TaskId, value) => {
            (matches!(value, Scalar::Integer(_)), "a whole number")
        }
        (ParameterType::Bool, value) => (matches!(value, Scalar::Boolean(_)), "`true` or `false`"),
        (ParameterType::BoundingBox, Scalar::Text(text)) => {
            (is_box(text), "a box `x1,x2,y1,y2` with x1 < x2 and y1 < y2")
        }
        (ParameterType::ScoreThreshold, Scalar::Text(text)) => {
            (is_score(text), "a decimal from 0.00 to 1.00 with two decimals")
        }
        (ParameterType::InlineImage, Scalar::Text(text)) => (is_base64(text), "Base64"),
        (ParameterType::Pictures, _) => (false, PICTURES),
        (ParameterType::PictureNames, _) => (false, NAMES),
        (ParameterType::String | ParameterType::Filter | ParameterType::Image, value) => {
            (matches!(value, Scalar::Text(_)), "a string; quote it")
        }
        _ => (false, "a string; quote it"),
    };
    (!fits).then_some(expected)
}

fn is_base64(text: &str) -> bool {
    BASE64_STANDARD.decode(text).is_ok()
}

fn is_box(text: &str) -> bool {
    let edges: Result<Vec<u32>, _> = text.split(',').map(str::parse).collect();
    matches!(edges.as_deref(), Ok([x1, x2, y1, y2]) if x1 < x2 && y1 < y2)
}

fn is_score(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let shape = text.len() == 4 && text.get(1..2) == Some(".") && digits == 3;
    shape && (text.starts_with('0') || text == "1.00")
}

fn broken(limit: &Limit, value: &Scalar) -> Option<String> {
    if let (Some(min), Scalar::Integer(number)) = (&limit.min, value) {
        return (*number < **min).then(|| format!("at least {}", **min));
    }
    if let (Some(max), Scalar::Integer(number)) = (&limit.max, value) {
        return (*number > **max).then(|| format!("at most {}", **max));
    }
    if let Some(values) = &limit.one_of {
        let known = values.iter().any(|known| **known == *value);
        return (!known).then(|| "one of the listed values".to_owned());
    }
    let Scalar::Text(text) = value else {
        return None;
    };
    let length = text.chars().count();
    let bound = |bound: u32| usize::try_from(bound).unwrap_or(usize::MAX);
    if let Some(min) = limit.min_length.as_deref() {
        return (length < bound(*min)).then(|| format!("at least {min} characters"));
    }
    if let Some(max) = limit.max_length.as_deref() {
        return (length > bound(*max)).then(|| format!("at most {max} characters"));
    }
    if let Some(characters) = &limit.forbidden_characters {
        let found = text.chars().find(|character| characters.contains(*character))?;
        return Some(format!("no `{found}`"));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_pictures_and_scores_are_recognised() {
        for (text, expected) in [
            ("1,2,3,4", true),
            ("2,1,3,4", false),
            ("1,2,3", false),
            ("a,b,c,d", false),
            ("", false),
        ] {
            assert_eq!(is_box(text), expected, "{text}");
        }
        for (text, expected) in [("", true), ("AAEC", true), ("AAE", false), ("A AEC", false)] {
            assert_eq!(is_base64(text), expected, "{text}");
        }
        for (text, expected) in
            [("0.00", true), ("1.00", true), ("1.01", false), ("0.5", false), ("é.00", false)]
        {
            assert_eq!(is_score(text), expected, "{text}");
        }
    }
}
