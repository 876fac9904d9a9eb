//! Percent encoding for signatures: RFC 3986, everything except `A-Z a-z 0-9 - _ . ~`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Encodes a text lazily: the result implements `Display` and `Iterator`.
pub(crate) fn encode(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// Encodes names and values as a form body or raw query: `a=1&b=2`, spaces as `%20`.
pub(crate) fn form_urlencoded<'a>(
    pairs: impl Iterator<Item = (&'a str, &'a str)> + Clone,
) -> String {
    let length = pairs.clone().map(|(name, value)| name.len() + value.len() * 5 / 4 + 2).sum();
    let mut encoded = String::with_capacity(length);
    append_pairs(&mut encoded, pairs);
    encoded
}

/// Appends names and values, with `&` between two of them.
pub(crate) fn append_pairs<'a>(
    encoded: &mut String,
    pairs: impl Iterator<Item = (&'a str, &'a str)>,
) {
    for (index, (name, value)) in pairs.enumerate() {
        if index > 0 {
            encoded.push('&');
        }
        encoded.extend(encode(name));
        encoded.push('=');
        encoded.extend(encode(value));
    }
}
