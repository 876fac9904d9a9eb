//! Properties that hold for every filter and every text.

use proptest::prelude::*;

use crate::filter::lexer::{Lexer, TokenKind};
use crate::filter::*;

/// The obvious recursive tree, as an independent statement of what a filter means.
#[derive(Debug, Clone)]
enum Model {
    Integer(usize, Operator, Vec<i32>),
    String(usize, Operator, Vec<String>),
    And(Vec<Model>),
    Or(Vec<Model>),
}

type Image = ([Option<i32>; 4], [Option<String>; 4]);

const INTEGERS: [fn() -> IntegerField; 4] = [int_attr, int_attr2, int_attr3, int_attr4];
const STRINGS: [fn() -> StringField; 4] = [str_attr, str_attr2, str_attr3, str_attr4];

impl Model {
    fn build(&self) -> Filter {
        match self {
            Self::Integer(field, operator, values) => {
                let (field, first) = (INTEGERS[*field](), values[0]);
                match operator {
                    Operator::Equal => field.eq(first),
                    Operator::Greater => field.gt(first),
                    Operator::GreaterOrEqual => field.ge(first),
                    Operator::Less => field.lt(first),
                    Operator::LessOrEqual => field.le(first),
                    Operator::In => field.is_in(values.clone()),
                    _ => field.not_in(values.clone()),
                }
            }
            Self::String(field, operator, values) => {
                let (field, first) = (STRINGS[*field](), &values[0]);
                match operator {
                    Operator::Equal => field.eq(first),
                    Operator::NotEqual => field.ne(first),
                    Operator::In => field.is_in(values),
                    _ => field.not_in(values),
                }
            }
            Self::And(operands) => operands.iter().map(Self::build).reduce(|a, b| a & b).unwrap(),
            Self::Or(operands) => operands.iter().map(Self::build).reduce(|a, b| a | b).unwrap(),
        }
    }

    fn matches(&self, image: &Image) -> bool {
        match self {
            Self::Integer(field, operator, values) => image.0[*field].is_some_and(|actual| {
                let first = values[0];
                match operator {
                    Operator::Equal => actual == first,
                    Operator::Greater => actual > first,
                    Operator::GreaterOrEqual => actual >= first,
                    Operator::Less => actual < first,
                    Operator::LessOrEqual => actual <= first,
                    Operator::In => values.contains(&actual),
                    _ => !values.contains(&actual),
                }
            }),
            Self::String(field, operator, values) => {
                image.1[*field].as_ref().is_some_and(|actual| match operator {
                    Operator::Equal => *actual == values[0],
                    Operator::NotEqual => *actual != values[0],
                    Operator::In => values.contains(actual),
                    _ => !values.contains(actual),
                })
            }
            Self::And(operands) => operands.iter().all(|operand| operand.matches(image)),
            Self::Or(operands) => operands.iter().any(|operand| operand.matches(image)),
        }
    }
}

/// Small values, which meet often, and any others.
fn integer() -> impl Strategy<Value = i32> {
    prop_oneof![4 => -2..3, 1 => any::<i32>()]
}

fn string() -> impl Strategy<Value = String> {
    prop_oneof![4 => short_string(), 1 => any::<String>()]
}

fn short_string() -> impl Strategy<Value = String> {
    "[ab\"\\\\]{0,2}"
}

fn model(string: impl Strategy<Value = String> + 'static) -> impl Strategy<Value = Model> {
    let operators = |kind| prop::sample::select(AllowedOperators::LANGUAGE.of(kind));
    let integers =
        (0..4_usize, operators(FieldKind::Integer), prop::collection::vec(integer(), 1..4))
            .prop_map(|(field, operator, values)| Model::Integer(field, operator, values));
    let strings = (0..4_usize, operators(FieldKind::String), prop::collection::vec(string, 1..4))
        .prop_map(|(field, operator, values)| Model::String(field, operator, values));
    prop_oneof![integers, strings].prop_recursive(6, 40, 4, |inner| {
        let operands = prop::collection::vec(inner, 1..4);
        prop_oneof![operands.clone().prop_map(Model::And), operands.prop_map(Model::Or)]
    })
}

fn image() -> impl Strategy<Value = Image> {
    (
        prop::array::uniform4(prop::option::weighted(0.8, integer())),
        prop::array::uniform4(prop::option::weighted(0.8, string())),
    )
}

fn attributes((integers, strings): &Image) -> AttributeSet {
    let mut set = AttributeSet::new();
    for (field, value) in INTEGERS.iter().zip(integers) {
        set = value.iter().fold(set, |set, value| set.with_integer(field(), i64::from(*value)));
    }
    for (field, value) in STRINGS.iter().zip(strings) {
        set = value.iter().fold(set, |set, value| set.with_string(field(), value));
    }
    set
}

/// Texts that come closer to a filter than random characters do.
fn almost_filter() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "int_attr",
        "strAttr2",
        "int_atr",
        "=",
        "!=",
        ">=",
        "==",
        "in",
        "not",
        "AND",
        "or",
        "(",
        ")",
        ",",
        "1",
        "-5",
        "99999999999",
        "\"a\"",
        "\"",
        "\\",
        "'",
        " ",
        "\n",
        "红",
        "（",
        "\u{301}",
    ]);
    prop::collection::vec(part, 0..40).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn parsing_what_was_printed_gives_the_same_filter(model in model(string())) {
        let filter = model.build();
        prop_assert_eq!(Filter::parse(&filter.to_string()), Ok(filter));
    }

    #[test]
    fn matches_agrees_with_the_model(model in model(string()), image in image()) {
        let expected = model.matches(&image);
        prop_assert_eq!(model.build().matches(&attributes(&image)), Some(expected));
    }

    #[test]
    fn the_printed_form_does_not_depend_on_the_spelling(
        // Strings that hold nothing that looks like a keyword.
        model in model(short_string()),
        shout: bool,
    ) {
        let printed = model.build().to_string();
        let mut text = printed.replace(" AND ", "\tand\n").replace(" not in ", "  Not  In");
        for field in FIELDS.iter().rev() {
            text = text.replace(field.name, field.camel_name);
        }
        if shout {
            text = text.replace(" OR ", " oR ").replace('(', " ( ").replace(')', " ) ");
        }
        let parsed = Filter::parse(&text).map(|filter| filter.to_string());
        prop_assert_eq!(parsed, Ok(printed));
    }

    #[test]
    fn any_text_parses_or_gives_an_error_that_renders(
        text in prop_oneof![any::<String>(), almost_filter()],
    ) {
        match Filter::parse(&text) {
            Ok(filter) => {
                let printed = filter.to_string();
                prop_assert_eq!(Filter::parse(&printed), Ok(filter.clone()));
                prop_assert_eq!(filter.check(&AllowedOperators::LANGUAGE), []);
            }
            Err(error) => {
                prop_assert!(text.get(error.span()).is_some());
                let rendered = error.to_string();
                let lines: Vec<&str> = rendered.split('\n').collect();
                prop_assert_eq!(lines.len(), 3, "{}", &rendered);
                prop_assert!(!rendered.chars().any(|c| c.is_control() && c != '\n'));
                // The carets stand under the shown text, or right behind its end.
                let indent = lines[2].find('^').unwrap_or(usize::MAX);
                prop_assert!(indent <= lines[1].chars().count());
            }
        }
    }

    /// The parser reads each token once and never goes back, so this bounds its steps too.
    #[test]
    fn the_lexer_never_reads_a_character_into_two_tokens(text in almost_filter()) {
        let mut lexer = Lexer::new(&text);
        let mut end = 0;
        let mut tokens = 0;
        while let Ok(token) = lexer.next_token() {
            if token.kind == TokenKind::End {
                break;
            }
            prop_assert!(token.start >= end && !token.text.is_empty());
            end = token.span().end;
            tokens += 1;
        }
        prop_assert!(tokens <= text.chars().count());
    }
}
