//! Objects of buckets over HTTP.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use imagesearch_emulator::{Emulator, StartError};
use serde_json::json;

use crate::wire::{Answer, exchange, start};

fn send(emulator: &Emulator, method: &str, path: &str, body: &str) -> Answer {
    let request = format!(
        "{method} /_emulator/buckets/{path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    exchange(emulator, request.as_bytes())
}

#[test]
fn objects_are_stored_listed_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = start(Emulator::builder().bucket("kept", folder.path()));
    for bucket in ["kept", "memory"] {
        for key in ["a/%E7%BA%A2%20x.txt", "a/b", "c"] {
            let path = format!("{bucket}/{key}");
            assert_eq!(send(&emulator, "PUT", &path, "first").status, 200, "{path}");
            assert_eq!(send(&emulator, "PUT", &path, key).status, 200, "{path}");
            let read = send(&emulator, "GET", &path, "");
            assert_eq!((read.status, read.body.as_str()), (200, key));
            assert_eq!(read.headers["x-content-type-options"], "nosniff");
            let head = send(&emulator, "HEAD", &path, "");
            assert_eq!((head.status, head.body.as_str()), (200, ""));
            assert_eq!(head.headers["content-length"], key.len().to_string());
        }
        let rows = |answer: Answer| {
            let body = answer.json();
            let keys = body["objects"].as_array().unwrap().iter().map(|row| row["key"].clone());
            (keys.collect::<Vec<_>>(), body["truncated"].clone())
        };
        for (query, expected) in [
            ("", json!(["a/b", "a/红 x.txt", "c"])),
            ("?prefix=a/", json!(["a/b", "a/红 x.txt"])),
            ("?after=a/b", json!(["a/红 x.txt", "c"])),
            ("?prefix=x", json!([])),
        ] {
            let (keys, truncated) = rows(send(&emulator, "GET", &format!("{bucket}{query}"), ""));
            assert_eq!((json!(keys), truncated), (expected, json!(false)), "{query}");
        }
    }
    assert_eq!(fs::read_to_string(folder.path().join("c")).unwrap(), "c");
}

#[test]
fn an_object_larger_than_memory_is_read_piece_by_piece() {
    const LENGTH: u64 = 1 << 40;
    let folder = tempfile::tempdir().unwrap();
    // It takes no room on the disk.
    fs::File::create(folder.path().join("huge")).unwrap().set_len(LENGTH).unwrap();
    let emulator = start(Emulator::builder().bucket("kept", folder.path()));
    let head = send(&emulator, "HEAD", "kept/huge", "");
    assert_eq!((head.status, &*head.headers["content-length"]), (200, &*LENGTH.to_string()));
    let mut stream = TcpStream::connect(emulator.local_addr()).unwrap();
    let request = b"GET /_emulator/buckets/kept/huge HTTP/1.1\r\nhost: localhost\r\n\r\n";
    stream.write_all(request).unwrap();
    stream.read_exact(&mut vec![0; 4 << 20]).unwrap();
}

#[test]
fn lists_end_after_a_thousand_objects() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..1_001 {
        fs::write(folder.path().join(format!("{number:04}")), "").unwrap();
    }
    let emulator = start(Emulator::builder().bucket("kept", folder.path()));
    let first = send(&emulator, "GET", "kept", "").json();
    assert_eq!(first["truncated"], true);
    let objects = first["objects"].as_array().unwrap();
    assert_eq!((objects.len(), &objects[999]), (1_000, &json!({ "key": "0999", "size": 0 })));
    let rest = send(&emulator, "GET", "kept?after=0999", "").json();
    assert_eq!(rest["objects"], json!([{ "key": "1000", "size": 0 }]));
}

#[test]
fn what_is_not_there_or_not_inside_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret"), "secret").unwrap();
    let inner = folder.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let emulator = start(Emulator::builder().bucket("kept", &inner));
    for (method, path, expected) in [
        ("GET", "kept/absent", (404, "NoSuchKey")),
        ("GET", "absent/a", (404, "NoSuchBucket")),
        ("GET", "absent", (404, "NoSuchBucket")),
        ("GET", "kept/../secret", (400, "InvalidObjectName")),
        ("GET", "kept/%2E%2E/secret", (400, "InvalidObjectName")),
        ("GET", "kept/%2E%2E%2Fsecret", (400, "InvalidObjectName")),
        ("GET", "kept//secret", (400, "InvalidObjectName")),
        ("PUT", "kept/a/..%2F..%2Fsecret", (400, "InvalidObjectName")),
        ("PUT", "memory/a%5Cb", (400, "InvalidObjectName")),
    ] {
        let refused = send(&emulator, method, path, "x").error();
        assert_eq!(refused, (expected.0, expected.1.to_owned()), "{method} {path}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("secret")).unwrap(), "secret");
}

#[test]
fn a_bucket_without_its_folder_is_refused_at_start() {
    let refused = Emulator::builder().bucket("b", "/nowhere/at/all").start().unwrap_err();
    assert!(matches!(refused, StartError::Bucket { .. }), "{refused}");
    assert!(refused.to_string().contains("/nowhere/at/all"), "{refused}");
}
