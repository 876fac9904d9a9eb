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
    let selection = ["--release", "-p", "imagesearch-cli", "--test", "command_line"];
    let name = "kill_loop::kill_loop";
    let broken = "something was lost, or half there, after a kill; see above";
    workspace::test(&selection, name, &[("IMAGESEARCH_KILLS", options.kills)], broken)
}
