//! Which file takes names from which: every path is followed through re-exports to the file that
//! defines the name.

mod modules;
mod paths;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use self::modules::Module;

/// One name that a file takes from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Import {
    pub(super) from: String,
    pub(super) to: String,
    pub(super) line: usize,
    pub(super) name: String,
    /// Whether the name is handed on and used by nothing in the file.
    pub(super) only_handed_on: bool,
}

/// The name of a crate that is not this one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Foreign {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) name: String,
}

/// What the files of one crate take, tests left out.
#[derive(Debug, Default)]
pub(super) struct Imports {
    pub(super) between_files: BTreeSet<Import>,
    pub(super) foreign: BTreeSet<Foreign>,
}

/// Reads the crate whose root is the file `root`; `files` has texts by path.
pub(super) fn read(root: &str, files: &BTreeMap<&str, &str>) -> Result<Imports> {
    let tree = Tree { modules: modules::read(root, files)? };
    let mut imports = Imports::default();
    for number in 0..tree.modules.len() {
        tree.collect(number, &mut imports);
    }
    Ok(imports)
}

/// Where a path leads.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Target {
    Module(usize),
    /// A name, by the number of the module that defines it.
    Item(usize),
    Foreign,
}

struct Tree {
    modules: Vec<Module>,
}

impl Tree {
    fn collect(&self, number: usize, imports: &mut Imports) {
        let module = &self.modules[number];
        let mut add = |target: Target, path: &[String], line: usize, only_handed_on: bool| {
            let (file, name) = (module.file.clone(), path.join("::"));
            match target {
                Target::Item(definer) if self.modules[definer].file != file => {
                    let to = self.modules[definer].file.clone();
                    let import = Import { from: file, to, line, name, only_handed_on };
                    imports.between_files.insert(import);
                }
                Target::Foreign => {
                    let name = path.iter().find(|it| !it.is_empty()).cloned().unwrap_or_default();
                    imports.foreign.insert(Foreign { file, line, name });
                }
                _ => {}
            }
        };
        for path in &module.names.paths {
            for target in self.resolve(number, &path.segments, &mut Vec::new()) {
                add(target, &path.segments, path.line, false);
            }
        }
        for (path, handed_on) in &module.uses {
            let bound = path.binds.as_deref().unwrap_or_default();
            let glob = bound == "*";
            for target in self.resolve(number, &path.segments, &mut Vec::new()) {
                if let (Target::Module(inner), true) = (&target, glob) {
                    for name in &module.names.identifiers {
                        for target in self.look_up(*inner, name, &mut Vec::new()) {
                            let whole =
                                [path.segments.as_slice(), std::slice::from_ref(name)].concat();
                            add(target, &whole, path.line, false);
                        }
                    }
                }
                let used = glob || module.names.identifiers.contains(bound);
                add(target, &path.segments, path.line, *handed_on && !used);
            }
        }
    }

    /// Follows a path from a module; `seen` ends the search where globs go round.
    fn resolve(
        &self,
        number: usize,
        segments: &[String],
        seen: &mut Vec<(usize, String)>,
    ) -> Vec<Target> {
        let Some((first, rest)) = segments.split_first() else {
            return Vec::new();
        };
        let mut targets = match first.as_str() {
            "" => vec![Target::Foreign],
            "crate" => vec![Target::Module(0)],
            "self" => vec![Target::Module(number)],
            "super" => vec![Target::Module(self.modules[number].parent)],
            "Self" => Vec::new(),
            name => self.look_up(number, name, seen),
        };
        if targets.is_empty() && first != "Self" {
            targets.push(Target::Foreign);
        }
        for segment in rest {
            let next = |target: Target| match target {
                Target::Module(inner) if segment == "super" => {
                    vec![Target::Module(self.modules[inner].parent)]
                }
                Target::Module(inner) => {
                    let found = self.look_up(inner, segment, seen);
                    // What a macro defines is not seen, and belongs to the module that it is called in.
                    if found.is_empty() { vec![Target::Item(inner)] } else { found }
                }
                other => vec![other],
            };
            targets = targets.into_iter().flat_map(next).collect();
        }
        targets
    }

    /// Finds what a name means inside a module.
    fn look_up(&self, number: usize, name: &str, seen: &mut Vec<(usize, String)>) -> Vec<Target> {
        let key = (number, name.to_owned());
        if seen.contains(&key) {
            return Vec::new();
        }
        seen.push(key);
        let module = &self.modules[number];
        let mut found = Vec::new();
        if let Some(child) = module.children.get(name) {
            found.push(Target::Module(*child));
        }
        if module.defined.contains(name) {
            found.push(Target::Item(number));
        }
        if found.is_empty() {
            for path in module.bound(name) {
                found.extend(self.resolve(number, &path.segments, seen));
            }
            if found.is_empty() {
                for path in module.bound("*") {
                    for target in self.resolve(number, &path.segments, seen) {
                        if let Target::Module(inner) = target {
                            found.extend(self.look_up(inner, name, seen));
                        }
                    }
                }
            }
        }
        seen.pop();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imports(files: &[(&str, &str)]) -> Vec<String> {
        let files: BTreeMap<&str, &str> = files.iter().copied().collect();
        let found = read("src/lib.rs", &files).expect("a crate").between_files;
        let sign = |import: &Import| if import.only_handed_on { "=>" } else { "->" };
        let short = |path: &str| path.trim_start_matches("src/").to_owned();
        let line = |it: &Import| {
            format!("{}:{} {} {} {}", short(&it.from), it.line, it.name, sign(it), short(&it.to))
        };
        found.iter().map(line).collect()
    }

    #[test]
    fn paths_lead_to_the_file_that_defines_the_name() {
        let a = ("src/a.rs", "pub mod deep; pub use deep::Deep;\npub struct A;");
        let deep = ("src/a/deep.rs", "use super::A; pub struct Deep(A);");
        for (root, b, expected) in [
            ("mod a; mod b;", "fn b() -> crate::a::A {}", "b.rs:1 crate::a::A -> a.rs"),
            (
                "mod a; mod b;",
                "use crate::a::Deep; fn b(_: Deep) {}",
                "b.rs:1 crate::a::Deep -> a/deep.rs",
            ),
            (
                "mod a; mod b; pub use a::Deep as D;",
                "use crate::D;",
                "b.rs:1 crate::D -> a/deep.rs",
            ),
            (
                "mod a; mod b; pub use a::*;",
                "fn b() -> super::Deep {}",
                "b.rs:1 super::Deep -> a/deep.rs",
            ),
            (
                "mod a; mod b;",
                "use crate::a::deep; fn b() { deep::Deep::new() }",
                "b.rs:1 deep::Deep::new -> a/deep.rs",
            ),
            (
                "mod a; mod b;",
                "use crate::a::*; fn b(_: Deep) {}",
                "b.rs:1 crate::a::Deep -> a/deep.rs",
            ),
            (
                "mod a; mod b;",
                "fn b() { odd!(crate::a::made_by_a_macro) }",
                "b.rs:1 crate::a::made_by_a_macro -> a.rs",
            ),
        ] {
            let found = imports(&[("src/lib.rs", root), a, deep, ("src/b.rs", b)]);
            assert!(found.contains(&expected.to_owned()), "{b}: {found:#?}");
            let handed_on = "a.rs:1 deep::Deep => a/deep.rs".to_owned();
            assert!(found.contains(&handed_on), "{found:#?}");
        }
    }

    #[test]
    fn tests_and_names_of_the_same_file_are_no_imports() {
        let root = "mod a; #[cfg(test)] mod tests; mod inner { pub struct I; } use inner::I; fn f(_: I) {}";
        let a = "#[cfg(test)] use crate::f; #[cfg(test)] mod tests { use crate::f; } impl A { #[cfg(test)] fn t() { crate::f() } }";
        assert_eq!(imports(&[("src/lib.rs", root), ("src/a.rs", a)]), Vec::<String>::new());
    }

    #[test]
    fn crates_of_others_are_named() {
        let root = "mod http; mod a; use axum::Router; fn f() { ::hyper::go() }";
        let a = "use crate::http::Own; fn f() -> http::Request {}";
        let files = [("src/lib.rs", root), ("src/a.rs", a), ("src/http.rs", "pub struct Own;")];
        let found = read("src/lib.rs", &files.into()).expect("a crate").foreign;
        let found: Vec<_> = found.iter().map(|it| (it.file.as_str(), it.name.as_str())).collect();
        assert_eq!(found, [("src/a.rs", "http"), ("src/lib.rs", "axum"), ("src/lib.rs", "hyper")]);
    }
}
