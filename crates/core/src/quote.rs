//! Quoting of a caller's text in messages.

/// The maximum length of a quoted text, in characters.
const SHOWN: usize = 40;

/// Returns a text in backticks, escaped and shortened.
pub(crate) fn quote(text: &str) -> String {
    format!("`{}`", clip(text))
}

/// Escapes and shortens a text.
pub(crate) fn clip(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).map(visible).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push_str("...");
    }
    shown
}

/// Escapes control characters, text direction marks and combining characters.
pub(crate) fn visible(character: char) -> String {
    match character {
        '"' | '\'' | '\\' => character.to_string(),
        _ => character.escape_debug().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_helps_to_recognise_a_text() {
        let (forty, more) = ("x".repeat(40), "x".repeat(41));
        for (text, shown) in [
            ("", "``".to_owned()),
            (r#"it's "red""#, r#"`it's "red"`"#.to_owned()),
            ("a\nb\u{202e}c", r"`a\nb\u{202e}c`".to_owned()),
            (&forty, format!("`{forty}`")),
            (&more, format!("`{forty}...`")),
            (&"红".repeat(41), format!("`{}...`", "红".repeat(40))),
        ] {
            assert_eq!(quote(text), shown);
        }
    }
}
