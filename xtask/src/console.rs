//! `cargo xtask console`: the emulator's page in a headless browser.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// Builds and runs the program in `tests/examples/console`.
pub(crate) fn run() -> Result<()> {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(workspace::root());
    command.args(["run", "--quiet", "-p", "imagesearch-tests", "--example", "console"]);
    let status = command.status().context("cargo cannot be started")?;
    if !status.success() {
        bail!("the console page is not as it should be; see above, and target/console");
    }
    Ok(())
}
