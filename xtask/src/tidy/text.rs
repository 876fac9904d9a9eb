//! Rules over the text of files.

use std::{fs, path::Path};

use anyhow::{Context, Result};

/// What the core must not do, and why.
const CORE_BANS: [(&str, &str); 7] = [
    ("std::net", "the core performs no I/O"),
    ("std::fs", "the core performs no I/O"),
    ("SystemTime::now", "the core reads no clock"),
    ("Instant::now", "the core reads no clock"),
    ("rand::", "the core draws no randomness"),
    ("getrandom", "the core draws no randomness"),
    ("HashMap", "its order differs between runs; take a BTreeMap"),
];

/// A file with its path below the root of the workspace.
pub(super) struct File {
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    pub(super) fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    pub(super) fn is_generated(&self) -> bool {
        self.path.contains("/generated/") || self.path.ends_with("/generated.rs")
    }
}

/// Reads the text files of the workspace.
pub(super) fn read(root: &Path) -> Result<Vec<File>> {
    // What tools leave behind, besides whatever is hidden.
    const SKIPPED: [&str; 4] = ["target", "artifacts", "corpus", "node_modules"];
    const KINDS: [&str; 7] = [".rs", ".toml", ".yaml", ".md", ".html", ".css", ".js"];

    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(root.join(&folder)).with_context(|| folder.clone())?;
        for entry in entries {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
            if entry.file_type()?.is_dir() {
                if !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if KINDS.iter().any(|kind| name.ends_with(kind)) {
                let text = fs::read_to_string(entry.path()).with_context(|| path.clone())?;
                files.push(File { path, text });
            }
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(files)
}

/// Lists what breaks a rule.
pub(super) fn problems(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            let broken = broken_rules(file, line);
            problems.extend(broken.map(|rule| format!("{}:{}: {rule}", file.path, index + 1)));
        }
        if file.path.starts_with("crates/core/src/") && file.is_rust() {
            problems.extend(core_bans(file));
        }
    }
    problems
}

fn broken_rules<'a>(file: &'a File, line: &'a str) -> impl Iterator<Item = &'static str> + use<'a> {
    // Joined here, so that this file does not break its own rules.
    let debug = file.is_rust() && line.contains(concat!("db", "g!("));
    let unfinished = file.is_rust() && line.contains(concat!("to", "do!("));
    let note = file.is_rust() && line.contains(concat!("TO", "DO")) && !line.contains("https://");
    // Two blanks at the end of a line of Markdown break it.
    let blanks = line.ends_with([' ', '\t']) && !file.path.ends_with(".md");
    [
        (debug, "a debugging macro was left behind"),
        (unfinished, "an unfinished part was left behind"),
        (note, "a note about work to do needs a link to its issue"),
        (blanks, "white space at the end of the line"),
    ]
    .into_iter()
    .filter(|(broken, _)| *broken)
    .map(|(_, rule)| rule)
}

fn core_bans(file: &File) -> Vec<String> {
    if file.path.ends_with("tests.rs") || file.path.contains("/tests/") {
        return Vec::new();
    }
    let code = file.text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"));
    let mut problems = Vec::new();
    for (index, line) in code.enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        let banned = CORE_BANS.iter().filter(|(word, _)| names(line, word));
        problems.extend(
            banned.map(|(word, why)| format!("{}:{}: `{word}`: {why}", file.path, index + 1)),
        );
    }
    problems
}

/// Returns whether a line has a word that is not the end of another.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn broken(path: &str, text: &str) -> Vec<String> {
        problems(&[File { path: path.to_owned(), text: text.to_owned() }])
    }

    #[test]
    fn each_rule_finds_what_it_forbids() {
        for (path, text, expected) in [
            ("crates/cli/src/main.rs", "fn main() {}\n", None),
            ("a.yaml", "key: value \n", Some("white space")),
            ("a.md", "a line  \n", None),
            ("a.rs", concat!("db", "g!(1);\n"), Some("debugging")),
            ("a.rs", concat!("to", "do!();\n"), Some("unfinished")),
            ("a.rs", concat!("// TO", "DO: more\n"), Some("link")),
            ("a.rs", concat!("// TO", "DO: https://example.com/1\n"), None),
            ("crates/core/src/a.rs", "use std::fs;\n", Some("no I/O")),
            ("crates/core/src/a.rs", "let operand::A = b;\n", None),
            ("crates/core/src/a.rs", "// not std::fs\n", None),
            ("crates/core/src/a.rs", "#[cfg(test)]\nuse std::fs;\n", None),
            ("crates/cli/src/a.rs", "use std::fs;\n", None),
        ] {
            let found = broken(path, text);
            match expected {
                Some(part) => assert!(found.concat().contains(part), "{path} {found:?}"),
                None => assert!(found.is_empty(), "{path} {found:?}"),
            }
        }
    }
}
