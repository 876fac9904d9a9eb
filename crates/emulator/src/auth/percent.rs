//! Percent encoding of canonical forms: everything but `A-Z a-z 0-9 - _ . ~`.

use std::fmt::Write;

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
pub(super) fn encoded_len(text: &str) -> usize {
    text.bytes().map(|byte| if is_unreserved(byte) { 1 } else { 3 }).sum()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// Writes names and values sorted by name, then value: `a=1&b=`.
pub(super) fn canonical<'a>(pairs: impl Iterator<Item = &'a (String, String)>) -> String {
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
}
