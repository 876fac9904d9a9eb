//! `cargo xtask tidy`: house rules over the text of files and the tree of dependencies.

mod dependencies;
mod text;

use anyhow::{Result, bail};

use crate::workspace;

/// Checks every rule and prints all that is broken.
pub(crate) fn run() -> Result<()> {
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
    problems.extend(dependencies::problems(root)?);
    Ok(problems)
}

#[cfg(test)]
mod tests {
    #[test]
    fn house_is_tidy() {
        let problems = super::problems().expect("the workspace is readable");
        assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    }
}
