//! `cargo xtask tidy`: house rules over the text of files and the tree of dependencies.

mod circles;
mod dependencies;
mod floors;
mod imports;
mod prose;
mod sizes;
mod text;

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use clap::Args;

use crate::workspace;

/// What `cargo xtask tidy` is asked for.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only lists the files that import each other in a circle, allowed ones too.
    #[arg(long)]
    circles: bool,
}

/// Checks every rule and prints all that is broken.
pub(crate) fn run(options: &Options) -> Result<()> {
    if options.circles {
        for (circle, _) in find_circles(&text::read(workspace::root())?)? {
            println!("{circle}\n");
        }
        return Ok(());
    }
    let problems = problems()?;
    for problem in &problems {
        println!("{problem}");
    }
    match problems.len() {
        0 => Ok(()),
        1 => bail!("1 house rule is broken"),
        count => bail!("{count} house rules are broken"),
    }
}

fn problems() -> Result<Vec<String>> {
    let root = workspace::root();
    let files = text::read(root)?;
    let mut problems = text::problems(&files);
    problems.extend(sizes::problems(&files));
    problems.extend(prose::problems(&files));
    problems.extend(dependencies::problems(root)?);
    let texts = texts(&files);
    problems.extend(floors::problems(|root| imports::read(root, &texts))?);
    let circles = find_circles(&files)?;
    let long = circles.iter().filter(|(circle, most)| circle.len() > *most);
    problems.extend(long.map(|(circle, _)| circle.to_string()));
    Ok(problems)
}

/// Returns every circle with the number of files that one may have.
fn find_circles(files: &[text::File]) -> Result<Vec<(circles::Circle, usize)>> {
    let texts = texts(files);
    let mut found = Vec::new();
    for (root, most) in circles::ROOTS {
        let circles = circles::find(&imports::read(root, &texts)?);
        found.extend(circles.into_iter().map(|circle| (circle, most)));
    }
    Ok(found)
}

/// Returns the texts by path.
fn texts(files: &[text::File]) -> BTreeMap<&str, &str> {
    files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn house_is_tidy() {
        let problems = super::problems().expect("the workspace is readable");
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }
}
