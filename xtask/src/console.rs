//! `cargo xtask console`: the emulator's page in a headless browser.

use anyhow::Result;

use crate::workspace;

/// Builds and runs the program in `tests/examples/console`.
pub(crate) fn run() -> Result<()> {
    let program = ["run", "--quiet", "-p", "imagesearch-tests", "--example", "console"];
    let broken = "the console page is not as it should be; see above, and target/console";
    workspace::run(&mut workspace::cargo(&program), broken)
}
