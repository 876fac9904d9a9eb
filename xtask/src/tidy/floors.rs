//! The rule that a floor of a crate reaches none of the floors above it.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Import, Imports};

/// A folder whose files are below others.
struct Floor {
    /// Paths that start with this belong to the floor.
    files: &'static str,
    /// Paths that start with one of these must not be reached from it, at whatever distance.
    above: &'static [&'static str],
    /// Crates that its files must not name.
    foreign: &'static [&'static str],
}

/// What a call consists of, which the values that it carries know nothing of.
const CALL: &[&str] = &["crates/core/src/exchange", "crates/core/src/credentials"];

const CORE: &[Floor] = &[
    Floor { files: "crates/core/src/caret", above: CALL, foreign: &["http"] },
    Floor { files: "crates/core/src/filter", above: CALL, foreign: &["http"] },
    Floor { files: "crates/core/src/image", above: CALL, foreign: &[] },
    Floor { files: "crates/core/src/values", above: CALL, foreign: &["http"] },
];

/// What speaks HTTP, which the emulated service knows nothing of.
const HTTP: &[&str] = &["http", "axum", "hyper", "hyper_util", "http_body", "ureq"];

const EMULATOR: &[Floor] = &[
    Floor {
        files: "crates/emulator/src/store",
        above: &[
            "crates/emulator/src/service",
            "crates/emulator/src/http",
            "crates/emulator/src/emulator",
        ],
        foreign: HTTP,
    },
    Floor {
        files: "crates/emulator/src/service",
        above: &["crates/emulator/src/http", "crates/emulator/src/emulator"],
        foreign: HTTP,
    },
    Floor {
        files: "crates/emulator/src/http",
        above: &["crates/emulator/src/emulator"],
        foreign: &[],
    },
];

/// The floors of each crate, by the file of its root.
const HOUSES: [(&str, &[Floor]); 2] =
    [("crates/core/src/lib.rs", CORE), ("crates/emulator/src/lib.rs", EMULATOR)];

/// Lists what breaks the rule; `read` returns the imports of the crate with a root.
pub(super) fn problems<E>(read: impl Fn(&str) -> Result<Imports, E>) -> Result<Vec<String>, E> {
    let mut problems = Vec::new();
    for (root, floors) in HOUSES {
        let imports = read(root)?;
        problems.extend(floors.iter().flat_map(|floor| broken(floor, &imports)));
    }
    Ok(problems)
}

fn broken(floor: &Floor, imports: &Imports) -> Vec<String> {
    let below = |file: &str| file.starts_with(floor.files);
    let above = |file: &str| floor.above.iter().any(|it| file.starts_with(it));

    let foreign = imports.foreign.iter();
    let foreign = foreign.filter(|it| below(&it.file) && floor.foreign.contains(&it.name.as_str()));
    let mut problems: Vec<String> = foreign
        .map(|it| format!("{}:{}: {} must not name `{}`", it.file, it.line, floor.files, it.name))
        .collect();

    let mut steps: BTreeMap<&str, Vec<&Import>> = BTreeMap::new();
    for import in &imports.between_files {
        steps.entry(&import.from).or_default().push(import);
    }
    let mut seen: BTreeSet<&str> = steps.keys().copied().filter(|file| below(file)).collect();
    let mut open: Vec<(&str, String)> = seen.iter().map(|file| (*file, String::new())).collect();
    // The nearest files first, so that the way that is shown is a short one.
    while !open.is_empty() {
        let mut next = Vec::new();
        for (file, way) in open {
            for import in steps.get(file).into_iter().flatten() {
                let way = format!("{way}{file}:{}: {} -> ", import.line, import.name);
                if above(&import.to) {
                    problems.push(format!("{way}{} is above {}", import.to, floor.files));
                } else if seen.insert(&import.to) {
                    next.push((import.to.as_str(), way));
                }
            }
        }
        open = next;
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::imports;

    const STORE: Floor =
        Floor { files: "src/store", above: &["src/http"], foreign: &["http", "axum"] };

    fn problems(store: &str) -> Vec<String> {
        let root = "mod http; mod store; mod values; pub use http::Face;";
        let values = "pub struct Plain; pub fn odd(_: crate::Face) {}";
        let files = [
            ("src/lib.rs", root),
            ("src/http.rs", "use http::Request; pub struct Face;"),
            ("src/values.rs", values),
            ("src/store.rs", store),
        ];
        let imports = imports::read("src/lib.rs", &files.into()).expect("a crate");
        broken(&STORE, &imports)
    }

    #[test]
    fn a_floor_reaches_nothing_above_it() {
        for (store, expected) in [
            ("use std::fs::File;", vec![]),
            ("use http::Request;", vec!["src/store.rs:1: src/store must not name `http`"]),
            (
                "use crate::Face;",
                vec!["src/store.rs:1: crate::Face -> src/http.rs is above src/store"],
            ),
            (
                "pub use crate::Face;",
                vec!["src/store.rs:1: crate::Face -> src/http.rs is above src/store"],
            ),
            (
                "use crate::values::Plain;",
                vec![
                    "src/store.rs:1: crate::values::Plain -> \
                      src/values.rs:1: crate::Face -> src/http.rs is above src/store",
                ],
            ),
        ] {
            assert_eq!(problems(store), expected, "{store}");
        }
    }
}
