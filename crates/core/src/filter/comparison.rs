//! One comparison of a field with a value or a list of values.

use std::fmt::{self, Write};

use super::{FieldDescription, IntegerField, Operator, StringField};

/// A comparison of one field with a value, or with a list of values.
///
/// Comparisons are created by the methods of [`IntegerField`] and [`StringField`] or by the parser,
/// and read through [`Filter::comparisons`](super::Filter::comparisons).
///
/// ```
/// # use imagesearch_core::filter::{Filter, Operator, Value};
/// let filter = Filter::parse("int_attr in (7, 9)")?;
/// let comparison = filter.comparisons().next().ok_or("no comparison")?;
/// assert_eq!(comparison.field().parameter, "IntAttr");
/// assert_eq!(comparison.operator(), Operator::In);
/// assert!(comparison.values().eq([Value::Integer(7), Value::Integer(9)]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    operator: Operator,
    operand: Operand,
}

/// A field together with values of its type; a single value unless the operator takes a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Integer(IntegerField, Vec<i32>),
    String(StringField, Vec<String>),
}

/// A value in a comparison. `Display` writes it as in a filter.
///
/// ```
/// # use imagesearch_core::filter::Value;
/// assert_eq!(Value::Integer(-1).to_string(), "-1");
/// assert_eq!(Value::String(r#"3" pipe"#).to_string(), r#""3\" pipe""#);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Value<'a> {
    /// The value of an integer field.
    Integer(i32),
    /// The value of a string field, without quotes and escapes.
    String(&'a str),
}

impl Comparison {
    pub(super) fn integer(field: IntegerField, operator: Operator, values: Vec<i32>) -> Self {
        Self { operator, operand: Operand::Integer(field, values) }
    }

    pub(super) fn string(field: StringField, operator: Operator, values: Vec<String>) -> Self {
        Self { operator, operand: Operand::String(field, values) }
    }

    /// Returns the description of the field.
    #[must_use]
    pub fn field(&self) -> &'static FieldDescription {
        match &self.operand {
            Operand::Integer(field, _) => field.description(),
            Operand::String(field, _) => field.description(),
        }
    }

    /// Returns the operator.
    #[must_use]
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// Iterates over the values: one, or those of the list.
    pub fn values(&self) -> impl Iterator<Item = Value<'_>> {
        let (integers, strings): (&[i32], &[String]) = match &self.operand {
            Operand::Integer(_, values) => (values, &[]),
            Operand::String(_, values) => (&[], values),
        };
        let integers = integers.iter().copied().map(Value::Integer);
        integers.chain(strings.iter().map(|value| Value::String(value)))
    }

    pub(super) fn operand(&self) -> &Operand {
        &self.operand
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.field().name)?;
        if !self.operator.takes_list() {
            f.write_str(self.operator.as_str())?;
            return self.values().try_for_each(|value| value.fmt(f));
        }
        write!(f, " {} (", self.operator)?;
        for (index, value) in self.values().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            value.fmt(f)?;
        }
        f.write_str(")")
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => write!(f, "{value}"),
            Self::String(value) => write_quoted(f, value),
        }
    }
}

fn write_quoted(f: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in value.chars() {
        if matches!(character, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(character)?;
    }
    f.write_char('"')
}
