//! Runs the official SDKs against the emulator: `cargo xtask conformance`.
//!
//! Every case of `tests/conformance/cases.json` is run with every SDK that has its toolchain here, with both
//! kinds of signature, against an emulator with strict authentication. One line is printed for each.
//! What was seen is compared with what the SDKs know, and kept in `tests/conformance/seen.json`.

mod block;
mod case;
mod coverage;
mod environment;
mod exceptions;
mod run;
mod sdk;
mod seen;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use case::Cases;
use coverage::Coverage;
use environment::Unusable;
use exceptions::Exceptions;
use imagesearch_tests::exit::exit_code;
use sdk::Sdk;
use seen::Seen;

/// What a step may fail with.
type Outcome<T> = Result<T, Box<dyn Error>>;

const USAGE: &str = "\
usage: cargo xtask conformance [--check] [--sdk python|node|go|java]...

  --check  compares with tests/conformance/seen.json instead of writing it
  --sdk    runs one SDK only; may be repeated";

/// What the command line asks for.
struct Options {
    check: bool,
    /// Those that are named, which must be there; all that are there if none is.
    sdks: Vec<Sdk>,
}

fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(mistake) => {
            eprintln!("{mistake}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    exit_code(conform(&options))
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { check: false, sdks: Vec::new() };
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--check" => options.check = true,
                "--sdk" => {
                    let name = arguments.next().unwrap_or_default();
                    let sdk = Sdk::ALL.into_iter().find(|sdk| sdk.name() == name);
                    options.sdks.push(sdk.ok_or_else(|| format!("`{name}` is no SDK"))?);
                }
                other => return Err(format!("`{other}` is no option")),
            }
        }
        Ok(options)
    }
}

/// Runs all that can be run; `false` if something is not as it should be.
fn conform(options: &Options) -> Outcome<bool> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no workspace")?;
    let folders = Folders {
        sources: root.join("tests/conformance"),
        scratch: root.join("target/conformance"),
    };
    let cases = Cases::read(&folders.sources)?;
    let exceptions = Exceptions::read(&folders.sources)?;
    let mut seen = Seen::read(&folders.sources)?;
    let mut problems = Vec::new();
    let mut ran = Vec::new();
    let mut skipped = Vec::new();
    let wanted = if options.sdks.is_empty() { &Sdk::ALL[..] } else { &options.sdks };
    for sdk in wanted {
        let started = Instant::now();
        let program = match environment::install(*sdk, &folders) {
            Ok(program) => program,
            Err(Unusable::Missing(reason)) if options.sdks.is_empty() => {
                skipped.push(format!("{}: {reason}", sdk.name()));
                continue;
            }
            Err(Unusable::Missing(reason) | Unusable::Broken(reason)) => {
                problems.push(format!("{}: {reason}", sdk.name()));
                continue;
            }
        };
        let mut coverage = Coverage::default();
        for variant in sdk.variants() {
            run::run(*sdk, variant, &program, &cases, &exceptions, &folders, &mut coverage)?;
        }
        problems.extend(block::run(*sdk, &program, &folders)?);
        problems.extend(coverage.problems(*sdk, &exceptions));
        problems.extend(seen.take(*sdk, &coverage, options.check));
        let took = started.elapsed().as_secs_f32();
        ran.push(format!("{}: {} in {took:.1} s", sdk.name(), coverage.summary()));
    }
    if !options.check {
        seen.write(&folders.sources)?;
    }
    for problem in &problems {
        println!("FAILED {problem}");
    }
    println!("conformance: {}; {} problems", ran.join(", "), problems.len());
    // These lines come last, so that nobody takes what was not run for what is well.
    for one in &skipped {
        println!("SKIPPED: {one}");
    }
    Ok(problems.is_empty())
}

/// Where things are.
struct Folders {
    /// The drivers and the cases, which are committed.
    sources: PathBuf,
    /// Packages, keys and pictures, which are not.
    scratch: PathBuf,
}
