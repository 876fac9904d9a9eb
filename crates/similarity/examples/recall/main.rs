//! Measures how many altered photos find their originals: `cargo xtask recall` fetches photos and
//! runs this.
//!
//! `recall FOLDER` measures, and fails if recall is too low; `recall --checksum FOLDER` prints a
//! checksum of all descriptors, to compare builds.

mod gallery;
mod parallel;
mod photos;
mod report;

use std::path::Path;
use std::process::ExitCode;

use gallery::Gallery;
use report::Report;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match &arguments[..] {
        [flag, folder] if flag == "--checksum" => checksum(Path::new(folder)),
        [folder] => measure(Path::new(folder)),
        _ => Err("give the folder of the photos".into()),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn checksum(folder: &Path) -> Outcome<bool> {
    println!("{:016x}", Gallery::of(photos::read(folder)?)?.checksum());
    Ok(true)
}

fn measure(folder: &Path) -> Outcome<bool> {
    let photos = photos::read(folder)?;
    let mut report = Report::new(photos.len());
    let mut gallery = Gallery::of(photos)?;
    println!("{} photos\n", gallery.len());
    report.same_bytes(&gallery);
    report.table(&gallery, "without distractors");
    let distractors = gallery.add_distractors();
    println!(
        "\n{distractors} distractors: parts of the photos, turned, in other colours and light"
    );
    println!("(a photo's own do not count against it)\n");
    report.same_bytes(&gallery);
    report.table(&gallery, "with distractors");
    Ok(report.verdict())
}
