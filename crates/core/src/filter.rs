//! The filter language: build, parse, print, check and evaluate filters.
//!
//! A filter picks images by the attributes they were added with: `IntAttr`, `IntAttr2` to
//! `IntAttr4`, `StrAttr`, `StrAttr2` to `StrAttr4`. Searches and `DeleteImage` take one.
//!
//! ```
//! # use imagesearch_core::filter::{Filter, int_attr, str_attr};
//! // Built in Rust, where a string can't be compared with an integer field:
//! let built = int_attr().ge(100) & (str_attr().eq("red") | str_attr().eq("blue"));
//! assert_eq!(built.to_string(), r#"int_attr>=100 AND (str_attr="red" OR str_attr="blue")"#);
//!
//! // Or parsed, for filters that come from a user or a file:
//! let parsed: Filter = r#"int_attr >= 100 and (strAttr="red" or strAttr="blue")"#.parse()?;
//! assert_eq!(parsed, built);
//! # Ok::<(), imagesearch_core::filter::FilterError>(())
//! ```
//!
//! # The language
//!
//! | part | form |
//! |---|---|
//! | integer fields | `int_attr`, `int_attr2` to `int_attr4`; values of 32 bits |
//! | their operators | `=`, `>`, `>=`, `<`, `<=`, `in (1,2)`, `not in (1,2)` |
//! | string fields | `str_attr`, `str_attr2` to `str_attr4`; values in double quotes |
//! | their operators | `=`, `!=`, `in ("a","b")`, `not in ("a","b")` |
//! | joined with | `AND`, which binds tighter, and `OR`; parentheses |
//! | length | 4,096 characters, counted by [`Filter::char_count`] |
//!
//! # Assumptions
//!
//! The service documents its language by a few examples. Where they leave something open, this
//! module assumes: the form of the list after `in`; `\"` and `\\` for quotes and backslashes in
//! strings; keywords in any case; and, in [`Filter::matches`], that an image without an attribute
//! fails every comparison with it. `in` and `not in` were documented in 2026, for searches only;
//! [`Filter::check`] reports them where an operation does not list them.
//!
//! [`Filter::raw`] passes on any text, so that none of this stands in your way.

mod attributes;
mod builder;
mod check;
mod comparison;
mod error;
mod evaluate;
mod field;
mod lexer;
mod operator;
mod parser;
mod print;
mod tree;

use std::fmt;
use std::ops::{BitAnd, BitOr};
use std::str::FromStr;

use tree::{Clause, Connective, Tree};

pub use crate::generated::filter_fields::*;
pub use attributes::{AttributeSet, Attributes};
pub use check::FilterViolation;
pub use comparison::{Comparison, Value};
pub use error::FilterError;
pub use field::{FieldDescription, FieldKind, IntegerField, StringField};
pub use operator::{AllowedOperators, Operator};

/// A condition on the attributes of images.
///
/// Create one from a field ([`int_attr()`](int_attr), [`str_attr()`](str_attr) and so on), with
/// [`Filter::parse`] or with [`Filter::raw`]; join filters with `&` and `|`. `Display` writes the
/// form that is sent, with no more parentheses than needed. Chains of one connective are flat, so
/// `a & (b & c)` equals `(a & b) & c`.
///
/// Filters may be as large and as deeply nested as you like: no method recurses. Only the parser
/// has limits.
#[derive(Clone, PartialEq, Eq)]
pub struct Filter {
    tree: Tree,
}

impl Filter {
    /// The longest text that [`Filter::parse`] reads: 65,536 bytes.
    pub const MAX_PARSED_BYTES: usize = parser::MAX_BYTES;

    /// The deepest nesting of parentheses that [`Filter::parse`] reads: 64.
    pub const MAX_NESTING: usize = parser::MAX_NESTING;

    /// Parses the filter language strictly.
    ///
    /// Fields may be written `int_attr` or `intAttr`, keywords in any case. The result prints in
    /// one form, which parses to an equal filter (up to 64 levels of parentheses).
    ///
    /// ```
    /// # use imagesearch_core::filter::Filter;
    /// let filter = Filter::parse(r#"( intAttr = 1000 ) and str_attr2 not in ( "a", "b" )"#)?;
    /// assert_eq!(filter.to_string(), r#"int_attr=1000 AND str_attr2 not in ("a","b")"#);
    ///
    /// let error = Filter::parse("int_attr == 1").unwrap_err();
    /// assert_eq!(error.message(), "unknown operator `==`");
    /// assert_eq!(error.help(), "did you mean `=`?");
    /// # Ok::<(), imagesearch_core::filter::FilterError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns the first mistake, with its place and advice: a text outside the language, an empty
    /// text or list, a number that does not fit 32 bits, more than [`Filter::MAX_NESTING`] levels
    /// of parentheses or more than [`Filter::MAX_PARSED_BYTES`] bytes. The parser does not check
    /// the limit of 4,096 characters.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        parser::parse(text).map(|tree| Self { tree })
    }

    /// Creates a filter from text that is sent unparsed.
    ///
    /// Use it for syntax that the service accepts and this library does not know. If it is joined
    /// with another filter, the text is put in parentheses.
    ///
    /// ```
    /// # use imagesearch_core::filter::{Filter, int_attr};
    /// let raw = Filter::raw("new_attr like 1 OR int_attr=2");
    /// assert_eq!(raw.to_string(), "new_attr like 1 OR int_attr=2");
    /// let joined = raw & int_attr().gt(5);
    /// assert_eq!(joined.to_string(), "(new_attr like 1 OR int_attr=2) AND int_attr>5");
    /// assert!(joined.is_raw());
    /// ```
    #[must_use]
    pub fn raw(text: impl Into<String>) -> Self {
        Self { tree: Tree::leaf(Clause::Raw(text.into())) }
    }

    /// Matches what both filters match; the same as `&`.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { tree: self.tree.join(Connective::And, other.tree) }
    }

    /// Matches what either filter matches; the same as `|`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { tree: self.tree.join(Connective::Or, other.tree) }
    }

    /// Joins filters with `AND`; returns `None` if there are none.
    ///
    /// ```
    /// # use imagesearch_core::filter::{Filter, int_attr, int_attr2};
    /// let all = Filter::all_of([int_attr().ge(1), int_attr().le(9), int_attr2().eq(0)]);
    /// let text = all.map(|filter| filter.to_string());
    /// assert_eq!(text.as_deref(), Some("int_attr>=1 AND int_attr<=9 AND int_attr2=0"));
    /// assert_eq!(Filter::all_of([]), None);
    /// ```
    #[must_use]
    pub fn all_of(filters: impl IntoIterator<Item = Self>) -> Option<Self> {
        filters.into_iter().reduce(Self::and)
    }

    /// Joins filters with `OR`; returns `None` if there are none.
    ///
    /// This replaces `in` where an operation does not support it.
    ///
    /// ```
    /// # use imagesearch_core::filter::{Filter, int_attr};
    /// let any = Filter::any_of([7, 9].map(|id| int_attr().eq(id)));
    /// assert_eq!(any.map(|filter| filter.to_string()).as_deref(), Some("int_attr=7 OR int_attr=9"));
    /// ```
    #[must_use]
    pub fn any_of(filters: impl IntoIterator<Item = Self>) -> Option<Self> {
        filters.into_iter().reduce(Self::or)
    }

    /// Returns whether a part of the filter is unparsed text.
    #[must_use]
    pub fn is_raw(&self) -> bool {
        self.tree.clauses().any(|clause| matches!(clause, Clause::Raw(_)))
    }

    /// Counts the Unicode characters of the printed filter; the service takes 4,096.
    ///
    /// ```
    /// # use imagesearch_core::filter::str_attr;
    /// assert_eq!(str_attr().eq("红色").char_count(), 13);
    /// ```
    #[must_use]
    pub fn char_count(&self) -> usize {
        self.to_string().chars().count()
    }

    /// Iterates over the comparisons from left to right, without raw text.
    pub fn comparisons(&self) -> impl Iterator<Item = &Comparison> {
        self.tree.clauses().filter_map(|clause| match clause {
            Clause::Comparison(comparison) => Some(comparison),
            Clause::Raw(_) => None,
        })
    }

    /// Lists the clauses that an operation does not support.
    ///
    /// These are operators the operation does not list, `in` and `not in` with an empty list,
    /// and blank raw text. Other raw text is never reported.
    ///
    /// ```
    /// # use imagesearch_core::filter::{AllowedOperators, Operator, int_attr, str_attr};
    /// let allowed = AllowedOperators::new(&[Operator::Equal], &[Operator::Equal]);
    /// let filter = str_attr().eq("red") & int_attr().is_in([1, 2]);
    /// let violations = filter.check(&allowed);
    /// assert_eq!(violations.len(), 1);
    /// assert_eq!(
    ///     violations[0].to_string(),
    ///     "operator `in` in `int_attr in (1,2)` at column 20 is not supported by this operation: \
    ///      use `=`, one comparison a value, joined with OR"
    /// );
    /// ```
    #[must_use]
    pub fn check(&self, allowed: &AllowedOperators) -> Vec<FilterViolation> {
        check::violations(&self.tree, allowed)
    }

    /// Returns whether an image with these attributes matches.
    ///
    /// The answer is `None` if the filter [is raw](Filter::is_raw) in any part, since only the
    /// service knows what the text means. Strings compare exactly. An absent attribute fails every
    /// comparison, `!=` and `not in` too; that the service does the same is an assumption.
    ///
    /// ```
    /// # use imagesearch_core::filter::{AttributeSet, Filter, int_attr, str_attr};
    /// let shoe = AttributeSet::new().with_integer(int_attr(), 120);
    /// assert_eq!(int_attr().ge(100).matches(&shoe), Some(true));
    /// assert_eq!(str_attr().ne("red").matches(&shoe), Some(false));
    /// assert_eq!(Filter::raw("int_attr>=100").matches(&shoe), None);
    /// ```
    #[must_use]
    pub fn matches(&self, attributes: &(impl Attributes + ?Sized)) -> Option<bool> {
        evaluate::evaluate(&self.tree, attributes)
    }
}

impl BitAnd for Filter {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.and(other)
    }
}

impl BitOr for Filter {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl From<Comparison> for Filter {
    fn from(comparison: Comparison) -> Self {
        Self { tree: Tree::leaf(Clause::Comparison(comparison)) }
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

impl TryFrom<&str> for Filter {
    type Error = FilterError;

    fn try_from(text: &str) -> Result<Self, FilterError> {
        Self::parse(text)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print::pieces(&self.tree).into_iter().try_for_each(|piece| write!(f, "{piece}"))
    }
}

impl fmt::Debug for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Filter({self})")
    }
}

#[cfg(test)]
mod tests;
