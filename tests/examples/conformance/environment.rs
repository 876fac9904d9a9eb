//! Installs an SDK into a scratch folder, or says why it cannot be had.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Folders;
use crate::sdk::Sdk;

/// The file in the folder of an SDK that says what is installed there.
const MARK: &str = "installed";

/// How to start the driver of an SDK; the path of the run's file is to be added.
pub(crate) struct Program {
    pub(crate) path: PathBuf,
    pub(crate) arguments: Vec<PathBuf>,
    pub(crate) environment: Vec<(&'static str, PathBuf)>,
}

/// Why an SDK is not run.
pub(crate) enum Unusable {
    /// There is no toolchain, or its packages cannot be had.
    Missing(String),
    /// Its driver does not compile.
    Broken(String),
}

impl Unusable {
    fn reason(self) -> String {
        let (Self::Missing(reason) | Self::Broken(reason)) = self;
        reason
    }
}

/// Installs an SDK unless the very same is installed already.
pub(crate) fn install(sdk: Sdk, folders: &Folders) -> Result<Program, Unusable> {
    let folder = folders.scratch.join(sdk.name());
    let sources = folders.sources.join(sdk.name());
    fs::create_dir_all(&folder).map_err(|error| failed(&folder.display(), &error))?;
    match sdk {
        Sdk::Python => python(&folder, &sources),
        Sdk::Node => node(&folder, &sources),
        Sdk::Go => go(&folder, &sources),
        Sdk::Java => java(&folder, &sources),
    }
}

fn python(folder: &Path, sources: &Path) -> Result<Program, Unusable> {
    let interpreter = folder.join("bin/python");
    let pins = sources.join("requirements.txt");
    let version = run(Command::new("python3").arg("--version"))?;
    once(folder, &pins, &version, || {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        run(Command::new(&interpreter).args(pip).arg(&pins))?;
        Ok(())
    })?;
    Ok(Program {
        path: interpreter,
        arguments: vec![sources.join("driver.py")],
        environment: Vec::new(),
    })
}

fn node(folder: &Path, sources: &Path) -> Result<Program, Unusable> {
    let version = run(Command::new("node").arg("--version"))?;
    let pins = sources.join("package.json");
    once(folder, &pins, &version, || {
        fs::copy(&pins, folder.join("package.json")).map_err(|error| failed(&"a copy", &error))?;
        let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
        run(Command::new("npm").arg("install").args(quiet).current_dir(folder))?;
        Ok(())
    })?;
    Ok(Program {
        path: "node".into(),
        arguments: vec![sources.join("driver.js")],
        environment: vec![("NODE_PATH", folder.join("node_modules"))],
    })
}

fn go(folder: &Path, sources: &Path) -> Result<Program, Unusable> {
    let version = run(Command::new("go").arg("version"))?;
    let binary = folder.join("driver");
    let pins = sources.join("go.mod");
    // The driver is built along, and may have changed since.
    let _ = fs::remove_file(folder.join(MARK));
    once(folder, &pins, &version, || {
        for file in ["go.mod", "driver.go"] {
            let copied = fs::copy(sources.join(file), folder.join(file));
            copied.map_err(|error| failed(&file, &error))?;
        }
        run(Command::new("go").args(["mod", "tidy"]).current_dir(folder))?;
        let mut build = Command::new("go");
        build.args(["build", "-o", "driver", "."]).current_dir(folder);
        run(&mut build).map(drop).map_err(|error| Unusable::Broken(error.reason()))
    })?;
    Ok(Program { path: binary, arguments: Vec::new(), environment: Vec::new() })
}

fn java(folder: &Path, sources: &Path) -> Result<Program, Unusable> {
    let version = run(Command::new("java").arg("--version"))?;
    let pins = sources.join("pom.xml");
    once(folder, &pins, &version, || {
        let copied = fs::copy(&pins, folder.join("pom.xml"));
        copied.map_err(|error| failed(&"a copy", &error))?;
        let goals = ["--batch-mode", "--quiet", "dependency:copy-dependencies"];
        let to = "-DoutputDirectory=jars";
        run(Command::new("mvn").args(goals).arg(to).current_dir(folder))?;
        Ok(())
    })?;
    let mut classes = folder.join("jars").into_os_string();
    classes.push("/*");
    Ok(Program {
        path: "java".into(),
        arguments: vec!["-cp".into(), classes.into(), sources.join("Driver.java")],
        environment: Vec::new(),
    })
}

/// Installs unless the same pins were installed with the same interpreter; a failed attempt leaves no
/// mark.
fn once(
    folder: &Path,
    pins: &Path,
    version: &str,
    install: impl FnOnce() -> Result<(), Unusable>,
) -> Result<(), Unusable> {
    let pins = fs::read_to_string(pins).map_err(|error| failed(&pins.display(), &error))?;
    let wanted = format!("{version}\n{pins}");
    let mark = folder.join(MARK);
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    install()?;
    fs::write(&mark, wanted).map_err(|error| failed(&mark.display(), &error))
}

/// Runs a program to its end and returns what it printed.
fn run(command: &mut Command) -> Result<String, Unusable> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| failed(&program, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    // pip, npm and mvn alike say in the first lines what they could not have.
    let first: Vec<&str> = said.lines().take(3).collect();
    Err(Unusable::Missing(format!("{program} failed: {}", first.join(" | "))))
}

fn failed(what: &dyn std::fmt::Display, error: &io::Error) -> Unusable {
    Unusable::Missing(format!("{what}: {error}"))
}
