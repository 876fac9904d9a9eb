//! `cargo xtask soak`: many calls of both clients, and what they leave behind in the process.

use anyhow::Result;
use clap::Args;

use crate::workspace;

/// How many calls.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Options {
    /// How many calls are made, half of them by each client.
    #[arg(long, default_value_t = 100_000)]
    calls: u64,
}

/// Builds and runs the program in `tests/examples/load`.
pub(crate) fn run(options: Options) -> Result<()> {
    let calls = options.calls.to_string();
    let program = ["run", "--quiet", "--release", "-p", "imagesearch-tests", "--example", "load"];
    let mut command = workspace::cargo(&program);
    command.args(["--", "--soak", &calls]);
    workspace::run(&mut command, "memory or connections grow; see above")
}
