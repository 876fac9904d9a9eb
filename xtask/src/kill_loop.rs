//! `cargo xtask kill-loop`: the emulator killed again and again while pictures are written.

use anyhow::Result;
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
    let test = ["test", "--quiet", "--release", "-p", "imagesearch-cli", "--test", "command_line"];
    let mut command = workspace::cargo(&test);
    command.args(["kill_loop", "--", "--nocapture"]);
    command.env("IMAGESEARCH_KILLS", options.kills.to_string());
    workspace::run(&mut command, "something was lost, or half there, after a kill; see above")
}
