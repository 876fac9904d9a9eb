use imagesearch_core::{
    image::ImageLimits,
    operation::{Check, Enforce, Kind, Limit, Operation, Parameter},
    values::CATEGORIES,
};

/// Returns what the documentation allows for a parameter, with units; one entry for each limit.
pub(super) fn of_parameter(operation: &Operation, parameter: &Parameter) -> Vec<String> {
    let numbers = bounds(parameter.limits, |check| match check {
        Check::Min(min) => Some((Some(min), None)),
        Check::Max(max) => Some((None, Some(max))),
        _ => None,
    });
    let mut texts: Vec<String> = of_kind(operation, parameter.kind).into_iter().collect();
    texts.extend(numbers.or_else(|| of_size(parameter.kind).map(str::to_owned)));
    let lengths = bounds(parameter.limits, |check| match check {
        Check::MinLength(min) => Some((Some(i64::from(min)), None)),
        Check::MaxLength(max) => Some((None, Some(i64::from(max)))),
        _ => None,
    });
    texts.extend(lengths.map(|range| format!("{range} characters")));
    for limit in parameter.limits {
        let text = match limit.check {
            Check::Format(format) => format.in_words().to_owned(),
            // The categories are listed with their names, by kind.
            Check::OneOfIntegers(_) if parameter.kind == Kind::Category => continue,
            Check::OneOfIntegers(known) => format!("one of {}", join(known)),
            Check::OneOfStrings(known) => format!("one of {}", join(known)),
            Check::ForbiddenCharacters(forbidden) => format!("none of {forbidden}"),
            _ => continue,
        };
        texts.push(match limit.enforce {
            Enforce::Reject => text,
            _ => format!("{text} (not checked)"),
        });
    }
    texts
}

/// Joins a lower and an upper bound: `1 to 100`.
fn bounds(
    limits: &[Limit],
    read: impl Fn(Check) -> Option<(Option<i64>, Option<i64>)>,
) -> Option<String> {
    let (mut min, mut max, mut checked) = (None, None, true);
    for limit in limits {
        if let Some((low, high)) = read(limit.check) {
            min = min.or(low);
            max = max.or(high);
            checked &= limit.enforce == Enforce::Reject;
        }
    }
    let range = match (min, max) {
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => return None,
    };
    Some(if checked { range } else { format!("{range} (not checked)") })
}

fn of_kind(operation: &Operation, kind: Kind) -> Option<String> {
    match kind {
        Kind::BoundingBox => Some("whole pixels, x1 < x2 and y1 < y2".to_owned()),
        Kind::ScoreThreshold => Some("0.00 to 1.00, at most two decimals".to_owned()),
        Kind::Category => {
            let categories: Vec<String> =
                CATEGORIES.iter().map(|(number, name)| format!("{number} {name}")).collect();
            Some(format!("known: {} (not checked)", categories.join(", ")))
        }
        Kind::Image | Kind::InlineImage | Kind::Pictures => {
            let ImageLimits { max_bytes, min_side, max_side, formats, .. } = ImageLimits::DEFAULT;
            let formats: Vec<String> = formats.iter().map(ToString::to_string).collect();
            Some(format!(
                "at most {} MiB, each side {min_side} to {max_side} pixels, {}",
                max_bytes / (1024 * 1024),
                formats.join(" ")
            ))
        }
        Kind::Filter => {
            operation.filter.map(|_| "such as int_attr >= 10 AND str_attr = \"red\"".to_owned())
        }
        _ => None,
    }
}

/// Returns the range of a whole number without other bounds.
fn of_size(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Integer32 => Some("32 bits"),
        Kind::Integer64 => Some("64 bits"),
        _ => None,
    }
}

fn join<T: ToString>(values: &[T]) -> String {
    let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_limits_with_units() {
        for (operation, parameter, expected) in [
            ("SearchImageByName", "Num", "1 to 100"),
            ("AddImage", "ProductId", "1 to 256 characters"),
            ("AddImage", "CustomContent", "at most 4096 characters"),
            ("AddImage", "PicContent", "at most 4 MiB"),
            ("AddImage", "StrAttr", "(not checked)"),
            ("AddImage", "IntAttr", "32 bits"),
        ] {
            let operation = Operation::find("2020-12-14", operation).unwrap();
            let texts = of_parameter(operation, operation.parameter(parameter).unwrap());
            assert!(texts.iter().any(|text| text.contains(expected)), "{parameter}: {texts:?}");
        }
    }
}
