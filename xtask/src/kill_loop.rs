//! `cargo xtask kill-loop`: the emulator killed again and again while pictures are written.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::workspace;

/// What the loop takes.
#[derive(Clone, Debug, Args)]
pub(crate) struct Options {
    /// How often the emulator is killed.
    #[arg(long, default_value_t = 200)]
    kills: u64,
}

/// Runs the test of the same name, which kills a few times only when it runs with all others.
pub(crate) fn run(options: &Options) -> Result<()> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root());
    command.args(["test", "--quiet", "--release", "-p", "imagesearch-cli", "--test"]);
    command.args(["command_line", "kill_loop", "--", "--nocapture"]);
    command.env("IMAGESEARCH_KILLS", options.kills.to_string());
    let status = command.status().context("cargo cannot be started")?;
    if !status.success() {
        bail!("something was lost, or half there, after a kill; see above");
    }
    Ok(())
}
