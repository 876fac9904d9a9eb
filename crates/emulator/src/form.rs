//! Reads queries and form bodies. Not shared with the client, so that no mistake is in both.

/// How many parameters a query or form may have. Each takes memory many times its length, and no
/// operation has more than two dozen.
pub(crate) const MOST_PARAMETERS: usize = 1024;

/// Tells why a query or form cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is not UTF-8 in percent encoding.
    Malformed,
    /// It has more parameters than are read.
    TooMany,
}

/// Splits `a=1&b=2` into raw names and values, in their order.
pub(crate) fn fields(text: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let fields = text.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
    fields.map(|field| match field.iter().position(|byte| *byte == b'=') {
        Some(at) => (&field[..at], &field[at + 1..]),
        None => (field, &field[..0]),
    })
}

/// Splits `a=1&b=2` into decoded names and values, in their order.
pub(crate) fn pairs(text: &[u8]) -> Result<Vec<(String, String)>, Unreadable> {
    if fields(text).nth(MOST_PARAMETERS).is_some() {
        return Err(Unreadable::TooMany);
    }
    fields(text).map(|(name, value)| Ok((decode(name)?, decode(value)?))).collect()
}

/// Decodes one name or value; `None` if it is malformed.
pub(crate) fn decoded(text: &[u8]) -> Option<String> {
    decode(text).ok()
}

/// Decodes percent escapes, and `+` to a blank as forms have it.
fn decode(text: &[u8]) -> Result<String, Unreadable> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = bytes.next().and_then(|digit| hex_digit(*digit));
                let low = bytes.next().and_then(|digit| hex_digit(*digit));
                match (high, low) {
                    (Some(high), Some(low)) => high << 4 | low,
                    _ => return Err(Unreadable::Malformed),
                }
            }
            other => *other,
        });
    }
    String::from_utf8(decoded).map_err(|_| Unreadable::Malformed)
}

fn hex_digit(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
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
        let most = "a=1&".repeat(MOST_PARAMETERS);
        assert_eq!(pairs(most.as_bytes()).map(|it| it.len()), Ok(MOST_PARAMETERS));
        assert_eq!(pairs(format!("{most}b").as_bytes()), Err(Unreadable::TooMany));
    }

    proptest! {
        #[test]
        fn no_input_panics(text in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = pairs(&text);
        }
    }
}
