//! `cargo xtask uploads`: what thousands of uploads at a time take of one process.

use anyhow::Result;

use crate::workspace;

/// Builds and runs the program.
pub(crate) fn run() -> Result<()> {
    let program =
        ["run", "--quiet", "--release", "-p", "imagesearch-tests", "--example", "uploads"];
    let broken = "uploads take more than they may, or could not be measured";
    workspace::run(&mut workspace::cargo(&program), broken)
}
