//! `cargo xtask mutations`: right requests with something changed, many of them.

use anyhow::Result;
use clap::Args;

use crate::workspace;

/// How many requests, and which.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Options {
    /// How many requests are sent.
    #[arg(long, default_value_t = 2_000)]
    count: u64,
    /// Where the random numbers begin; the same seed sends the same requests.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Runs the test of the emulator that the suite runs with fewer requests.
pub(crate) fn run(options: Options) -> Result<()> {
    let name = "mutations::whatever_is_sent_is_answered_or_ends";
    let variables = [("IMAGESEARCH_MUTATIONS", options.count), ("IMAGESEARCH_SEED", options.seed)];
    let broken = "a request was not answered as it must be; see above";
    workspace::test(&["-p", "imagesearch-emulator", "--test", "emulator"], name, &variables, broken)
}
