//! Patterns of names: `*` for any characters, `?` for one.

/// Returns whether the whole of a text fits a pattern.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut read) = (0, 0);
    // Where the last asterisk was, and how much of the text it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, read));
                at += 1;
            }
            Some(expected) if *expected == '?' || Some(expected) == text.get(read) => {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((asterisk, taken)) = star else {
                    return false;
                };
                star = Some((asterisk, taken + 1));
                at = asterisk + 1;
                read = taken + 1;
            }
        }
    }
    pattern.iter().skip(at).all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_patterns() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*.png", "a.png", true),
            ("*.png", "a.png.jpg", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("?.jpg", "红.jpg", true),
            ("?.jpg", ".jpg", false),
            ("Search*", "SearchImageByPic", true),
            ("**a**", "bab", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
