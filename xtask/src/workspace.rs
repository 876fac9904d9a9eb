//! Where the workspace lies, and how cargo is run in it.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Returns the root of the workspace.
pub(crate) fn root() -> &'static Path {
    let member = Path::new(env!("CARGO_MANIFEST_DIR"));
    member.parent().unwrap_or(member)
}

/// Creates a command of cargo, of the same version as the one that runs this.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    command
}

/// Runs one test, which must be there, and shows what it prints; `broken` says what it means if it fails.
pub(crate) fn test(
    selection: &[&str],
    name: &str,
    variables: &[(&str, u64)],
    broken: &'static str,
) -> Result<()> {
    let command = |flag: &str| {
        let mut command = cargo(&["test", "--quiet"]);
        command.args(selection).args(["--", "--exact", "--include-ignored", flag, name]);
        command.envs(variables.iter().map(|(variable, value)| (variable, value.to_string())));
        command
    };
    // A test that nobody finds is no failure to cargo.
    let listed = command("--list").stderr(Stdio::inherit()).output();
    let listed = listed.context("cargo cannot be started")?;
    if !String::from_utf8_lossy(&listed.stdout).contains(&format!("{name}: test")) {
        bail!("cargo test {} has no test `{name}`", selection.join(" "));
    }
    run(&mut command("--nocapture"), broken)
}

/// Runs a command of cargo; `broken` says what it means if that fails.
pub(crate) fn run(command: &mut Command, broken: &'static str) -> Result<()> {
    let status = command.status().context("cargo cannot be started")?;
    if !status.success() {
        bail!(broken);
    }
    Ok(())
}
