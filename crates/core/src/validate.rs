//! Checks a request against the documented limits before anything is sent.
//!
//! All violations are reported, not only the first. Advisory limits (`enforce: document`) are not
//! checked.

mod violation;

pub use violation::Violation;

use crate::{
    filter::Filter,
    image::{Image, ImageLimits, ImageProblemKind},
    operation::{Check, Enforce, Kind, Limit, Operation, Parameter, Required, Rule},
    parameters::{Parameters, Value},
    quote::quote,
    suggest,
    values::{BoundingBox, ScoreThreshold},
};

/// Checks the parameters of a request and returns every violation.
///
/// Parameters that are `waived` may be absent although the table requires them: the documentation
/// allows it for some ways of calling and not for others.
///
/// ```
/// use imagesearch_core::{image::ImageLimits, operation::Operation, parameters::Parameters, validate::validate};
///
/// let operation = Operation::find("2020-12-14", "SearchImageByName").expect("is in the table");
/// let parameters = Parameters::new().with("InstanceName", "demo").with("Num", 500);
/// let violations = validate(operation, &parameters, &ImageLimits::DEFAULT, &[]);
/// assert_eq!(violations.len(), 3); // No product id, no picture name, and too many hits.
/// ```
pub fn validate(
    operation: &Operation,
    parameters: &Parameters,
    images: &ImageLimits,
    waived: &[&str],
) -> Vec<Violation> {
    let mut violations = Vec::new();
    for parameter in operation.parameters {
        match parameters.get(parameter.name) {
            Some(value) => check_value(operation, parameter, value, images, &mut violations),
            None if parameter.required == Required::Always && !waived.contains(&parameter.name) => {
                violations.push(Violation::missing(parameter.name, parameter.missing_code));
            }
            None => {}
        }
    }
    let known = || operation.parameters.iter().map(|parameter| parameter.name);
    for (name, _) in parameters.iter().filter(|(name, _)| operation.parameter(name).is_none()) {
        violations.push(Violation::unknown(name, suggest::closest(name, known())));
    }
    violations
        .extend(operation.rules.iter().filter_map(|rule| check_rule(rule, parameters, waived)));
    for violation in &mut violations {
        violation.documentation = operation.documentation;
    }
    violations
}

fn check_value(
    operation: &Operation,
    parameter: &Parameter,
    value: &Value,
    images: &ImageLimits,
    violations: &mut Vec<Violation>,
) {
    let shown = |actual| if parameter.sensitive { "another value".to_owned() } else { actual };
    if let Some(limit) = expected_kind(parameter.kind, value) {
        let actual =
            value.to_wire().map_or_else(|| "a picture".to_owned(), |text| shown(quote(&text)));
        violations.push(Violation::new(parameter.name, limit, actual, parameter.invalid_code));
        return;
    }
    match (parameter.kind, value) {
        (_, Value::Image(image)) => check_image(parameter, image, images, violations),
        (Kind::Image, Value::Text(url)) => {
            check_image(parameter, &Image::from_url(url), images, violations);
        }
        (_, Value::Pictures(pictures)) => {
            for picture in pictures {
                check_image(parameter, picture.image(), images, violations);
            }
        }
        (_, Value::Filter(filter)) => check_filter(operation, parameter, filter, violations),
        (Kind::Filter, Value::Text(text)) => match Filter::parse(text) {
            Ok(filter) => check_filter(operation, parameter, &filter, violations),
            Err(error) => violations.push(Violation::sentence(
                parameter.name,
                error.to_string(),
                parameter.invalid_code,
            )),
        },
        _ => {}
    }
    if parameter.required == Required::Always && value.to_wire().is_some_and(|text| text.is_empty())
    {
        violations.push(Violation::missing(parameter.name, parameter.missing_code));
        return;
    }
    for limit in parameter.limits.iter().filter(|limit| limit.enforce == Enforce::Reject) {
        if let Some((allowed, actual)) = breaks(limit, value) {
            let code = limit.code.or(parameter.invalid_code);
            violations.push(Violation::new(parameter.name, allowed, shown(actual), code));
        }
    }
}

/// Returns what a value should have been, if it is not of its parameter's kind.
fn expected_kind(kind: Kind, value: &Value) -> Option<String> {
    let text = || value.to_wire().unwrap_or_default();
    match kind {
        Kind::Integer32 | Kind::Category => {
            let fits = value.as_integer().is_some_and(|number| i32::try_from(number).is_ok());
            (!fits).then(|| "must be a whole number of 32 bits".to_owned())
        }
        Kind::Integer64 | Kind::TaskId => {
            value.as_integer().is_none().then(|| "must be a whole number".to_owned())
        }
        Kind::Boolean => {
            value.as_boolean().is_none().then(|| "must be `true` or `false`".to_owned())
        }
        Kind::BoundingBox => text().parse::<BoundingBox>().err().map(|_| {
            "must be a box `x1,x2,y1,y2` of whole pixels with x1 < x2 and y1 < y2".to_owned()
        }),
        Kind::ScoreThreshold => match value {
            Value::Decimal(number) => ScoreThreshold::new(*number).err(),
            _ => text().parse::<ScoreThreshold>().err(),
        }
        .map(|_| "must be a decimal from 0.00 to 1.00 with at most two decimals".to_owned()),
        Kind::Image => match value {
            Value::Image(_) | Value::Text(_) => None,
            _ => Some("must be a picture or its URL".to_owned()),
        },
        Kind::InlineImage => match value {
            Value::Image(image) if image.bytes().is_some() => None,
            _ => Some("must be the bytes of a picture; this API version takes no URL".to_owned()),
        },
        Kind::Pictures => match value {
            Value::Pictures(pictures) if pictures.iter().all(|it| it.image().bytes().is_some()) => {
                None
            }
            _ => {
                Some("must be pictures with their bytes; this API version takes no URL".to_owned())
            }
        },
        Kind::PictureNames => {
            (!matches!(value, Value::Names(_))).then(|| "must be a list of names".to_owned())
        }
        Kind::Filter => match value {
            Value::Filter(_) | Value::Text(_) => None,
            _ => Some("must be a filter".to_owned()),
        },
        Kind::String => matches!(value, Value::Image(_)).then(|| "must be a text".to_owned()),
    }
}

/// Checks a picture; each of two pictures has its own codes.
fn check_image(
    parameter: &Parameter,
    image: &Image,
    limits: &ImageLimits,
    violations: &mut Vec<Violation>,
) {
    violations.extend(image.check(limits).iter().map(|problem| {
        let code = match problem.kind {
            ImageProblemKind::TooLarge => parameter.invalid_code,
            ImageProblemKind::Empty => parameter.missing_code,
            _ => None,
        };
        let code = code.unwrap_or(problem.code);
        Violation::sentence(parameter.name, problem.to_string(), Some(code))
    }));
}

/// Checks the operators of a filter against those that the operation lists.
fn check_filter(
    operation: &Operation,
    parameter: &Parameter,
    filter: &Filter,
    violations: &mut Vec<Violation>,
) {
    let Some(allowed) = &operation.filter else {
        return;
    };
    violations.extend(filter.check(allowed).iter().map(|violation| {
        Violation::sentence(parameter.name, violation.to_string(), parameter.invalid_code)
    }));
}

/// Returns what a limit allows and what was given, if a value breaks it.
fn breaks(limit: &Limit, value: &Value) -> Option<(String, String)> {
    let number = || value.as_integer();
    let text = || value.to_wire();
    let count = |text: &str| u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    match limit.check {
        Check::Min(min) => number()
            .filter(|number| *number < min)
            .map(|number| (format!("must be at least {min}"), number.to_string())),
        Check::Max(max) => number()
            .filter(|number| *number > max)
            .map(|number| (format!("must be at most {max}"), number.to_string())),
        Check::MinLength(min) => {
            text().map(|text| count(&text)).filter(|length| *length < min).map(|length| {
                (format!("must have at least {min} characters"), format!("{length} characters"))
            })
        }
        Check::MaxLength(max) => {
            text().map(|text| count(&text)).filter(|length| *length > max).map(|length| {
                (format!("must have at most {max} characters"), format!("{length} characters"))
            })
        }
        Check::MinItems(min) => items(value)
            .filter(|count| *count < min)
            .map(|count| (format!("must have at least {min} entries"), format!("{count} entries"))),
        Check::Format(format) => text()
            .filter(|text| !format.matches(text))
            .map(|text| (format!("must be a text that {}", format.in_words()), quote(&text))),
        Check::OneOfIntegers(known) => number()
            .filter(|number| !known.contains(number))
            .map(|number| (format!("must be one of {known:?}"), number.to_string())),
        Check::OneOfStrings(known) => text()
            .filter(|text| !known.contains(&text.as_ref()))
            .map(|text| (format!("must be one of {known:?}"), quote(&text))),
        Check::ForbiddenCharacters(forbidden) => text()
            .filter(|text| text.contains(|character| forbidden.contains(character)))
            .map(|text| (format!("must not contain any of {forbidden}"), quote(&text))),
    }
}

/// Counts the entries of a list.
fn items(value: &Value) -> Option<u32> {
    let count = match value {
        Value::Pictures(pictures) => pictures.len(),
        Value::Names(names) => names.len(),
        _ => return None,
    };
    Some(u32::try_from(count).unwrap_or(u32::MAX))
}

fn check_rule(rule: &Rule, parameters: &Parameters, waived: &[&str]) -> Option<Violation> {
    match rule {
        Rule::SumAtMost { parameters: summands, limit, enforce, code } => {
            let value = |name: &str, default: i64| match parameters.get(name) {
                Some(value) => value.as_integer().unwrap_or(default),
                None => default,
            };
            let sum = summands
                .iter()
                .fold(0_i64, |sum, (name, default)| sum.saturating_add(value(name, *default)));
            if *enforce == Enforce::Document || sum <= *limit {
                return None;
            }
            let names: Vec<&str> = summands.iter().map(|(name, _)| *name).collect();
            let allowed = format!("must be at most {limit} together");
            Some(Violation::new(&names.join(" + "), allowed, sum.to_string(), *code))
        }
        Rule::RequiredIf { parameter, condition, enforce, code } => {
            let actual = parameters.get(condition.parameter).and_then(Value::to_wire);
            let applies = (actual.as_deref() == Some(condition.value)) == condition.equal;
            let present = parameters
                .get(parameter)
                .is_some_and(|value| value.to_wire().is_none_or(|text| !text.is_empty()));
            if *enforce == Enforce::Document || !applies || present || waived.contains(parameter) {
                return None;
            }
            let word = if condition.equal { "is" } else { "is not" };
            let problem = format!(
                "missing; it must be set when {} {word} `{}`",
                condition.parameter, condition.value
            );
            Some(Violation::sentence(parameter, problem, *code))
        }
    }
}

#[cfg(test)]
mod tests;
