//! Pictures by the URL of another host: refused, unless the host was allowed.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use imagesearch_emulator::{Emulator, StartError};

use crate::pictures::png;
use crate::wire::{Unsigned, start};

/// Serves one answer to each of some connections, and returns the address.
fn serve(answers: Vec<Vec<u8>>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for answer in answers {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            let _ = stream.read(&mut [0; 4096]);
            // A client that stops reading is what one of the tests is about.
            let _ = stream.write_all(&answer);
        }
    });
    address
}

fn ok(body: &[u8]) -> Vec<u8> {
    let mut answer =
        format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len())
            .into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// Adds the picture of a URL to an emulator that allows some hosts; returns the code.
fn add(allowed: &[&str], url: &str) -> (u16, String) {
    let mut builder = Emulator::builder();
    for pattern in allowed {
        builder = builder.allow_fetch(*pattern);
    }
    let emulator = start(builder);
    let form =
        [("InstanceName", "demo"), ("ProductId", "1"), ("PicName", "1"), ("PicContent", url)];
    let answer = Unsigned::new("AddImage", &form, "n").acs3(&emulator).send(&emulator);
    (answer.status, answer.json()["Code"].as_str().unwrap_or_default().to_owned())
}

fn code(allowed: &[&str], url: &str) -> String {
    add(allowed, url).1
}

#[test]
fn an_allowed_host_is_asked() {
    let address = serve(vec![ok(&png(1)), ok(&png(1))]);
    assert_eq!(add(&["127.0.0.1"], &format!("http://{address}/a.png")).0, 200);
    let port = address.port();
    assert_eq!(add(&["x", "localhost"], &format!("http://localhost:{port}/a.png")).0, 200);
}

#[test]
fn hosts_are_not_asked_unless_they_are_allowed() {
    // Nothing listens there: an attempt would end with another code.
    for (allowed, url) in [
        (&[][..], "http://127.0.0.1:1/"),
        (&["10.0.0.1"], "http://127.0.0.1:1/"),
        (&["*"], "http://127.0.0.1:1/"),
        (&["127.*"], "http://127.0.0.1:1/"),
        (&["*"], "http://localhost:1/"),
        (&["*"], "http://[::1]:1/"),
        (&["*"], "http://169.254.169.254/latest/meta-data"),
        (&["*"], "http://100.100.100.200/latest/meta-data"),
        (&["*"], "http://[::ffff:127.0.0.1]:1/"),
        (&["127.0.0.1"], "http://127.0.0.1:1@10.0.0.1/"),
        (&["127.0.0.1"], "http://user@127.0.0.1:1/"),
        (&["127.0.0.1"], "http:///x"),
    ] {
        assert_eq!(code(allowed, url), "InvalidPicUrl", "{allowed:?} {url}");
    }
    assert_eq!(code(&["127.0.0.1"], "http://127.0.0.1:1/"), "PictureError");
}

#[test]
fn nothing_is_fetched_for_a_call_that_is_refused_anyway() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/a.png", listener.local_addr().unwrap());
    let emulator = start(Emulator::builder().allow_fetch("127.0.0.1"));
    let names = [("ProductId", "1"), ("PicName", "1")];
    for (nonce, instance, field, picture, expected) in [
        ("1", "none", ("IntAttr", "1"), url.as_str(), "InvalidInstance"),
        ("2", "demo", ("IntAttr", "one"), &url, "InvalidIntAttr"),
        ("3", "demo", ("Region", "1"), &url, "InvalidRegion"),
        // Nor is Base64 decoded.
        ("4", "none", ("IntAttr", "1"), "no Base64", "InvalidInstance"),
        ("5", "demo", ("IntAttr", "one"), "no Base64", "InvalidIntAttr"),
    ] {
        let form =
            [&[("InstanceName", instance), field, ("PicContent", picture)][..], &names].concat();
        let answer = Unsigned::new("AddImage", &form, nonce).acs3(&emulator).send(&emulator);
        assert_eq!(answer.error().1, expected, "{form:?}");
        let asked = listener.accept().map(|_| ()).map_err(|error| error.kind());
        assert_eq!(asked, Err(ErrorKind::WouldBlock), "{form:?}");
    }
}

#[test]
fn redirects_are_not_followed() {
    let private = serve(vec![ok(&png(1))]);
    let answer = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{private}/\r\ncontent-length: 0\r\n\
         connection: close\r\n\r\n"
    );
    let address = serve(vec![answer.into_bytes()]);
    assert_eq!(code(&["127.0.0.1"], &format!("http://{address}/")), "InvalidPicUrl");
}

#[test]
fn what_is_no_picture_or_too_large_is_refused() {
    let missing = b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    let endless = [endless, vec![0; 5 * 1024 * 1024]].concat();
    for (answer, expected) in [
        (missing.to_vec(), "InvalidPicUrl"),
        (endless, "InvalidPicContent"),
        (ok(&vec![0; 4 * 1024 * 1024 + 1]), "InvalidPicContent"),
        (ok(b"no picture"), "UnsupportedPicFormat"),
        (b"nonsense".to_vec(), "PictureError"),
    ] {
        let address = serve(vec![answer]);
        assert_eq!(code(&["127.0.0.1"], &format!("http://{address}/")), expected);
    }
}

#[test]
fn a_pattern_that_is_none_is_refused_at_start() {
    let refused = Emulator::builder().allow_fetch("http://a.example/").start().unwrap_err();
    assert!(matches!(refused, StartError::AllowFetch { .. }), "{refused}");
    assert!(refused.to_string().contains("`http://a.example/`"), "{refused}");
}
