//! What a path of credentials may name: a regular file that is not too long.
#![cfg(unix)]

use std::{fs, process::Command};

use imagesearch_core::{ErrorKind, credentials::OidcRoleProvider, requests::RawRequest};
use imagesearch_tests::wire::{Async, Blocking, Caller, Wire, settings};

#[test]
fn only_regular_files_of_bounded_length_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("long"), vec![b'x'; 1024 * 1024 + 1]).unwrap();
    assert!(Command::new("mkfifo").arg(path("pipe")).status().unwrap().success());
    let wire = Wire::start();
    for (path, words) in [
        (path("long"), "it is longer than 1048576 bytes"),
        (path("pipe"), "it is not a regular file"),
        (path(""), "it is not a regular file"),
        ("/dev/zero".to_owned(), "it is not a regular file"),
        (path("missing"), "no such file"),
    ] {
        let provider = || OidcRoleProvider::new("acs:ram::1:role/r", "acs:ram::1:idp/p", &path);
        let blocking = settings(&wire.uri()).with_credentials(provider()).build().unwrap();
        let asynchronous = settings(&wire.uri()).with_credentials(provider()).build().unwrap();
        let clients: [Box<dyn Caller>; 2] =
            [Box::new(Blocking(blocking)), Box::new(Async(asynchronous, wire.runtime()))];
        for client in clients {
            let who = format!("{path} ({})", client.name());
            let error = client.call("shop", RawRequest::new("Detail")).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Credentials, "{who}: {error}");
            assert!(error.to_string().contains(words), "{who}: {error}");
        }
    }
    assert_eq!(wire.take().len(), 0, "nothing may be sent");
}
