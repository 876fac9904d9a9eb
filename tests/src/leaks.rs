//! Secrets that can be recognised wherever they are printed, and however they are encoded.

use std::fmt::{Debug, Display};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use imagesearch_core::{Error, errors::ErrorCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// What every canary has in it; `.ci/run` looks for it in all that the tests print.
pub const MARK: &str = "canary-9f3a";

/// The secrets, with characters that every encoding writes differently.
pub const CANARIES: [(&str, &str); 9] = [
    ("access key secret", "canary-9f3a/Secret+k=%&1"),
    ("security token", "canary-9f3a/Token+t==\"2"),
    ("bearer token", "canary-9f3a/Bearer+b='3"),
    ("proxy password", "canary-9f3a-Proxy4"),
    ("upload policy", "canary-9f3a/Policy+p==5"),
    ("upload signature", "canary-9f3a/Signature+s=6"),
    ("value of a header", "canary-9f3a/Header+h=7"),
    ("content of a picture", "canary-9f3a/Picture+i=8"),
    ("callback token", "canary-9f3a-Callback9"),
];

/// What the secrets of `tests/credentials` begin with, and those that most tests sign with.
const BEGINNINGS: [(&str, &str); 2] =
    [("secret of a test", "testsecret"), ("token of a test", "testtoken")];

/// Returns a canary by its name.
pub fn canary(name: &str) -> &'static str {
    let found = CANARIES.iter().find(|(known, _)| *known == name);
    found.unwrap_or_else(|| panic!("no canary is called {name}")).1
}

/// All that was printed, each text with what printed it.
#[derive(Debug, Default)]
pub struct Printed {
    texts: Vec<(String, String)>,
}

impl Printed {
    /// Keeps a text.
    pub fn text(&mut self, who: &str, text: impl Into<String>) {
        self.texts.push((who.to_owned(), text.into()));
    }

    /// Keeps what a value prints for programmers.
    pub fn debug(&mut self, who: &str, value: &dyn Debug) {
        self.text(who, format!("{value:?}\n{value:#?}"));
    }

    /// Keeps what a value prints for everyone.
    pub fn display<T: Debug + Display>(&mut self, who: &str, value: &T) {
        self.debug(who, value);
        self.text(who, value.to_string());
    }

    /// Keeps what an error prints, what its parts say, and what is underneath.
    pub fn error(&mut self, who: &str, error: &Error) {
        self.display(who, error);
        let denied = error.access_denied_detail();
        let parts = [error.service_message(), error.body_excerpt(), error.request_id()];
        let more = [error.help_url(), error.operation(), error.code().map(ErrorCode::as_str)];
        self.debug(who, &(parts, more, denied, error.violations()));
        let first = std::error::Error::source(error);
        for source in std::iter::successors(first, |error| error.source()) {
            self.text(who, format!("{source} {source:?} {source:#?}"));
        }
    }

    /// Returns how many texts there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Returns whether nothing was printed.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Fails if any text has any secret in any form; says which, and does not print it again.
    pub fn check(&self) {
        let leaks = self.leaks();
        assert!(leaks.is_empty(), "printed:\n  {}", leaks.join("\n  "));
    }

    /// Returns which text has which secret in which form.
    pub fn leaks(&self) -> Vec<String> {
        let of = |(who, text): &(String, String)| -> Vec<String> {
            leaks(text).map(|it| format!("{who}: {it}")).collect()
        };
        self.texts.iter().flat_map(of).collect()
    }
}

/// Finds the secrets in a text.
pub fn leaks(text: &str) -> impl Iterator<Item = String> {
    CANARIES.iter().chain(&BEGINNINGS).flat_map(move |(name, secret)| {
        let found = forms(secret).into_iter().find(|(_, form)| text.contains(form.as_str()));
        found.map(|(encoding, _)| format!("the {name}, {encoding}"))
    })
}

/// Writes a secret in every way in which one is encoded on its way to a log.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    // Clients leave these four as they are.
    let percent = percent.replace("%2D", "-").replace("%5F", "_").replace("%2E", ".");
    let json = serde_json::to_string(secret).expect("is text");
    let json = json.trim_matches('"').to_owned();
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut forms = vec![
        ("plain", secret.to_owned()),
        ("percent-encoded", percent.clone()),
        ("percent-encoded in lower case", lower_escapes(&percent)),
        ("percent-encoded twice", percent.replace('%', "%25")),
        ("escaped as JSON", json.clone()),
        ("escaped as JSON for HTML", json.replace('/', "\\/")),
        ("escaped as by Debug", secret.escape_debug().to_string()),
        ("in hexadecimal", hex.clone()),
        ("in capital hexadecimal", hex.to_uppercase()),
    ];
    // In Base64 a text looks different at each of three places; only whole groups are certain.
    for shift in 0..3 {
        let bytes = [&b"..."[..shift], secret.as_bytes()].concat();
        for (engine, name) in
            [(&STANDARD_NO_PAD, "in Base64"), (&URL_SAFE_NO_PAD, "in Base64 for URLs")]
        {
            let encoded = engine.encode(&bytes);
            let inner = &encoded[if shift == 0 { 0 } else { 4 }..encoded.len() / 4 * 4];
            forms.push((name, inner.to_owned()));
        }
    }
    forms
}

fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (escape, rest) = part.split_at(2);
        format!("{text}%{}{rest}", escape.to_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn finds_every_secret_in_every_form_and_nothing_else() {
        assert!(CANARIES.iter().all(|(_, secret)| secret.starts_with(MARK)));
        for (name, secret) in CANARIES.into_iter().chain(BEGINNINGS) {
            for (encoding, form) in forms(secret) {
                let text = format!("before {form} after");
                assert!(leaks(&text).any(|it| it.contains(name)), "{name} {encoding}");
            }
            for before in ["", "x", "xy", "xyz"] {
                let text = STANDARD.encode(format!("{before}{secret} and after"));
                assert!(leaks(&text).any(|it| it.contains(name)), "{name} after {before:?}");
            }
        }
        assert_eq!(leaks("[redacted] canary").count(), 0);
    }
}
