//! Rules over the tree of dependencies.

use std::{collections::BTreeSet, env, path::Path, process::Command};

use anyhow::{Context, Result, bail};

/// Most crates of others that each member may bring.
const MOST_CRATES: [(&str, usize); 3] =
    [("imagesearch-core", 36), ("imagesearch-blocking", 56), ("imagesearch-async", 110)];

/// Only what is part of the library itself.
const NORMAL: [&str; 2] = ["--edges", "normal"];

/// What the core must not depend on.
const CORE_BANS: [&str; 5] = ["getrandom", "rand", "rand_core", "tokio", "ureq"];

/// What nothing may depend on, nor be built with: cmake, or TLS other than rustls with ring.
const BANS: [&str; 6] =
    ["openssl", "openssl-sys", "native-tls", "cmake", "aws-lc-rs", "aws-lc-sys"];

/// Lists what breaks a rule.
pub(super) fn problems(root: &Path) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    for (member, most) in MOST_CRATES {
        let arguments: Vec<&str> = ["--package", member].into_iter().chain(NORMAL).collect();
        let count = of_others(&crates(root, &arguments)?);
        if count > most {
            problems.push(format!("{member}: {count} crates of others, the limit is {most}"));
        }
    }
    let core = ["--package", "imagesearch-core", "--all-features"].into_iter().chain(NORMAL);
    let core = crates(root, &core.collect::<Vec<_>>())?;
    problems
        .extend(banned(&core, &CORE_BANS).map(|it| format!("imagesearch-core depends on `{it}`")));
    // Of this machine only: crates of others are not fetched by an ordinary build.
    let all = crates(root, &["--workspace", "--edges", "normal,build,dev"])?;
    problems.extend(banned(&all, &BANS).map(|it| format!("the workspace depends on `{it}`")));
    Ok(problems)
}

fn banned<'a>(names: &BTreeSet<String>, bans: &'a [&'a str]) -> impl Iterator<Item = &'a str> {
    bans.iter().copied().filter(|ban| names.iter().any(|it| it.split(' ').next() == Some(ban)))
}

/// Counts the crates that are not members of this workspace.
fn of_others(names: &BTreeSet<String>) -> usize {
    names.iter().filter(|name| !name.starts_with("imagesearch-")).count()
}

/// Lists the crates, with versions, that the selected members build with.
fn crates(root: &Path, arguments: &[&str]) -> Result<BTreeSet<String>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--offline", "--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .current_dir(root)
        .output()
        .context("cargo tree cannot be run")?;
    if !output.status.success() {
        bail!("cargo tree: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let name = |line: &str| {
        // `name v1.2.3 (path)` and a `(*)` where a crate was listed before.
        line.split(' ').take(2).collect::<Vec<_>>().join(" ")
    };
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter(|line| !line.is_empty()).map(name).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_not_counted() {
        let names = ["imagesearch-core v0.1.0", "tokio v1.2.3", "tokio v0.9.0"].map(str::to_owned);
        assert_eq!(of_others(&names.into()), 2);
    }

    #[test]
    fn bans_match_whole_names() {
        let names = ["rand_chacha v1.0.0", "tokio v1.2.3"].map(str::to_owned).into();
        assert_eq!(banned(&names, &CORE_BANS).collect::<Vec<_>>(), ["tokio"]);
    }
}
