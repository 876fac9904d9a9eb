//! Rules over the lengths of files.

use super::text::File;

/// Most lines of a file that is written by hand.
const MOST_LINES: usize = 499;
/// The same for the libraries.
const MOST_LIBRARY_LINES: usize = 450;
/// Most lines of the file in the middle, when those of the libraries are sorted by length.
const MOST_MEDIAN_LINES: usize = 129;
/// Most generated lines of an operation, on average.
const MOST_GENERATED_LINES: usize = 400;

const LIBRARIES: [&str; 4] =
    ["crates/core/src/", "crates/system/src/", "crates/blocking/src/", "crates/async/src/"];

/// Lists what breaks a rule.
pub(super) fn problems(files: &[File]) -> Vec<String> {
    let long = files.iter().filter_map(too_long);
    long.chain(long_median(files)).chain(long_operations(files)).collect()
}

fn lines(file: &File) -> usize {
    file.text.lines().count()
}

fn is_of_library(file: &File) -> bool {
    file.is_rust() && LIBRARIES.iter().any(|folder| file.path.starts_with(folder))
}

fn too_long(file: &File) -> Option<String> {
    const KINDS: [&str; 4] = [".rs", ".html", ".css", ".js"];

    let code = KINDS.iter().any(|kind| file.path.ends_with(kind)) && !file.is_generated();
    let most = if is_of_library(file) { MOST_LIBRARY_LINES } else { MOST_LINES };
    let count = lines(file);
    (code && count > most)
        .then(|| format!("{}: {count} lines, the limit is {most}; split it", file.path))
}

fn long_median(files: &[File]) -> Option<String> {
    let by_hand = files.iter().filter(|file| is_of_library(file) && !file.is_generated());
    let mut counts: Vec<usize> = by_hand.map(lines).collect();
    counts.sort_unstable();
    let median = counts.get(counts.len() / 2).copied().unwrap_or_default();
    (median > MOST_MEDIAN_LINES).then(|| {
        format!("the libraries' files have {median} lines in the median, the limit is {MOST_MEDIAN_LINES}")
    })
}

fn long_operations(files: &[File]) -> Option<String> {
    let operations = files.iter().filter(|file| {
        file.path.starts_with("crates/core/") && file.path.contains("/generated/operations/")
    });
    let counts: Vec<usize> = operations.map(lines).collect();
    let average = counts.iter().sum::<usize>() / counts.len().max(1);
    (average > MOST_GENERATED_LINES).then(|| {
        format!("{average} generated lines an operation, the limit is {MOST_GENERATED_LINES}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, lines: usize) -> File {
        File { path: path.to_owned(), text: "//\n".repeat(lines) }
    }

    #[test]
    fn each_limit_is_the_last_length_that_is_allowed() {
        for (path, most, problem) in [
            ("crates/cli/src/main.rs", MOST_LINES, "500 lines"),
            ("crates/emulator/src/console/page/dom.js", MOST_LINES, "500 lines"),
            ("crates/core/src/generated/operations/a.rs", MOST_GENERATED_LINES, "an operation"),
            ("crates/async/src/call.rs", MOST_MEDIAN_LINES, "in the median"),
        ] {
            assert_eq!(problems(&[file(path, most)]), Vec::<String>::new(), "{path}");
            let found = problems(&[file(path, most + 1)]);
            assert!(found.concat().contains(problem), "{path}: {found:?}");
        }
        for path in ["crates/core/src/generated/types.rs", "README.md"] {
            assert_eq!(problems(&[file(path, 2 * MOST_LINES)]), Vec::<String>::new(), "{path}");
        }
    }

    #[test]
    fn libraries_have_a_limit_of_their_own() {
        let short = ["a", "b"].map(|name| file(&format!("crates/system/src/{name}.rs"), 10));
        let [first, second] = short;
        let long = file("crates/core/src/error.rs", MOST_LIBRARY_LINES + 1);
        let found = problems(&[first, second, long]);
        assert_eq!(found, ["crates/core/src/error.rs: 451 lines, the limit is 450; split it"]);
    }
}
