//! The emulator in a process of its own: this very program, told to run one test.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{ChildStdout, Command, Stdio};

use imagesearch_emulator::{Auth, Emulator};

/// The line that tells where the emulator listens.
const LISTENING: &str = "listening on ";

/// Runs the emulator until nobody holds its input any more.
#[test]
#[ignore = "is the other process of the tests here"]
fn run() {
    let emulator = Emulator::builder().auth(Auth::Lax).start().unwrap();
    println!("\n{LISTENING}{}", emulator.local_addr());
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

/// A process that runs the emulator and is ended with this value.
pub(super) struct Child {
    process: std::process::Child,
    /// Held open, so that the process can go on to print.
    _output: BufReader<ChildStdout>,
    pub(super) address: SocketAddr,
}

impl Child {
    pub(super) fn start() -> Self {
        let program = std::env::current_exe().unwrap();
        let mut process = Command::new(program)
            .args(["--exact", "emulator::run", "--ignored", "--nocapture"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut lines = output.by_ref().lines().map(Result::unwrap);
        let address = lines.find_map(|line| line.strip_prefix(LISTENING).map(str::to_owned));
        let address = address.unwrap().parse().unwrap();
        Self { process, _output: output, address }
    }

    /// Returns the most memory that the process ever had, in bytes.
    pub(super) fn most_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
        kibibytes * 1024
    }

    /// Counts the files that the process has open, connections among them.
    pub(super) fn open_files(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.process.id())).unwrap().count()
    }

    pub(super) fn assert_healthy(&self) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(super::BOUND)).unwrap();
        let request = b"GET /_emulator/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        stream.write_all(request).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // What it holds is gone with it; there is nothing to be saved.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
