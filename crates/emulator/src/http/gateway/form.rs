//! Reads queries and form bodies, and writes them in canonical form. Not shared with the client, so that
//! no mistake is in both.

use std::fmt::Write;

/// How many parameters a query or form may have. Each takes memory many times its length, and no
/// operation has more than two dozen.
pub(crate) const MAX_PARAMETERS: usize = 1024;

/// Why a query or form cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is not UTF-8 in percent encoding.
    Malformed,
    /// It has more parameters than are read.
    TooMany,
}

/// The fields of a query or form, decoded once.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    /// Names and values in their order; `None` for what is malformed.
    fields: Vec<(Option<String>, Option<String>)>,
    /// Whether there are more than are read.
    is_cut: bool,
}

impl Fields {
    /// Reads `a=1&b=2`, as far as it can be read.
    pub(crate) fn read(text: &[u8]) -> Self {
        let mut raw = fields(text);
        let read = raw.by_ref().take(MAX_PARAMETERS);
        let fields = read.map(|(name, value)| (decode(name), decode(value))).collect();
        Self { fields, is_cut: raw.next().is_some() }
    }

    /// Returns the value of the first field that has one of some names.
    pub(crate) fn value(&self, names: &[&str]) -> Option<&str> {
        let named = |name: &Option<String>| name.as_deref().is_some_and(|it| names.contains(&it));
        let (_, value) = self.fields.iter().find(|(name, _)| named(name))?;
        value.as_deref()
    }

    /// Visits the names in their order; one that is malformed is empty.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_deref().unwrap_or_default())
    }

    /// Returns the names and values, if all could be read.
    pub(crate) fn into_pairs(self) -> Result<Vec<(String, String)>, Unreadable> {
        if self.is_cut {
            return Err(Unreadable::TooMany);
        }
        let pair = |(name, value): (Option<String>, Option<String>)| Some((name?, value?));
        let pairs: Option<Vec<_>> = self.fields.into_iter().map(pair).collect();
        pairs.ok_or(Unreadable::Malformed)
    }
}

/// Splits `a=1&b=2` into decoded names and values, in their order.
pub(crate) fn pairs(text: &[u8]) -> Result<Vec<(String, String)>, Unreadable> {
    Fields::read(text).into_pairs()
}

/// Splits `a=1&b=2` into raw names and values, in their order.
fn fields(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let fields = text.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
    fields.map(|field| match field.iter().position(|byte| *byte == b'=') {
        Some(at) => (&field[..at], &field[at + 1..]),
        None => (field, &field[..0]),
    })
}

/// Decodes percent escapes, and `+` to a blank as forms have it; `None` if it is malformed.
fn decode(text: &[u8]) -> Option<String> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = bytes.next().and_then(|digit| hex_digit(*digit));
                let low = bytes.next().and_then(|digit| hex_digit(*digit));
                high? << 4 | low?
            }
            other => *other,
        });
    }
    String::from_utf8(decoded).ok()
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Encodes a text.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + text.len() / 8);
    for byte in text.bytes() {
        if is_unreserved(byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing into a String does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Returns the length of a text once it is encoded.
pub(crate) fn encoded_len(text: &str) -> usize {
    text.bytes().map(|byte| if is_unreserved(byte) { 1 } else { 3 }).sum()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// Writes names and values sorted by name, then value: `a=1&b=`.
pub(crate) fn canonical<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut sorted: Vec<_> = pairs.collect();
    sorted.sort();
    in_order(sorted.into_iter())
}

/// Writes names and values in the order in which they come.
pub(crate) fn in_order<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(&encode(name));
        text.push('=');
        text.push_str(&encode(value));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_both_ways_of_writing_a_blank() {
        for (text, expected) in [
            ("", vec![]),
            ("a=1&b=2", vec![("a", "1"), ("b", "2")]),
            ("a=x+y%20z", vec![("a", "x y z")]),
            ("a", vec![("a", "")]),
            ("a=&&b==", vec![("a", ""), ("b", "=")]),
            ("%E7%BA%A2=%2b", vec![("红", "+")]),
        ] {
            let read = pairs(text.as_bytes()).unwrap();
            let read: Vec<_> = read.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_text() {
        for text in ["a=%", "a=%2", "a=%zz", "a=%ff", "%c3=1"] {
            assert_eq!(pairs(text.as_bytes()), Err(Unreadable::Malformed), "{text}");
        }
    }

    #[test]
    fn refuses_more_parameters_than_anyone_needs() {
        let most = "a=1&".repeat(MAX_PARAMETERS);
        assert_eq!(pairs(most.as_bytes()).map(|it| it.len()), Ok(MAX_PARAMETERS));
        assert_eq!(pairs(format!("{most}b").as_bytes()), Err(Unreadable::TooMany));
    }

    #[test]
    fn encodes_all_but_the_unreserved() {
        for (text, expected) in [
            ("aZ09-_.~", "aZ09-_.~"),
            ("a b+c*d", "a%20b%2Bc%2Ad"),
            ("红", "%E7%BA%A2"),
            ("%2F", "%252F"),
        ] {
            assert_eq!(encode(text), expected);
            assert_eq!(encoded_len(text), expected.len());
        }
    }

    #[test]
    fn sorts_names_and_keeps_empty_values() {
        let pairs = [("b", "2"), ("a", ""), ("a b", "1")];
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(canonical(pairs.iter()), "a=&a%20b=1&b=2");
    }

    proptest! {
        #[test]
        fn no_input_panics(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = pairs(&text);
        }
    }
}
