//! Whatever the files hold, there is code or a list of mistakes.

use imagesearch_codegen::{generate, source::SourceFiles};
use proptest::prelude::*;

fn course() -> Vec<(String, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/obstacle-course");
    let files = imagesearch_codegen::source::read(root.as_ref()).expect("the course is readable");
    files.paths().map(|(file, path)| (path.to_owned(), files.text(file).to_owned())).collect()
}

/// Bytes that mean something to YAML, Rust or Markdown, and some that mean nothing.
const PIECES: [&str; 22] = [
    "", " ", "\n", ":", "- ", "{", "}", "[", "]", "'", "\"", "`", "\\", "|", "#", "&a", "*a", "0",
    "-9e99", "type", "é", "\u{0}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_never_panic(
        file in any::<prop::sample::Index>(),
        edits in prop::collection::vec(
            (any::<prop::sample::Index>(), 0..8_usize, prop::sample::select(PIECES.to_vec())),
            1..4,
        ),
    ) {
        let mut files = course();
        let index = file.index(files.len());
        let (_, text) = &mut files[index];
        for (at, length, piece) in edits {
            let characters: Vec<char> = text.chars().collect();
            let start = at.index(characters.len().max(1)).min(characters.len());
            let end = (start + length).min(characters.len());
            let (head, tail) = (&characters[..start], &characters[end..]);
            *text = head.iter().copied().chain(piece.chars()).chain(tail.iter().copied()).collect();
        }
        let files = SourceFiles::from_iter(files);
        match generate(&files) {
            Ok(generated) => {
                for file in generated.sources {
                    let parsed = syn::parse2::<syn::File>(file.tokens);
                    prop_assert!(parsed.is_ok(), "{} is not Rust: {:?}", file.path, parsed.err());
                }
            }
            Err(mistakes) => prop_assert!(!files.report(&mistakes).is_empty()),
        }
    }

    #[test]
    fn renamed_values_never_panic(
        file in any::<prop::sample::Index>(),
        line in any::<prop::sample::Index>(),
        value in "[a-zA-Z0-9_.\"'\\[ -]{0,12}",
    ) {
        let mut files = course();
        let index = file.index(files.len());
        let (_, text) = &mut files[index];
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        if !lines.is_empty() {
            let line = line.index(lines.len());
            if let Some((key, _)) = lines[line].split_once(": ") {
                lines[line] = format!("{key}: {value}");
            }
        }
        *text = lines.join("\n");
        let files = SourceFiles::from_iter(files);
        match generate(&files) {
            Ok(generated) => {
                for file in generated.sources {
                    let parsed = syn::parse2::<syn::File>(file.tokens);
                    prop_assert!(parsed.is_ok(), "{} is not Rust: {:?}", file.path, parsed.err());
                }
            }
            Err(mistakes) => prop_assert!(!files.report(&mistakes).is_empty()),
        }
    }
}
