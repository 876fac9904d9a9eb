//! The comparison operators, and which of them an operation supports.

use std::fmt;

use super::FieldKind;

/// A comparison operator of the filter language.
///
/// ```
/// # use imagesearch_core::filter::Operator;
/// assert_eq!(Operator::GreaterOrEqual.to_string(), ">=");
/// assert_eq!(Operator::NotIn.to_string(), "not in");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `=`
    Equal,
    /// `!=`, for strings.
    NotEqual,
    /// `>`, for integers.
    Greater,
    /// `>=`, for integers.
    GreaterOrEqual,
    /// `<`, for integers.
    Less,
    /// `<=`, for integers.
    LessOrEqual,
    /// `in`, followed by a list.
    In,
    /// `not in`, followed by a list.
    NotIn,
}

impl Operator {
    /// Returns the operator as it is written in a filter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::In => "in",
            Self::NotIn => "not in",
        }
    }

    /// Returns whether a parenthesised list of values follows.
    #[must_use]
    pub const fn takes_list(self) -> bool {
        matches!(self, Self::In | Self::NotIn)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The operators that an operation supports.
///
/// Each operation's own list is generated from the API description. It can be narrower than
/// [`AllowedOperators::LANGUAGE`]: for `DeleteImage`, `in` and `not in` are not documented.
///
/// ```
/// # use imagesearch_core::filter::{AllowedOperators, Operator};
/// const ONLY_EQUAL: AllowedOperators =
///     AllowedOperators::new(&[Operator::Equal], &[Operator::Equal]);
/// assert_eq!(ONLY_EQUAL.integer.len(), 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AllowedOperators {
    /// The operators for integer fields.
    pub integer: &'static [Operator],
    /// The operators for string fields.
    pub string: &'static [Operator],
}

impl AllowedOperators {
    /// All operators that [`Filter::parse`](super::Filter::parse) and the builder support.
    pub const LANGUAGE: Self = Self {
        integer: &[
            Operator::Equal,
            Operator::Greater,
            Operator::GreaterOrEqual,
            Operator::Less,
            Operator::LessOrEqual,
            Operator::In,
            Operator::NotIn,
        ],
        string: &[Operator::Equal, Operator::NotEqual, Operator::In, Operator::NotIn],
    };

    /// Takes the operators for integer fields and those for string fields.
    #[must_use]
    pub const fn new(integer: &'static [Operator], string: &'static [Operator]) -> Self {
        Self { integer, string }
    }

    /// Returns the operators for fields of one kind.
    #[must_use]
    pub const fn of(&self, kind: FieldKind) -> &'static [Operator] {
        match kind {
            FieldKind::Integer => self.integer,
            FieldKind::String => self.string,
        }
    }
}

/// Writes operators as a sentence lists them: `` `=`, `in` or `not in` ``.
pub(super) fn enumerate(operators: &[Operator]) -> String {
    let mut text = String::new();
    for (index, operator) in operators.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == operators.len() { " or " } else { ", " });
        }
        text.push('`');
        text.push_str(operator.as_str());
        text.push('`');
    }
    text
}
