//! Requests that are small for who sends them and would be huge for who takes them at their word.
//!
//! The emulator runs in a process of its own, so that the most memory that it ever had can be read.

#![cfg(target_os = "linux")]

mod emulator;
mod pictures;
mod requests;

use std::fmt::Write as _;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use emulator::Child;
use requests::{Bomb, bombs};

/// The most memory that the emulator may ever have had, with all bombs at once.
const MOST_MEMORY: u64 = 400 * 1024 * 1024;

/// How long anything may take.
const BOUND: Duration = Duration::from_secs(60);

/// How many clients connect at once.
const CLIENTS: usize = 1_000;

/// How many of them the emulator serves at once.
const SERVED: usize = 256;

#[test]
fn bombs_are_refused_within_the_limits_of_memory() {
    let child = Child::start();
    let (address, before) = (child.address, child.most_memory());
    let bombs = bombs();
    let mut problems = Vec::new();
    std::thread::scope(|scope| {
        // Twice each, so that every bomb also goes off beside itself.
        let throwing: Vec<_> = bombs
            .iter()
            .chain(&bombs)
            .map(|bomb| scope.spawn(move || (bomb, throw(address, bomb))))
            .collect();
        for thrown in throwing {
            let (bomb, answer) = thrown.join().unwrap();
            let head = format!("HTTP/1.1 {} ", bomb.status);
            if !(answer.starts_with(&head) && answer.contains(bomb.contains)) {
                let shown: String = answer.chars().take(600).collect();
                problems.push(format!("{}: {shown:?}", bomb.name));
            }
        }
    });
    let most = child.most_memory();
    println!(
        "{} bombs, twice each: {} MiB before, {} MiB at most",
        bombs.len(),
        before >> 20,
        most >> 20
    );
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(most < MOST_MEMORY, "the emulator had {} MiB", most >> 20);
    child.assert_healthy();
}

#[tokio::test]
async fn a_thousand_clients_that_send_half_a_header_do_not_keep_others_out() {
    let child = Child::start();
    let address = child.address;
    // Most of them get no further than to the queue of the system, or are not let in there.
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(async move {
            let client = tokio::net::TcpStream::connect(address).await?;
            // An empty socket takes so little at once.
            client.try_write(b"POST / HTTP/1.1\r\nhost: x\r\nx-acs-act")?;
            std::future::pending::<std::io::Result<()>>().await
        });
    }
    let started = Instant::now();
    while child.open_files() < SERVED {
        assert!(started.elapsed() < BOUND, "only {} files are open", child.open_files());
        tokio::task::yield_now().await;
    }
    // A listener, the files of the runtime, and what the system gives to every process.
    let files = child.open_files();
    assert!(files < SERVED + 40, "{files} files are open");
    assert!(child.most_memory() < MOST_MEMORY, "{} MiB", child.most_memory() >> 20);
    clients.shutdown().await;
    child.assert_healthy();
}

/// Sends a bomb and returns what comes back, be it nothing.
fn throw(address: SocketAddr, bomb: &Bomb) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(BOUND)).unwrap();
    stream.set_write_timeout(Some(BOUND)).unwrap();
    for piece in (bomb.pieces)() {
        match stream.write_all(&piece) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("{} hangs", bomb.name),
            // It has been refused before it was there.
            Err(_) => break,
        }
    }
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    // Until there is a whole answer: some bombs claim that more of them is to come.
    while !is_whole(&answer) {
        match stream.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => answer.extend_from_slice(&piece[..length]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("{} hangs", bomb.name),
            Err(error) => {
                let mut shown = String::from_utf8_lossy(&answer).into_owned();
                write!(shown, " [{error}]").unwrap();
                return shown;
            }
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Returns whether an answer has all the bytes that it announces.
fn is_whole(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|it| it.parse().ok()).is_some_and(|length| body.len() >= length)
}
