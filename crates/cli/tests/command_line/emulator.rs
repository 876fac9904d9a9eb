use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdout, Stdio},
};

use serde_json::Value;

use crate::program::{command, run};

/// An emulator in a process of its own; dropping it ends it.
pub(crate) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
    pub(crate) announcement: Value,
}

impl Running {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        let mut child = command(&[&["emulator"], arguments].concat())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the emulator starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("a line is printed");
        Self {
            child,
            stdout,
            announcement: serde_json::from_str(&line).expect("the first line is JSON"),
        }
    }

    pub(crate) fn url(&self) -> &str {
        self.announcement["url"].as_str().expect("the url is a text")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(unix)]
#[test]
fn announces_itself_and_ends_on_signals() {
    for signal in ["-TERM", "-INT"] {
        let mut running = Running::start(&["--instance", "shop"]);
        assert!(running.url().starts_with("http://127.0.0.1:"));
        assert_eq!(running.announcement["instance"], "shop");
        assert_eq!(running.announcement["access_key_id"], "emulator");
        let id = running.child.id().to_string();
        let sent = std::process::Command::new("kill").args([signal, &id]).status();
        assert!(sent.unwrap().success());
        assert_eq!(running.child.wait().unwrap().code(), Some(0), "{signal}");
        let mut rest = String::new();
        running.stdout.read_line(&mut rest).unwrap();
        assert_eq!(rest, "");
    }
}

#[test]
fn keeps_its_authority_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let mut seen = Vec::new();
    for _ in 0..2 {
        let running = Running::start(&["--ca-dir", path]);
        let file = running.announcement["ca_file"].as_str().expect("the file is named");
        seen.push(std::fs::read_to_string(file).unwrap());
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(Running::start(&[]).announcement["ca_file"], Value::Null);
}

#[test]
fn says_why_it_cannot_start() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    run(&["emulator", "--listen", &address], b"").refused(1, &[&address]);
    run(&["emulator", "--listen", "nowhere"], b"").refused(2, &["nowhere"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    let file = file.path().to_str().unwrap();
    run(&["emulator", "--ca-dir", file], b"").refused(1, &[file]);
    run(&["emulator", "--allow-fetch", "a:80"], b"").refused(2, &["`a:80`"]);
    run(&["emulator", "--public-host", "localhost:1"], b"").refused(2, &["localhost:1"]);
}

#[test]
fn warns_of_what_is_not_checked() {
    for (choice, word) in [("lax", "let pass"), ("off", "not checked")] {
        let mut child = command(&["emulator", "--auth", choice])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stderr.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("warning: ") && line.contains(word), "{choice}: {line}");
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
