//! Finds what is wrong across keys and files.

mod advice;
mod constructors;
mod emulator;
mod example;
mod operation;
mod paging;
mod parameter;
mod reads;
mod rules;
mod sources;
mod tables;
mod types;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Mistake,
    source::{FileId, SourceFiles},
    spec::{At, Spec},
};

/// Lists all mistakes of a specification whose files are well formed.
pub fn check(spec: &Spec, files: &SourceFiles) -> Vec<Mistake> {
    let mut checker = Checker { spec, files, mistakes: Vec::new() };
    sources::check(&mut checker);
    tables::check(&mut checker);
    emulator::check(&mut checker);
    for version in &spec.versions {
        types::check(&mut checker, version);
        operation::check(&mut checker, version);
    }
    advice::check(&mut checker);
    checker.mistakes
}

/// Collects mistakes, and answers what the checks ask across files.
struct Checker<'a> {
    spec: &'a Spec,
    files: &'a SourceFiles,
    mistakes: Vec<Mistake>,
}

impl<'a> Checker<'a> {
    fn report(&mut self, mistake: Mistake) {
        self.mistakes.push(mistake);
    }

    /// Reports a name that is not among the known ones.
    fn known<'n>(
        &mut self,
        file: FileId,
        name: &At<String>,
        noun: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> bool {
        let known: Vec<&str> = known.into_iter().collect();
        let found = known.contains(&name.as_str());
        if !found {
            let message = format!("unknown {noun} `{}`", name.as_str());
            self.report(Mistake::at(file, name, message).suggest(name, known));
        }
        found
    }

    /// Reports an error code that neither the table of any version nor the gateway's has.
    ///
    /// The generations share most codes, so each stands in one of their tables only.
    fn known_code(&mut self, file: FileId, code: &At<String>) {
        // Where a table could not be read, that is the mistake, not each of its codes.
        let tables = self.spec.versions.iter().map(|version| version.errors.as_ref());
        let tables: Option<Vec<_>> = tables.chain([self.spec.gateway_errors.as_ref()]).collect();
        let Some(tables) = tables else {
            return;
        };
        let errors = tables.iter().flat_map(|table| &table.content.errors);
        self.known(file, code, "error code", errors.map(|error| error.code.as_str()));
    }

    /// Reports every value that occurred before; `as_written` tells what has to differ.
    fn distinct<'n, T: 'n, K>(
        &mut self,
        file: FileId,
        noun: &str,
        values: impl IntoIterator<Item = &'n At<T>>,
        as_written: impl Fn(&T) -> K,
    ) where
        K: Ord + std::fmt::Display,
    {
        let mut seen = BTreeSet::new();
        for value in values {
            let key = as_written(value);
            if seen.contains(&key) {
                self.report(Mistake::at(file, value, format!("{noun} `{key}` occurs twice")));
            }
            seen.insert(key);
        }
    }

    /// Reports names that differ on the wire and not in Rust.
    fn distinct_in_rust<'n>(
        &mut self,
        file: FileId,
        names: impl IntoIterator<Item = &'n At<String>>,
        in_rust: impl Fn(&str) -> String,
    ) {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for name in names {
            let rust = in_rust(name);
            match seen.get(&rust) {
                Some(other) if *other == name.as_str() => {
                    let message = format!("`{}` occurs twice", name.as_str());
                    self.report(Mistake::at(file, name, message));
                }
                Some(other) => {
                    let message =
                        format!("`{}` and `{other}` are both `{rust}` in Rust", name.as_str());
                    self.report(Mistake::at(file, name, message));
                }
                None => {
                    seen.insert(rust, name);
                }
            }
        }
    }

    /// Reports a summary that is not one sentence on one line.
    fn summary(&mut self, file: FileId, summary: &At<String>) {
        if summary.trim().contains('\n') {
            self.report(Mistake::at(file, summary, "a summary is one line"));
        }
    }
}
