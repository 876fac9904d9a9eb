//! `cargo xtask load`: how fast the emulator takes, finds and loads pictures.

use anyhow::Result;

use crate::workspace;

/// Builds and runs the program, and the measurement of a start with a large data folder.
pub(crate) fn run() -> Result<()> {
    let program = ["run", "--quiet", "--release", "-p", "imagesearch-tests", "--example", "load"];
    let broken = "a search takes too long, or the load could not be measured";
    workspace::run(&mut workspace::cargo(&program), broken)?;
    let start = ["test", "--quiet", "--release", "-p", "imagesearch-emulator", "--lib", "--"];
    let only = ["--ignored", "--nocapture", "a_large_folder_is_loaded"];
    let mut command = workspace::cargo(&[&start[..], &only].concat());
    workspace::run(&mut command, "the start could not be measured")
}
