//! The typed builder: a field's methods create comparisons.
//!
//! The methods borrow the field although it is `Copy`: called on a reference, a method that
//! takes `self` would lose to `PartialEq::eq` and friends.

use super::comparison::Comparison;
use super::{Filter, IntegerField, Operator, StringField};

impl IntegerField {
    /// Matches images whose attribute equals the value: `int_attr=1`.
    #[must_use]
    pub fn eq(&self, value: i32) -> Filter {
        self.compare(Operator::Equal, vec![value])
    }

    /// Matches images whose attribute is greater than the value: `int_attr>1`.
    #[must_use]
    pub fn gt(&self, value: i32) -> Filter {
        self.compare(Operator::Greater, vec![value])
    }

    /// Matches images whose attribute is the value or greater: `int_attr>=1`.
    #[must_use]
    pub fn ge(&self, value: i32) -> Filter {
        self.compare(Operator::GreaterOrEqual, vec![value])
    }

    /// Matches images whose attribute is less than the value: `int_attr<1`.
    #[must_use]
    pub fn lt(&self, value: i32) -> Filter {
        self.compare(Operator::Less, vec![value])
    }

    /// Matches images whose attribute is the value or less: `int_attr<=1`.
    #[must_use]
    pub fn le(&self, value: i32) -> Filter {
        self.compare(Operator::LessOrEqual, vec![value])
    }

    /// Matches images whose attribute is one of the values: `int_attr in (1,2)`.
    ///
    /// The service has documented `in` for searches only, and only since 2026. An empty list
    /// creates a filter that matches nothing and that [`Filter::check`] refuses.
    ///
    /// ```
    /// # use imagesearch_core::filter::int_attr;
    /// assert_eq!(int_attr().is_in([1, 2]).to_string(), "int_attr in (1,2)");
    /// assert_eq!(int_attr().is_in(1..=3).to_string(), "int_attr in (1,2,3)");
    /// ```
    #[must_use]
    pub fn is_in(&self, values: impl IntoIterator<Item = i32>) -> Filter {
        self.compare(Operator::In, values.into_iter().collect())
    }

    /// Matches images whose attribute is none of the values: `int_attr not in (1,2)`.
    ///
    /// The limits are those of [`IntegerField::is_in`].
    #[must_use]
    pub fn not_in(&self, values: impl IntoIterator<Item = i32>) -> Filter {
        self.compare(Operator::NotIn, values.into_iter().collect())
    }

    fn compare(self, operator: Operator, values: Vec<i32>) -> Filter {
        Comparison::integer(self, operator, values).into()
    }
}

impl StringField {
    /// Matches images whose attribute equals the value: `str_attr="red"`.
    ///
    /// The value can hold anything: a `"` and a `\` in it are escaped with a `\`. The service does
    /// not document how, nor that it accepts them; the escapes are our assumption.
    ///
    /// ```
    /// # use imagesearch_core::filter::str_attr;
    /// assert_eq!(str_attr().eq(r#"3" pipe"#).to_string(), r#"str_attr="3\" pipe""#);
    /// ```
    #[must_use]
    pub fn eq(&self, value: impl Into<String>) -> Filter {
        self.compare(Operator::Equal, vec![value.into()])
    }

    /// Matches images whose attribute is present and differs: `str_attr!="red"`.
    #[must_use]
    pub fn ne(&self, value: impl Into<String>) -> Filter {
        self.compare(Operator::NotEqual, vec![value.into()])
    }

    /// Matches images whose attribute is one of the values: `str_attr in ("a","b")`.
    ///
    /// The service has documented `in` for searches only, and only since 2026. An empty list
    /// creates a filter that matches nothing and that [`Filter::check`] refuses.
    ///
    /// ```
    /// # use imagesearch_core::filter::str_attr;
    /// let colours = ["red", "blue"];
    /// assert_eq!(str_attr().is_in(colours).to_string(), r#"str_attr in ("red","blue")"#);
    /// ```
    #[must_use]
    pub fn is_in(&self, values: impl IntoIterator<Item = impl Into<String>>) -> Filter {
        self.compare(Operator::In, values.into_iter().map(Into::into).collect())
    }

    /// Matches images whose attribute is none of the values: `str_attr not in ("a","b")`.
    ///
    /// The limits are those of [`StringField::is_in`].
    #[must_use]
    pub fn not_in(&self, values: impl IntoIterator<Item = impl Into<String>>) -> Filter {
        self.compare(Operator::NotIn, values.into_iter().map(Into::into).collect())
    }

    fn compare(self, operator: Operator, values: Vec<String>) -> Filter {
        Comparison::string(self, operator, values).into()
    }
}
