//! `cargo xtask load`: how fast the emulator takes, finds and loads pictures.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// Builds and runs the program, and the measurement of a start with a large data folder.
pub(crate) fn run() -> Result<()> {
    let program = ["run", "--quiet", "--release", "-p", "imagesearch-tests", "--example", "load"];
    cargo(&program).context("a search takes too long, or the load could not be measured")?;
    let start = ["test", "--quiet", "--release", "-p", "imagesearch-emulator", "--lib", "--"];
    let only = ["--ignored", "--nocapture", "a_large_folder_is_loaded"];
    cargo(&[&start[..], &only].concat()).context("the start could not be measured")
}

fn cargo(arguments: &[&str]) -> Result<()> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let status = command.current_dir(workspace::root()).args(arguments).status()?;
    if !status.success() {
        bail!("cargo {} failed", arguments.join(" "));
    }
    Ok(())
}
