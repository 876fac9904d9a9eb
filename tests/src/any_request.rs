//! Requests of any operation, drawn within its documented limits.

use imagesearch_core::{
    API_VERSION, Image,
    filter::{Filter, int_attr, int_attr2, int_attr4, str_attr, str_attr3},
    image::ImageLimits,
    operation::{Check, Format, Kind, Limit, Location, Operation, Parameter, Required},
    operations::OPERATIONS,
    parameters::{Parameters, Picture, Value},
    validate::validate,
};
use proptest::{
    collection::{btree_map, btree_set, vec},
    prelude::*,
    sample::select,
};

use crate::pictures::png;

/// Lists the operations of the version at the root of core.
pub fn operations() -> Vec<&'static Operation> {
    OPERATIONS.iter().copied().filter(|operation| operation.version == API_VERSION).collect()
}

/// Lists the operations of the two older versions.
pub fn legacy_operations() -> Vec<&'static Operation> {
    OPERATIONS.iter().copied().filter(|operation| operation.version != API_VERSION).collect()
}

/// Draws any operation with parameters that keep every documented limit.
pub fn any_request() -> impl Strategy<Value = (&'static Operation, Parameters)> {
    request_of(operations())
}

/// Draws any operation of the older versions with parameters that keep every documented limit.
pub fn any_legacy_request() -> impl Strategy<Value = (&'static Operation, Parameters)> {
    request_of(legacy_operations())
}

fn request_of(
    operations: Vec<&'static Operation>,
) -> impl Strategy<Value = (&'static Operation, Parameters)> {
    select(operations)
        .prop_flat_map(|operation| (Just(operation), parameters_of(operation)))
        .prop_filter("breaks a rule across parameters", |(operation, parameters)| {
            let scope = operation.parameters.iter().find(|parameter| parameter.scope);
            let named =
                scope.into_iter().fold(parameters.clone(), |it, scope| it.with(scope.name, "shop"));
            validate(operation, &named, &ImageLimits::DEFAULT, &[]).is_empty()
        })
}

fn parameters_of(operation: &'static Operation) -> BoxedStrategy<Parameters> {
    let empty = Just(Parameters::new()).boxed();
    let own = operation.parameters.iter().filter(|parameter| !parameter.scope);
    own.fold(empty, |before, parameter| {
        let present = match parameter.required {
            Required::Always => Just(true).boxed(),
            _ => any::<bool>().boxed(),
        };
        (before, present, value_of(operation, parameter))
            .prop_map(|(parameters, present, value)| match present {
                true => parameters.with(parameter.name, value),
                false => parameters,
            })
            .boxed()
    })
}

fn value_of(operation: &'static Operation, parameter: &'static Parameter) -> BoxedStrategy<Value> {
    let limit = |pick: fn(&Check) -> Option<i64>, otherwise: i64| {
        let checks = parameter.limits.iter().map(|limit: &Limit| &limit.check);
        checks.filter_map(pick).next().unwrap_or(otherwise)
    };
    let min = limit(|it| if let Check::Min(min) = it { Some(*min) } else { None }, i32::MIN.into());
    let max = limit(|it| if let Check::Max(max) = it { Some(*max) } else { None }, i32::MAX.into());
    match parameter.kind {
        Kind::String => text_of(parameter).prop_map(Value::Text).boxed(),
        Kind::Integer32 | Kind::Category => (min..=max).prop_map(Value::Integer).boxed(),
        Kind::Integer64 | Kind::TaskId => any::<i64>().prop_map(Value::Integer).boxed(),
        Kind::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Kind::Filter => {
            let lists = operation.filter.is_some_and(|it| it.integer.len() > 5);
            let text = match parameter.location {
                Location::Caret => "[ -~\n\t]{0,12}",
                _ => "[\\PC\n\t]{0,12}",
            };
            filters(lists, text).prop_map(Value::Filter).boxed()
        }
        Kind::InlineImage => picture().prop_map(Value::Image).boxed(),
        Kind::Pictures => btree_map(".{1,12}", picture(), 1..4)
            .prop_map(|pictures| Value::Pictures(pictures.into_iter().map(Picture::from).collect()))
            .boxed(),
        Kind::PictureNames => btree_set(".{1,12}", 1..4)
            .prop_map(|names| Value::Names(names.into_iter().collect()))
            .boxed(),
        Kind::Image => prop_oneof![
            picture().prop_map(Value::Image),
            "https?://[a-z]{1,8}\\.example/[a-zA-Z0-9%?&=+~é*]{0,30}"
                .prop_map(|url| Value::Image(Image::from_url(url))),
        ]
        .boxed(),
        Kind::BoundingBox => (0_u32..500, 1_u32..500, 0_u32..500, 1_u32..500)
            .prop_map(|(x, width, y, height)| {
                Value::Text(format!("{x},{},{y},{}", x + width, y + height))
            })
            .boxed(),
        Kind::ScoreThreshold => {
            (0_u32..100).prop_map(|hundredths| Value::Text(format!("0.{hundredths:02}"))).boxed()
        }
        kind => panic!("no values of the kind {kind:?}"),
    }
}

/// Draws texts of everything that can go wrong on the way: controls, separators, other scripts.
fn text_of(parameter: &'static Parameter) -> BoxedStrategy<String> {
    let (mut min, mut max, mut pattern) = (0, 40, None);
    if parameter.location == Location::Caret {
        pattern = Some(regex_of(Format::Ascii));
    }
    for limit in parameter.limits {
        match limit.check {
            Check::MinLength(length) => min = length as usize,
            Check::MaxLength(length) => max = max.min(length as usize),
            Check::Format(format) => pattern = Some(regex_of(format)),
            Check::OneOfStrings(known) => {
                return select(known).prop_map(str::to_owned).boxed();
            }
            _ => {}
        }
    }
    let odd = select(
        "\0\t\r\n\u{7f} +&=%/?#~*'\"\\é红\u{301}\u{202e}\u{feff}😀\u{10ffff}"
            .chars()
            .collect::<Vec<_>>(),
    );
    let character = prop_oneof![odd, any::<char>(), proptest::char::range('a', 'z')];
    match pattern {
        Some(regex) => proptest::string::string_regex(regex).unwrap().boxed(),
        None => vec(character, min..=max).prop_map(|it| it.into_iter().collect()).boxed(),
    }
}

fn regex_of(format: Format) -> &'static str {
    match format {
        Format::Ascii => r"[\x00-\x7F]*",
        Format::Folder => "/(.*[^/\n])?",
        Format::HttpUrl => "https?://.+",
        other => panic!("no texts of the format {other:?}"),
    }
}

fn picture() -> impl Strategy<Value = Image> {
    (100_u32..4096, 100_u32..4096).prop_map(|(width, height)| Image::from(png(width, height)))
}

fn filters(lists: bool, text: &'static str) -> impl Strategy<Value = Filter> {
    let plain = prop_oneof![
        any::<i32>().prop_map(|number| int_attr().eq(number)),
        any::<i32>().prop_map(|number| int_attr2().ge(number)),
        any::<i32>().prop_map(|number| int_attr4().lt(number)),
        text.prop_map(|text| str_attr().eq(text)),
        text.prop_map(|text| str_attr3().ne(text)),
    ];
    let comparison = if lists {
        prop_oneof![
            3 => plain,
            1 => vec(any::<i32>(), 1..4).prop_map(|numbers| int_attr().is_in(numbers)),
            1 => vec(text, 1..4).prop_map(|texts| str_attr().not_in(texts)),
        ]
        .boxed()
    } else {
        plain.boxed()
    };
    comparison.prop_recursive(4, 12, 2, |inner| {
        (inner.clone(), inner, any::<bool>())
            .prop_map(|(left, right, both)| if both { left & right } else { left | right })
    })
}
