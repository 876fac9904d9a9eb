//! Runs what `imagesearch emulator env` prints, since people paste it as it is.

use std::fs;
use std::process::Command;

use imagesearch_emulator::Emulator;

use crate::environment::Program;
use crate::run;
use crate::sdk::Sdk;
use crate::{Folders, Outcome};

/// Runs the block of an SDK with a few lines behind it that use it; says what went wrong.
///
/// Nothing for Go and Java, whose blocks are parts of a program that has more around it.
pub(crate) fn run(sdk: Sdk, program: &Program, folders: &Folders) -> Outcome<Option<String>> {
    let (block, name) = match sdk {
        Sdk::Python => (include_str!("../../../crates/cli/src/emulator/blocks/python.txt"), "py"),
        Sdk::Node => (include_str!("../../../crates/cli/src/emulator/blocks/node.txt"), "js"),
        Sdk::Go | Sdk::Java => return Ok(None),
    };
    let emulator = run::start(folders)?;
    let ca_file = emulator.ca_file().ok_or("no file of the authority")?.display().to_string();
    let mut text = block.to_owned();
    for (name, value) in [
        ("{{endpoint}}", emulator.local_addr().to_string().as_str()),
        ("{{protocol}}", "HTTP"),
        ("{{access_key_id}}", Emulator::ACCESS_KEY_ID),
        ("{{access_key_secret}}", Emulator::ACCESS_KEY_SECRET),
        ("{{ca_file}}", &ca_file),
    ] {
        text = text.replace(name, value);
    }
    let after = folders.sources.join(sdk.name()).join(format!("after_block.{name}"));
    text.push_str(&fs::read_to_string(after)?);
    let file = folders.scratch.join(sdk.name()).join(format!("block.{name}"));
    fs::write(&file, text)?;
    let mut command = Command::new(&program.path);
    command.arg(&file).arg(folders.scratch.join("pictures/1.png"));
    let output = run::at_home(&mut command, program).output()?;
    emulator.shutdown();
    let verdict = if output.status.success() { "ok" } else { "FAILED" };
    println!("{verdict:6} {:6} {:26} the block of `emulator env`", sdk.name(), "as printed");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok((!output.status.success()).then(|| format!("{}: the block failed: {said}", sdk.name())))
}
