//! Installs an SDK into a scratch folder, or returns why it is not available.

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
    /// There is no such toolchain here.
    Missing(String),
    /// There is one, but its packages are not available or its driver does not compile.
    Broken(String),
}

/// Installs an SDK unless the very same is installed already.
pub(crate) fn install(sdk: Sdk, folders: &Folders) -> Result<Program, Unusable> {
    let folder = folders.scratch.join(sdk.name());
    let sources = folders.sources.join(sdk.name());
    fs::create_dir_all(&folder).map_err(|error| broken(&folder.display(), &error))?;
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
    once(folder, &[&pins], &version, || {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        run(Command::new(&interpreter).args(pip).arg(&pins))
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
    once(folder, &[&pins], &version, || {
        copy(sources, folder, &["package.json"])?;
        let quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
        run(Command::new("npm").arg("install").args(quiet).current_dir(folder))
    })?;
    Ok(Program {
        path: "node".into(),
        arguments: vec![sources.join("driver.js")],
        environment: vec![("NODE_PATH", folder.join("node_modules"))],
    })
}

fn go(folder: &Path, sources: &Path) -> Result<Program, Unusable> {
    const FILES: [&str; 3] = ["go.mod", "go.sum", "driver.go"];
    let version = run(Command::new("go").arg("version"))?;
    // The driver is built along, so it belongs to what is installed.
    once(folder, &FILES.map(|file| sources.join(file)), &version, || {
        copy(sources, folder, &FILES)?;
        let mut build = Command::new("go");
        build.args(["build", "-mod=readonly", "-o", "driver", "."]).current_dir(folder);
        run(build.env("GOWORK", "off"))
    })?;
    Ok(Program { path: folder.join("driver"), arguments: Vec::new(), environment: Vec::new() })
}

fn java(folder: &Path, sources: &Path) -> Result<Program, Unusable> {
    const FILES: [&str; 2] = ["pom.xml", "Driver.java"];
    let version = run(Command::new("javac").arg("--version"))?;
    let mut classes = folder.join("classes").into_os_string();
    classes.push(":");
    classes.push(folder.join("jars/*"));
    // The driver is compiled along, so it belongs to what is installed.
    once(folder, &FILES.map(|file| sources.join(file)), &version, || {
        copy(sources, folder, &FILES)?;
        // Jars of other pins would be found first.
        let _ = fs::remove_dir_all(folder.join("jars"));
        let goals = ["--batch-mode", "--strict-checksums", "dependency:copy-dependencies"];
        let mut maven = Command::new("mvn");
        run(maven.args(goals).arg("-DoutputDirectory=jars").current_dir(folder))?;
        let mut compile = Command::new("javac");
        compile.args(["-d", "classes", "-cp", "jars/*", "Driver.java"]).current_dir(folder);
        run(&mut compile)
    })?;
    Ok(Program {
        path: "java".into(),
        // A run is too short for the second compiler to pay; without it, it takes half as long.
        arguments: vec![
            "-XX:TieredStopAtLevel=1".into(),
            "-cp".into(),
            classes.into(),
            "Driver".into(),
        ],
        environment: Vec::new(),
    })
}

/// Installs unless the same files were installed with the same toolchain; a failed attempt leaves no
/// mark.
fn once(
    folder: &Path,
    files: &[impl AsRef<Path>],
    version: &str,
    install: impl FnOnce() -> Result<String, Unusable>,
) -> Result<(), Unusable> {
    let mut wanted = version.to_owned();
    for file in files.iter().map(AsRef::as_ref) {
        wanted.push('\n');
        wanted += &fs::read_to_string(file).map_err(|error| broken(&file.display(), &error))?;
    }
    let mark = folder.join(MARK);
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let _ = fs::remove_file(&mark);
    install()?;
    fs::write(&mark, wanted).map_err(|error| broken(&mark.display(), &error))
}

fn copy(from: &Path, to: &Path, files: &[&str]) -> Result<(), Unusable> {
    files.iter().try_for_each(|file| {
        let copied = fs::copy(from.join(file), to.join(file));
        copied.map(drop).map_err(|error| broken(file, &error))
    })
}

/// Runs a program to its end and returns what it printed.
fn run(command: &mut Command) -> Result<String, Unusable> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Unusable::Missing(format!("there is no `{program}`")),
        _ => broken(&program, &error),
    })?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    Err(Unusable::Broken(format!("`{program}` failed: {said}")))
}

fn broken(what: &dyn std::fmt::Display, error: &io::Error) -> Unusable {
    Unusable::Broken(format!("{what}: {error}"))
}
