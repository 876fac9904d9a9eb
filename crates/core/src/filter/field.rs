//! The fields a filter may name.

use std::fmt;

/// One field of the filter language.
///
/// The table of all fields, [`FIELDS`](super::FIELDS), is generated from the API description.
///
/// ```
/// # use imagesearch_core::filter::{FIELDS, FieldKind};
/// let strings = FIELDS.iter().filter(|field| field.kind == FieldKind::String);
/// assert_eq!(strings.count(), 4);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct FieldDescription {
    /// The name in filters, such as `int_attr2`.
    pub name: &'static str,
    /// The second spelling the parser accepts, such as `intAttr2`.
    pub camel_name: &'static str,
    /// The request parameter that stores the value, such as `IntAttr2`.
    pub parameter: &'static str,
    /// The type of the values.
    pub kind: FieldKind,
}

/// The type of a field's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FieldKind {
    /// A whole number of 32 bits.
    Integer,
    /// A string.
    String,
}

impl fmt::Display for FieldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Integer => "integer",
            Self::String => "string",
        })
    }
}

/// An integer attribute; its methods create comparisons.
///
/// ```
/// # use imagesearch_core::filter::int_attr;
/// assert_eq!(int_attr().name(), "int_attr");
/// assert_eq!(int_attr().ge(100).to_string(), "int_attr>=100");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntegerField {
    description: &'static FieldDescription,
}

impl IntegerField {
    /// Wraps the description of a field of kind [`FieldKind::Integer`].
    pub(crate) const fn new(description: &'static FieldDescription) -> Self {
        Self { description }
    }

    /// Returns the name in filters, such as `int_attr`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.description.name
    }

    /// Returns the description from the table of fields.
    #[must_use]
    pub const fn description(self) -> &'static FieldDescription {
        self.description
    }
}

/// A string attribute; its methods create comparisons.
///
/// ```
/// # use imagesearch_core::filter::str_attr2;
/// assert_eq!(str_attr2().name(), "str_attr2");
/// assert_eq!(str_attr2().eq("red").to_string(), r#"str_attr2="red""#);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StringField {
    description: &'static FieldDescription,
}

impl StringField {
    /// Wraps the description of a field of kind [`FieldKind::String`].
    pub(crate) const fn new(description: &'static FieldDescription) -> Self {
        Self { description }
    }

    /// Returns the name in filters, such as `str_attr`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.description.name
    }

    /// Returns the description from the table of fields.
    #[must_use]
    pub const fn description(self) -> &'static FieldDescription {
        self.description
    }
}

impl fmt::Debug for IntegerField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IntegerField({})", self.name())
    }
}

impl fmt::Debug for StringField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StringField({})", self.name())
    }
}

impl fmt::Display for IntegerField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for StringField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
