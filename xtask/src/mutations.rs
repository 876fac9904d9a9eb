//! `cargo xtask mutations`: right requests with something changed, many of them.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, bail};
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
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root());
    command.args(["test", "--quiet", "-p", "imagesearch-emulator", "--test", "emulator"]);
    command.args(["--", "--nocapture", "whatever_is_sent_is_answered_or_ends"]);
    command.env("IMAGESEARCH_MUTATIONS", options.count.to_string());
    command.env("IMAGESEARCH_SEED", options.seed.to_string());
    let status = command.status().context("cargo cannot be started")?;
    if !status.success() {
        bail!("a request was not answered as it must be; see above");
    }
    Ok(())
}
