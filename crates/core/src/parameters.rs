//! Parameters by wire name, shared by typed requests, raw calls and the emulator.

mod picture;
mod value;

pub use picture::Picture;
pub use value::Value;

use std::{borrow::Cow, fmt};

use crate::generated::printable::PRINTABLE;

/// The parameters of a request by wire name, in the order in which they were set.
///
/// `Debug` shows only the lengths of sensitive texts and of those with unknown names.
///
/// ```
/// use imagesearch_core::parameters::Parameters;
///
/// let parameters = Parameters::new().with("ProductId", "1000").with("Num", 20);
/// assert_eq!(parameters.get("Num").and_then(|num| num.as_integer()), Some(20));
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct Parameters {
    entries: Vec<(Cow<'static, str>, Value)>,
}

impl Parameters {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a parameter, replacing an earlier value.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) {
        let (name, value) = (name.into(), value.into());
        match self.entries.iter_mut().find(|(existing, _)| *existing == name) {
            Some((_, existing)) => *existing = value,
            None => self.entries.push((name, value)),
        }
    }

    /// Sets a parameter, or removes it where there is no value.
    pub fn set_option(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        value: Option<impl Into<Value>>,
    ) {
        let name = name.into();
        match value {
            Some(value) => self.set(name, value),
            None => self.entries.retain(|(existing, _)| *existing != name),
        }
    }

    /// Sets a parameter and returns the list.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// Returns a parameter's value.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.iter().find(|(existing, _)| existing == name).map(|(_, value)| value)
    }

    /// Iterates over names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Returns the number of parameters.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no parameters.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<N: Into<Cow<'static, str>>, V: Into<Value>> FromIterator<(N, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let mut parameters = Self::new();
        parameters.extend(entries);
        parameters
    }
}

impl<N: Into<Cow<'static, str>>, V: Into<Value>> Extend<(N, V)> for Parameters {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, entries: I) {
        for (name, value) in entries {
            self.set(name, value);
        }
    }
}

impl IntoIterator for Parameters {
    type Item = (Cow<'static, str>, Value);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.into_iter()
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut map = formatter.debug_map();
        for (name, value) in self.iter() {
            match value {
                Value::Text(text) if !PRINTABLE.contains(&name) => {
                    map.entry(&name, &format_args!("{} bytes", text.len()))
                }
                _ => map.entry(&name, value),
            };
        }
        map.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_removes_an_earlier_one() {
        let mut parameters = Parameters::new().with("ProductId", "1000").with("Num", 20);
        parameters.set_option("Num", Some(30));
        parameters.set_option("Start", None::<i32>);
        assert_eq!(parameters, Parameters::new().with("ProductId", "1000").with("Num", 30));
        parameters.set_option("Num", None::<i32>);
        assert_eq!(parameters, Parameters::new().with("ProductId", "1000"));
    }

    #[test]
    fn shows_what_is_no_secret() {
        let parameters = Parameters::new()
            .with("ProductId", "1000")
            .with("Num", 20)
            .with("CustomContent", "https://user:testsecret@shop.example/1?token=testsecret")
            .with("CallbackAddress", "testsecret")
            .with("Newer", "testsecret");
        assert_eq!(
            format!("{parameters:?}"),
            r#"{"ProductId": "1000", "Num": 20, "CustomContent": "https://shop.example/1?…", "CallbackAddress": 10 bytes, "Newer": 10 bytes}"#
        );
    }
}
