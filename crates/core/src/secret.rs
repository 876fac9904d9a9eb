use std::fmt;

use zeroize::Zeroizing;

/// The text that every secret prints as.
pub(crate) const REDACTED: &str = "[redacted]";

/// A string that is never printed and is wiped from memory when dropped.
///
/// ```
/// # use imagesearch_core::credentials::Secret;
/// let secret = Secret::from("hunter2");
/// assert_eq!(format!("{secret:?}"), "[redacted]");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Returns the text. Use it only in a signature or a header.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(REDACTED)
    }
}

/// Redacts secrets in a text, in every form in which servers echo them: raw, percent-encoded as in
/// a URL or in a string to sign, and escaped as in JSON.
pub(crate) fn redact<'a>(text: &mut String, secrets: impl IntoIterator<Item = &'a Secret>) {
    for secret in secrets.into_iter().map(Secret::expose).filter(|secret| !secret.is_empty()) {
        for form in forms(secret) {
            if text.contains(&*form) {
                *text = text.replace(&*form, REDACTED);
            }
        }
    }
}

/// Returns a secret in every form, longer forms before those they contain.
fn forms(secret: &str) -> [Zeroizing<String>; 6] {
    let once = crate::percent::encode(secret).to_string();
    let twice = crate::percent::encode(&once).to_string();
    let json = serde_json::Value::from(secret).to_string();
    let json = json.trim_matches('"').to_owned();
    let slashes = json.replace('/', "\\/");
    let lower = lower_escapes(&once);
    [twice, once, lower, slashes, json, secret.to_owned()].map(Zeroizing::new)
}

/// Replaces `%2F` with `%2f`.
fn lower_escapes(encoded: &str) -> String {
    let mut escape = 0;
    let lower = |c: char| {
        escape = if c == '%' { 2 } else { i32::max(escape - 1, -1) };
        if c != '%' && escape >= 0 { c.to_ascii_lowercase() } else { c }
    };
    encoded.chars().map(lower).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_every_form_of_a_secret() {
        let secret = Secret::from("aB+/=\"X");
        for form in [
            "aB+/=\"X",
            "aB%2B%2F%3D%22X",
            "aB%2b%2f%3d%22X",
            "aB%252B%252F%253D%2522X",
            "aB+/=\\\"X",
            "aB+\\/=\\\"X",
        ] {
            let mut text = format!("before {form} and {form}, after");
            redact(&mut text, [&secret]);
            assert_eq!(text, "before [redacted] and [redacted], after", "{form}");
        }
        let mut text = "nothing".to_owned();
        redact(&mut text, [&Secret::from("")]);
        assert_eq!(text, "nothing");
    }
}
