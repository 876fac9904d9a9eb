//! Pictures that come from a folder.

use std::fs;
use std::path::Path;

use imagesearch_emulator::{Emulator, InstanceSettings, SeedError, StartError};
use serde_json::json;

use crate::admin::admin;
use crate::pictures::png;
use crate::wire::start;

fn write(folder: &Path, file: &str, content: &[u8]) {
    let path = folder.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

#[test]
fn files_name_pictures_and_products() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "b.png", &png(1));
    write(folder.path(), "shirts/a.png", &png(2));
    write(folder.path(), "readme.txt", b"no picture");
    let emulator = start(Emulator::builder());
    let report = emulator.seed("demo", folder.path()).unwrap();
    let added = report.added.iter().map(|it| (&*it.file, &*it.product_id, &*it.pic_name));
    let expected = [("b.png", "b", "b.png"), ("shirts/a.png", "a", "shirts/a.png")];
    assert_eq!(added.collect::<Vec<_>>(), expected);
    let refused = &report.refused[0];
    assert_eq!((report.refused.len(), &*refused.file), (1, "readme.txt"));
    assert_eq!((&*refused.code, refused.line), ("UnsupportedPicFormat", None));
    assert_eq!(emulator.instances()[0].images, 2);
    // Again, the same pictures take the places of the same.
    assert_eq!(emulator.seed("demo", folder.path()).unwrap().added.len(), 2);
    assert_eq!(emulator.instances()[0].images, 2);
}

#[test]
fn lines_describe_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::NamedTempFile::new_in(folder.path().parent().unwrap()).unwrap();
    let outside = outside.path().file_name().unwrap().to_str().unwrap();
    write(folder.path(), "a.png", &png(1));
    write(folder.path(), "b.png", &png(2));
    let lines = [
        r#"{"file": "a.png", "product_id": "1", "pic_name": "front", "int_attr": 7}"#.to_owned(),
        String::new(),
        r#"{"file": "none.png"}"#.to_owned(),
        r#"{"file": "a.png", "int_attr": "seven"}"#.to_owned(),
        json!({ "file": format!("../{outside}"), "product_id": "1" }).to_string(),
        "nonsense".to_owned(),
    ];
    write(folder.path(), "seed.jsonl", lines.join("\n").as_bytes());
    let emulator = start(Emulator::builder());
    let order = json!({ "folder": folder.path(), "instance": "demo" }).to_string();
    let answer = admin(&emulator, "POST", "/seed", &order);
    assert_eq!(answer.status, 200, "{answer:?}");
    let report = answer.json();
    let added = json!([{ "file": "a.png", "product_id": "1", "pic_name": "front" }]);
    assert_eq!(report["added"], added);
    let refused = report["refused"].as_array().unwrap().iter();
    let refused: Vec<_> = refused
        .map(|it| (it["line"].as_u64().unwrap(), it["code"].as_str().unwrap().to_owned()))
        .collect();
    let code = |line, code: &str| (line, code.to_owned());
    let expected = [
        code(3, "PictureError"),
        code(4, "InvalidIntAttr"),
        code(5, "PictureError"),
        code(6, "InvalidMetaItem"),
    ];
    assert_eq!(refused, expected, "{report}");
    assert_eq!(emulator.instances()[0].images, 1);
}

#[test]
fn limits_of_the_instance_hold() {
    let folder = tempfile::tempdir().unwrap();
    for seed in 0..3 {
        write(folder.path(), &format!("{seed}.png"), &png(seed));
    }
    let small = Emulator::builder().instance(InstanceSettings::new("small").capacity(2));
    let report = start(small).seed("small", folder.path()).unwrap();
    assert_eq!((report.added.len(), report.refused.len()), (2, 1));
    assert_eq!(report.refused[0].code, "InstanceOverQuota");
}

#[test]
fn an_emulator_starts_with_pictures() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "a.png", &png(1));
    write(folder.path(), "b.txt", b"");
    let (send, lines) = std::sync::mpsc::channel();
    let builder = Emulator::builder().log(move |line| send.send(line.to_owned()).unwrap());
    let emulator = builder.seed("demo", folder.path()).start().unwrap();
    assert_eq!(emulator.instances()[0].images, 1);
    let line = lines.recv().unwrap();
    assert!(line.contains("b.txt: "), "{line}");
}

#[test]
fn descriptions_that_are_too_long_are_refused_as_a_whole() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = start(Emulator::builder());
    let file = fs::File::create(folder.path().join("seed.jsonl")).unwrap();
    for (length, is_read) in [(64 << 20, true), ((64 << 20) + 1, false)] {
        file.set_len(length).unwrap();
        let seeded = emulator.seed("demo", folder.path());
        assert_eq!(seeded.is_ok(), is_read, "{length}");
        assert!(is_read || seeded.unwrap_err().to_string().contains("64 MiB"));
    }
}

#[cfg(unix)]
#[test]
fn pipes_are_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = |name: &str| {
        let path = folder.path().join(name);
        let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
        assert!(made.success());
    };
    pipe("a.png");
    write(folder.path(), "seed.jsonl", br#"{"file": "a.png"}"#);
    let emulator = start(Emulator::builder());
    let refused = emulator.seed("demo", folder.path()).unwrap().refused;
    assert!(refused[0].reason.contains("not a regular file"), "{refused:?}");
    fs::remove_file(folder.path().join("seed.jsonl")).unwrap();
    pipe("seed.jsonl");
    let refused = emulator.seed("demo", folder.path()).unwrap_err();
    assert!(refused.to_string().contains("not a regular file"), "{refused}");
}

#[test]
fn what_cannot_be_read_is_told() {
    let none = tempfile::tempdir().unwrap().path().join("none");
    let started = Emulator::builder().seed("demo", &none).start();
    assert!(matches!(started, Err(StartError::Seed(SeedError::Unreadable { .. }))), "{started:?}");
    let emulator = start(Emulator::builder());
    let there = tempfile::tempdir().unwrap();
    for (folder, instance, status) in
        [(&*none, "demo", 400), (there.path(), "none", 404), (there.path(), "demo", 200)]
    {
        let order = json!({ "folder": folder, "instance": instance }).to_string();
        assert_eq!(admin(&emulator, "POST", "/seed", &order).status, status, "{order}");
    }
    assert_eq!(admin(&emulator, "POST", "/seed", "{}").status, 400);
}
