//! What is done to the disk, in a folder of its own.

use std::{fs, path::PathBuf};

use imagesearch_codegen::{
    format::SourceFile,
    output::{DifferenceKind, MANIFEST, Mode, apply},
};

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the folder of the last run can go");
    }
    fs::create_dir_all(&folder).expect("the folder can be made");
    folder
}

fn file(path: &str, text: &str) -> SourceFile {
    SourceFile { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn check_finds_stale_missing_and_leftover_files_and_write_mends_them() {
    let root = folder("drift");
    let old = [file("src/kept.rs", "old\n"), file("src/gone.rs", "gone\n")];
    apply(&old, &root, Mode::Write).expect("the disk works");
    let new = [file("src/kept.rs", "new\n"), file("src/deep/added.rs", "added\n")];

    let found = apply(&new, &root, Mode::Check).expect("the disk works");
    let found: Vec<_> = found.iter().map(|it| (it.path.as_str(), it.kind)).collect();
    let expected = [
        ("src/gone.rs", DifferenceKind::Leftover),
        ("src/deep/added.rs", DifferenceKind::Missing),
        ("src/kept.rs", DifferenceKind::Stale),
        (MANIFEST, DifferenceKind::Stale),
    ];
    assert_eq!(found, expected);
    assert!(root.join("src/gone.rs").exists(), "to check changes nothing");

    let written = apply(&new, &root, Mode::Write).expect("the disk works");
    assert_eq!(written.len(), 4);
    assert!(written[2].diff.contains("-old\n+new"), "{}", written[2].diff);
    assert!(!root.join("src/gone.rs").exists());
    assert!(apply(&new, &root, Mode::Check).expect("the disk works").is_empty());
}

#[test]
fn newlines_of_a_checkout_are_no_difference() {
    let root = folder("newlines");
    let files = [file("a.rs", "one\ntwo\n")];
    apply(&files, &root, Mode::Write).expect("the disk works");
    fs::write(root.join("a.rs"), "one\r\ntwo\r\n").expect("the disk works");
    assert!(apply(&files, &root, Mode::Check).expect("the disk works").is_empty());
}

#[test]
fn a_tampered_list_leads_nowhere_else() {
    let root = folder("tampered");
    let outside = root.join("outside.rs");
    fs::write(&outside, "mine\n").expect("the disk works");
    fs::create_dir(root.join("inside")).expect("the disk works");
    fs::write(root.join("inside").join(MANIFEST), "files = [\n    \"../outside.rs\",\n]\n")
        .expect("the disk works");
    apply(&[], &root.join("inside"), Mode::Write).expect("the disk works");
    assert!(outside.exists());
}
