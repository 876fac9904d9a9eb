//! The terms of texts: words in lower case, and pairs of neighbouring Chinese characters.

use std::collections::BTreeSet;

/// Returns what a text asks for.
///
/// A Chinese character that stands alone is a term of its own, since it has no neighbour.
pub(super) fn query_terms(text: &str) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for run in runs(text) {
        match run {
            Run::Word(word) => {
                terms.insert(word);
            }
            Run::Chinese(characters) if characters.len() == 1 => {
                terms.extend(characters.iter().map(char::to_string));
            }
            Run::Chinese(characters) => terms.extend(pairs(&characters)),
        }
    }
    terms
}

/// Returns all that can be found in some texts: single Chinese characters as well.
pub(super) fn stored_terms<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut terms = BTreeSet::new();
    for run in texts.into_iter().flat_map(runs) {
        match run {
            Run::Word(word) => {
                terms.insert(word);
            }
            Run::Chinese(characters) => {
                terms.extend(pairs(&characters));
                terms.extend(characters.iter().map(char::to_string));
            }
        }
    }
    terms
}

/// Letters and digits without anything between them.
enum Run {
    /// In lower case.
    Word(String),
    Chinese(Vec<char>),
}

fn runs(text: &str) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut open = false;
    for character in text.chars().flat_map(char::to_lowercase) {
        if !character.is_alphanumeric() {
            open = false;
            continue;
        }
        match (runs.last_mut().filter(|_| open), is_chinese(character)) {
            (Some(Run::Word(word)), false) => word.push(character),
            (Some(Run::Chinese(characters)), true) => characters.push(character),
            (_, false) => runs.push(Run::Word(character.to_string())),
            (_, true) => runs.push(Run::Chinese(vec![character])),
        }
        open = true;
    }
    runs
}

fn pairs(characters: &[char]) -> impl Iterator<Item = String> {
    characters.windows(2).map(|pair| pair.iter().collect())
}

/// Returns whether a character is a Han ideograph, which are written without blanks between words.
fn is_chinese(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_words_and_pairs() {
        for (text, asked, stored) in [
            ("", "", ""),
            ("!? --", "", ""),
            ("Red, linen-DRESS red", "dress linen red", "dress linen red"),
            ("shirt_front.jpg", "front jpg shirt", "front jpg shirt"),
            ("红色连衣裙", "色连 红色 衣裙 连衣", "色 色连 红 红色 衣 衣裙 裙 连 连衣"),
            ("红 裙", "红 裙", "红 裙"),
            ("k1:红v2", "k1 v2 红", "k1 v2 红"),
        ] {
            let set = |terms: &str| terms.split_whitespace().map(str::to_owned).collect();
            assert_eq!(query_terms(text), set(asked), "{text}");
            assert_eq!(stored_terms([text]), set(stored), "{text}");
        }
    }
}
