//! The attributes that a filter is evaluated against.

use std::collections::BTreeMap;

use super::{IntegerField, StringField};

/// Gives a filter access to the attributes of one image.
///
/// Implement it for your own type to evaluate filters on it, or use [`AttributeSet`].
///
/// ```
/// # use imagesearch_core::filter::{Attributes, Filter, IntegerField, StringField, int_attr};
/// struct Shoe {
///     price: i64,
/// }
///
/// impl Attributes for Shoe {
///     fn integer(&self, field: IntegerField) -> Option<i64> {
///         (field == int_attr()).then_some(self.price)
///     }
///     fn string(&self, _: StringField) -> Option<&str> {
///         None
///     }
/// }
///
/// let cheap = Filter::parse("int_attr < 50")?;
/// assert_eq!(cheap.matches(&Shoe { price: 40 }), Some(true));
/// # Ok::<(), imagesearch_core::filter::FilterError>(())
/// ```
pub trait Attributes {
    /// Returns the value of an integer attribute, or `None` if the image has none.
    fn integer(&self, field: IntegerField) -> Option<i64>;

    /// Returns the value of a string attribute, or `None` if the image has none.
    fn string(&self, field: StringField) -> Option<&str>;
}

/// The attributes of one image, for tests of filters.
///
/// ```
/// # use imagesearch_core::filter::{AttributeSet, int_attr, str_attr};
/// let shoe = AttributeSet::new().with_integer(int_attr(), 40).with_string(str_attr(), "red");
/// assert_eq!(str_attr().eq("red").matches(&shoe), Some(true));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeSet {
    integers: BTreeMap<IntegerField, i64>,
    strings: BTreeMap<StringField, String>,
}

impl AttributeSet {
    /// Creates a set without any attribute.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets an integer attribute, replacing an earlier value.
    #[must_use]
    pub fn with_integer(mut self, field: IntegerField, value: i64) -> Self {
        self.integers.insert(field, value);
        self
    }

    /// Sets a string attribute, replacing an earlier value.
    #[must_use]
    pub fn with_string(mut self, field: StringField, value: impl Into<String>) -> Self {
        self.strings.insert(field, value.into());
        self
    }
}

impl Attributes for AttributeSet {
    fn integer(&self, field: IntegerField) -> Option<i64> {
        self.integers.get(&field).copied()
    }

    fn string(&self, field: StringField) -> Option<&str> {
        self.strings.get(&field).map(String::as_str)
    }
}
