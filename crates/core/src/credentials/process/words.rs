/// Splits a command into words at whitespace, like a shell that knows only quotes.
///
/// # Errors
///
/// The command has no word, an unclosed quote or a trailing backslash.
pub(super) fn split(command: &str, windows: bool) -> Result<Vec<String>, &'static str> {
    let mut words = Vec::new();
    // `None` between words; a quoted word may be empty.
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = command.chars().peekable();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, blank) if blank.is_whitespace() => words.extend(word.take()),
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (Some(open), close) if open == close => quote = None,
            (None, '\\') if !windows => {
                let next = characters.next().ok_or("ends with a backslash")?;
                word.get_or_insert_default().push(next);
            }
            (Some('"'), '\\') => {
                let escaped = |next: &char| match next {
                    '"' => true,
                    '\\' | '$' | '`' => !windows,
                    _ => false,
                };
                let next = characters.next_if(escaped);
                word.get_or_insert_default().push(next.unwrap_or('\\'));
            }
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    if quote.is_some() {
        return Err("has an unclosed quote");
    }
    words.extend(word);
    if words.first().is_none_or(String::is_empty) { Err("names no program") } else { Ok(words) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn splits_at_blanks_outside_of_quotes() {
        type Words<'a> = Result<&'a [&'a str], &'a str>;
        let table: [(&str, Words<'_>, Words<'_>); 14] = [
            ("a", Ok(&["a"]), Ok(&["a"])),
            ("  a\tb \n", Ok(&["a", "b"]), Ok(&["a", "b"])),
            ("a 'b c' \"d e\"", Ok(&["a", "b c", "d e"]), Ok(&["a", "b c", "d e"])),
            ("a '' b", Ok(&["a", "", "b"]), Ok(&["a", "", "b"])),
            ("a x'y z'w", Ok(&["a", "xy zw"]), Ok(&["a", "xy zw"])),
            ("a '\\' \"\\\"\"", Ok(&["a", "\\", "\""]), Ok(&["a", "\\", "\""])),
            ("a b\\ c", Ok(&["a", "b c"]), Ok(&["a", "b\\", "c"])),
            ("C:\\d\\k.exe -x", Ok(&["C:dk.exe", "-x"]), Ok(&["C:\\d\\k.exe", "-x"])),
            ("a \"\\\\ \\n\"", Ok(&["a", "\\ \\n"]), Ok(&["a", "\\\\ \\n"])),
            ("a $HOME *|b", Ok(&["a", "$HOME", "*|b"]), Ok(&["a", "$HOME", "*|b"])),
            ("a 'b", Err("has an unclosed quote"), Err("has an unclosed quote")),
            ("a \\", Err("ends with a backslash"), Ok(&["a", "\\"])),
            ("'' a", Err("names no program"), Err("names no program")),
            (" ", Err("names no program"), Err("names no program")),
        ];
        for (command, unix, windows) in table {
            for (words, expected) in
                [(split(command, false), unix), (split(command, true), windows)]
            {
                let expected =
                    expected.map(|words| words.iter().map(|it| (*it).to_owned()).collect());
                assert_eq!(words, expected, "{command}");
            }
        }
    }

    proptest! {
        #[test]
        fn quoted_words_come_back(words in prop::collection::vec("[^']{1,8}", 1..5)) {
            let command = words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" ");
            prop_assert_eq!(split(&command, false), Ok(words.clone()));
            prop_assert_eq!(split(&command, true), Ok(words));
        }

        #[test]
        fn any_text_is_split_or_refused(command in "[ -~\\t]{0,40}", windows: bool) {
            if let Ok(words) = split(&command, windows) {
                prop_assert!(!words[0].is_empty());
            }
        }
    }
}
