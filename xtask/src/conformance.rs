//! `cargo xtask conformance`: the official SDKs against the emulator.

use anyhow::Result;
use clap::Args;

use crate::workspace;

/// What the program in `tests/examples/conformance` takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// Compares with `tests/conformance/seen.json` instead of writing it.
    #[arg(long)]
    check: bool,
    /// Runs one SDK only; may be repeated.
    #[arg(long, value_name = "python|node|go|java")]
    sdk: Vec<String>,
}

/// Builds and runs the program.
pub(crate) fn run(options: &Options) -> Result<()> {
    let program = ["run", "--quiet", "--release", "-p", "imagesearch-tests", "--example"];
    let mut command = workspace::cargo(&program);
    command.args(["conformance", "--"]);
    if options.check {
        command.arg("--check");
    }
    for sdk in &options.sdk {
        command.args(["--sdk", sdk]);
    }
    workspace::run(&mut command, "the official SDKs and the emulator do not agree; see above")
}
