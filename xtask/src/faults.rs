//! `cargo xtask faults`: many calls of both clients where much goes wrong.

use anyhow::Result;
use clap::Args;

use crate::workspace;

/// How many calls, and which.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Options {
    /// How many calls are made, half of them by each client.
    #[arg(long, default_value_t = 10_000)]
    calls: u64,
    /// Where the random numbers begin, of the calls and of the faults.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the test that the suite runs with fewer calls.
pub(crate) fn run(options: Options) -> Result<()> {
    let test = ["test", "--quiet", "--release", "-p", "imagesearch-tests", "--test", "faults"];
    let mut command = workspace::cargo(&test);
    command.args(["--", "--nocapture"]);
    command.env("IMAGESEARCH_CALLS", options.calls.to_string());
    command.env("IMAGESEARCH_SEED", options.seed.to_string());
    workspace::run(&mut command, "a promise was not kept; see above")
}
