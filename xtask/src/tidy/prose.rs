//! The rule that texts read like English and not like a translation into it.

use super::text::File;

/// Phrases that give a translation away, and what to write instead. One that starts with `^` counts
/// only at the start of a documentation comment.
const PHRASES: [(&str, &str); 29] = [
    ("^makes a", "Creates a"),
    ("^makes an", "Creates an"),
    ("^makes the", "Creates the"),
    ("^says whether", "Returns whether"),
    ("^takes note", "Records"),
    ("tells whether", "returns whether"),
    ("cannot be had", "is not available"),
    ("could be had", "is available"),
    ("to be had", "available"),
    ("came about", "could not connect"),
    ("whoever", "who it is: the caller, the driver, the reader"),
    ("something else than", "other than"),
    ("slip of the pen", "typo"),
    ("is told", "who says it, in the active voice"),
    ("are told", "who says it, in the active voice"),
    ("was told", "who said it, in the active voice"),
    ("unless told otherwise", "by default"),
    ("as it came", "unchanged"),
    ("as they came", "unchanged"),
    ("so many bytes", "this number of bytes"),
    ("beyond so many", "above this number of"),
    ("what came of", "the result of"),
    ("what comes of", "the result of"),
    ("what is left of", "the rest of"),
    ("what is known of", "the data of"),
    ("what becomes of", "the result of"),
    ("what is asked of", "what the caller sends"),
    ("where it is absent", "if it is `None`"),
    ("in the name of", "with the credentials of"),
];

/// Lists what breaks the rule.
pub(super) fn problems(files: &[File]) -> Vec<String> {
    let own = file!();
    let checked = |file: &&File| {
        let spec = file.path.starts_with("api-spec/") && file.path.ends_with(".yaml");
        (file.is_rust() || file.path.ends_with(".md") || spec) && file.path != own
    };
    files.iter().filter(checked).flat_map(broken).collect()
}

fn broken(file: &File) -> Vec<String> {
    let words = words(&file.text);
    let mut problems = Vec::new();
    for (phrase, instead) in PHRASES {
        let wanted = phrase.trim_start_matches('^');
        let starts = wanted.len() < phrase.len();
        let wanted: Vec<&str> = wanted.split(' ').collect();
        let found = words.windows(wanted.len()).filter(|window| {
            let same = window.iter().zip(&wanted).all(|(word, wanted)| word.text == **wanted);
            let together = window.iter().skip(1).all(|word| word.follows);
            let first = window.first().is_some_and(|word| word.documents || !starts);
            same && together && first
        });
        problems.extend(found.filter_map(|window| {
            let line = window.first()?.line;
            Some(format!("{}:{line}: \"{}\": write {instead}", file.path, wanted.join(" ")))
        }));
    }
    problems
}

/// A word in lower case.
#[derive(Debug)]
struct Word {
    text: String,
    line: usize,
    /// Whether only blanks, a line break and the marker of a comment are before it.
    follows: bool,
    /// Whether it is the first of a documentation comment.
    documents: bool,
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut documented = false;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let comment = trimmed.trim_start_matches(['/', '!', '#', '>', '*']);
        let is_documentation = trimmed.starts_with("///") || trimmed.starts_with("//!");
        let mut starts = is_documentation && !documented;
        let mut follows = true;
        documented = is_documentation;
        for piece in comment.split_inclusive(|it: char| !it.is_alphanumeric() && it != '\'') {
            let word = piece.trim_end_matches(|it: char| !it.is_alphanumeric() && it != '\'');
            if !word.is_empty() {
                let text = word.to_lowercase();
                let line = index + 1;
                words.push(Word { text, line, follows, documents: starts });
                (follows, starts) = (true, false);
            }
            follows &= matches!(piece.strip_prefix(word), Some("" | " " | "\\"));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_in_comments_strings_and_across_lines() {
        for (path, text, line) in [
            ("a.rs", "/// Tells whether it is open.\nfn a() {}", Some(1)),
            ("a.rs", "/// Makes a\n/// client.", Some(1)),
            ("a.rs", "/// It makes a difference.", None),
            ("a.rs", "/// A client.\n/// Makes a difference.", None),
            ("a.rs", "// one\n// that cannot\n// be had", Some(2)),
            ("a.rs", "let a = \"it cannot be \\\n    had\";", Some(1)),
            ("a.rs", "// It cannot be. Had it been", None),
            ("a.md", "Whoever listens", Some(1)),
            ("api-spec/a.yaml", "text: as it\n  came", Some(1)),
            ("a.toml", "# whoever", None),
        ] {
            let found = problems(&[File { path: path.to_owned(), text: text.to_owned() }]);
            let lines: Vec<_> = found.iter().map(|it| it.split(':').nth(1)).collect();
            let expected: Vec<_> = line.iter().map(ToString::to_string).collect();
            let expected: Vec<_> = expected.iter().map(|line| Some(line.as_str())).collect();
            assert!(lines.starts_with(&expected), "{text:?}: {found:?}");
            assert_eq!(found.is_empty(), line.is_none(), "{text:?}: {found:?}");
        }
    }

    #[test]
    fn the_rule_skips_its_own_list() {
        let own = File { path: file!().to_owned(), text: "// whoever".to_owned() };
        assert_eq!(problems(&[own]), Vec::<String>::new());
    }
}
