//! `cargo xtask load`: how fast the emulator takes, finds and loads pictures.

use anyhow::Result;

use crate::workspace;

/// Builds and runs the program, and the measurement of a start with a large data folder.
pub(crate) fn run() -> Result<()> {
    let program = ["run", "--quiet", "--release", "-p", "imagesearch-tests", "--example", "load"];
    let broken = "a search takes too long, or the load could not be measured";
    workspace::run(&mut workspace::cargo(&program), broken)?;
    let selection = ["--release", "-p", "imagesearch-emulator", "--lib"];
    let name = "store::tests::data_folder::a_large_folder_is_loaded";
    workspace::test(&selection, name, &[], "a start takes too long, or could not be measured")
}
