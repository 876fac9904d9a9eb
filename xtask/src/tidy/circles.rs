//! The rule that no files of a library import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Import, Imports};

/// The most files of a circle in each crate, by the file of its root: none in the libraries.
pub(super) const ROOTS: [(&str, usize); 5] = [
    ("crates/core/src/lib.rs", 0),
    ("crates/system/src/lib.rs", 0),
    ("crates/blocking/src/lib.rs", 0),
    ("crates/async/src/lib.rs", 0),
    ("crates/emulator/src/lib.rs", 3),
];

/// Files of which each one reaches each other one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Circle {
    files: Vec<String>,
    /// One import for each pair of files that has any.
    steps: Vec<Import>,
}

/// Finds the circles, the largest first. A file that only hands a name on takes no part in it.
pub(super) fn find(imports: &Imports) -> Vec<Circle> {
    let used = imports.between_files.iter().filter(|import| !import.only_handed_on);
    let mut steps: BTreeMap<(&str, &str), &Import> = BTreeMap::new();
    for import in used {
        steps.entry((&import.from, &import.to)).or_insert(import);
    }
    let files: BTreeSet<&str> = steps.keys().flat_map(|(from, to)| [*from, *to]).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        files.iter().map(|file| (*file, reachable(file, &steps))).collect();
    let reaches =
        |from: &str, to: &str| reached.get(from).is_some_and(|reached| reached.contains(to));

    let mut circles = Vec::new();
    let mut placed: BTreeSet<&str> = BTreeSet::new();
    for file in &files {
        if !reaches(file, file) || placed.contains(file) {
            continue;
        }
        let members: BTreeSet<&str> =
            files.iter().copied().filter(|it| reaches(file, it) && reaches(it, file)).collect();
        placed.extend(&members);
        let inside = |(from, to): &(&str, &str)| members.contains(from) && members.contains(to);
        let inner = steps.iter().filter(|(pair, _)| inside(pair));
        circles.push(Circle {
            files: members.iter().map(|it| (*it).to_owned()).collect(),
            steps: inner.map(|(_, import)| (*import).clone()).collect(),
        });
    }
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.files.len()));
    circles
}

/// Returns the files that imports lead to from `file`, itself only if a circle does.
fn reachable<'a>(file: &str, steps: &BTreeMap<(&'a str, &'a str), &Import>) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![file];
    while let Some(from) = open.pop() {
        for (_, to) in steps.keys().filter(|(it, _)| *it == from) {
            if reached.insert(*to) {
                open.push(to);
            }
        }
    }
    reached
}

impl Circle {
    /// Returns the number of files.
    pub(super) fn len(&self) -> usize {
        self.files.len()
    }
}

impl std::fmt::Display for Circle {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} files import each other in a circle:", self.files.len())?;
        for file in &self.files {
            write!(formatter, "\n  {file}")?;
            for step in self.steps.iter().filter(|step| step.from == *file) {
                write!(formatter, "\n    {}: {} -> {}", step.line, step.name, step.to)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::imports;

    fn circles(files: &[(&str, &str)]) -> Vec<String> {
        let files = files.iter().copied().collect();
        let imports = imports::read("src/lib.rs", &files).expect("a crate");
        find(&imports).iter().map(ToString::to_string).collect()
    }

    const ROOT: (&str, &str) = ("src/lib.rs", "mod a; mod b; mod c; pub use a::A; pub use b::B;");

    #[test]
    fn a_circle_is_shown_with_a_line_for_each_step() {
        let found = circles(&[
            ROOT,
            ("src/a.rs", "\nuse crate::B; pub struct A(B);"),
            ("src/b.rs", "\n\npub struct B(super::c::C);"),
            ("src/c.rs", "use crate::A; pub struct C(A);"),
        ]);
        assert_eq!(
            found,
            ["3 files import each other in a circle:\
              \n  src/a.rs\n    2: crate::B -> src/b.rs\
              \n  src/b.rs\n    3: super::c::C -> src/c.rs\
              \n  src/c.rs\n    1: crate::A -> src/a.rs"]
        );
    }

    #[test]
    fn a_parent_that_hands_names_on_is_in_no_circle() {
        let found = circles(&[
            ROOT,
            ("src/a.rs", "use crate::B; pub struct A(B);"),
            ("src/b.rs", "pub struct B(crate::c::C);"),
            ("src/c.rs", "pub struct C;"),
        ]);
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn a_child_that_uses_what_its_parent_defines_is_in_a_circle_with_it() {
        let root = ("src/lib.rs", "mod a;");
        let a = ("src/a.rs", "mod b; pub struct A; fn a() { b::go() }");
        let found = circles(&[root, a, ("src/a/b.rs", "use super::A; pub fn go(_: A) {}")]);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}
