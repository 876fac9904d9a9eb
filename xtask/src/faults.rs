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
    let selection = ["--release", "-p", "imagesearch-tests", "--test", "faults"];
    let name = "promises_are_kept_whatever_goes_wrong";
    let variables = [("IMAGESEARCH_CALLS", options.calls), ("IMAGESEARCH_SEED", options.seed)];
    workspace::test(&selection, name, &variables, "a promise was not kept; see above")
}
