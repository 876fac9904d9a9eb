//! `cargo xtask codegen`: from `api-spec/` to `crates/*/src/generated/` and the page about the emulator.

use std::env;

use anyhow::{Result, bail};
use clap::Args;
use imagesearch_codegen::{
    format,
    output::{self, Difference, DifferenceKind, Mode},
    source,
};

use crate::workspace;

/// How to generate.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Options {
    /// Only tells what would change, and fails if anything would.
    #[arg(long)]
    check: bool,
    /// Prints the lines that change.
    #[arg(long, short)]
    verbose: bool,
}

/// Generates.
pub(crate) fn run(options: Options) -> Result<()> {
    let root = workspace::root();
    let files = source::read(&root.join("api-spec"))?;
    let rendered = match imagesearch_codegen::generate(&files) {
        Ok(rendered) => rendered,
        Err(mistakes) => {
            eprint!("{}", files.report(&mistakes));
            bail!("the specification has {}", plural(mistakes.len(), "mistake"));
        }
    };
    let sources = format::format(&rendered, root)?;
    let mode = if options.check { Mode::Check } else { Mode::Write };
    let differences = output::apply(&sources, root, mode)?;
    for difference in &differences {
        report(difference, options);
    }
    match (options.check, differences.len()) {
        (_, 0) => println!("{} are up to date", plural(sources.len(), "generated file")),
        (false, count) => println!("brought {} up to date", plural(count, "generated file")),
        (true, count) => {
            let hint = if env::var_os("CI").is_some() {
                "; run `cargo xtask codegen` and commit what it writes"
            } else {
                "; run `cargo xtask codegen`"
            };
            bail!("{} not up to date{hint}", plural(count, "generated file"));
        }
    }
    Ok(())
}

fn report(difference: &Difference, options: Options) {
    let word = match (difference.kind, options.check) {
        (DifferenceKind::Stale, true) => "stale",
        (DifferenceKind::Missing, true) => "missing",
        (DifferenceKind::Leftover, true) => "left over",
        (DifferenceKind::Stale, false) => "changed",
        (DifferenceKind::Missing, false) => "added",
        (DifferenceKind::Leftover, false) => "removed",
    };
    println!("{word}: {}", difference.path);
    if options.verbose {
        print!("{}", difference.diff);
    }
}

fn plural(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
