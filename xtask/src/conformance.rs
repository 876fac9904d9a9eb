//! `cargo xtask conformance`: the official SDKs against the emulator.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, bail};
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
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root());
    command.args(["run", "--quiet", "--release", "-p", "imagesearch-tests"]);
    command.args(["--example", "conformance", "--"]);
    if options.check {
        command.arg("--check");
    }
    for sdk in &options.sdk {
        command.args(["--sdk", sdk]);
    }
    let status = command.status().context("cargo cannot be started")?;
    if !status.success() {
        bail!("the official SDKs and the emulator do not agree; see above");
    }
    Ok(())
}
