//! Clients that are slow, or many, do not take the emulator away from others.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use imagesearch_emulator::{Emulator, Limits};

const HEALTH: &[u8] = b"GET /_emulator/health HTTP/1.1\r\nhost: x\r\n\r\n";

/// Short enough for a test, and far longer than what is answered takes.
const SHORT: Duration = Duration::from_millis(50);

/// So long that no test gets there.
const LONG: Duration = Duration::from_secs(600);

fn start(limits: Limits) -> Emulator {
    let emulator = Emulator::builder().limits(limits).start();
    emulator.unwrap()
}

fn patient() -> Limits {
    let limits = Limits::default().header_time(LONG).handshake_time(LONG);
    limits.body_time(LONG).write_time(LONG)
}

/// Connects; reads end with an error when nothing comes for a minute.
fn connect(emulator: &Emulator) -> TcpStream {
    let stream = TcpStream::connect(emulator.local_addr()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
    stream
}

/// Asks for the health on a connection that stays open, and returns the status line.
fn ask(stream: &mut TcpStream) -> String {
    stream.write_all(HEALTH).unwrap();
    let mut answer = Vec::new();
    let mut byte = [0];
    while !answer.ends_with(b"}") {
        stream.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    String::from_utf8(answer).unwrap().lines().next().unwrap_or_default().to_owned()
}

/// Reads until the other side ends the connection, be it with a reset.
fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "it was left open"),
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// Tells that nothing has come, after the emulator has been busy with others for a while.
fn assert_unanswered(waiting: &TcpStream, other: &mut TcpStream) {
    for _ in 0..20 {
        assert_eq!(ask(other), "HTTP/1.1 200 OK");
    }
    waiting.set_nonblocking(true).unwrap();
    let read = waiting.peek(&mut [0]);
    assert_eq!(read.map_err(|error| error.kind()), Err(ErrorKind::WouldBlock));
    waiting.set_nonblocking(false).unwrap();
}

#[test]
fn a_header_must_come_in_time() {
    let emulator = start(patient().header_time(SHORT));
    for begun in [&b""[..], b"POST / HT", b"POST / HTTP/1.1\r\nhost: x\r\nx-acs-action: De"] {
        let mut stream = connect(&emulator);
        stream.write_all(begun).unwrap();
        let answer = rest(&mut stream);
        let refused = answer.is_empty() || answer.starts_with("HTTP/1.1 408");
        assert!(refused, "{answer}");
    }
    // A connection that is kept open must bring its next request in time as well; the first one does.
    let emulator = start(patient().header_time(SHORT * 20));
    let mut stream = connect(&emulator);
    assert_eq!(ask(&mut stream), "HTTP/1.1 200 OK");
    assert_eq!(rest(&mut stream), "");
}

#[test]
fn keys_must_be_agreed_on_in_time() {
    let emulator = start(patient().handshake_time(SHORT));
    let mut stream = connect(&emulator);
    stream.write_all(&[0x16, 3, 1]).unwrap();
    assert_eq!(rest(&mut stream), "");
}

#[test]
fn a_body_must_come_in_time() {
    let emulator = start(patient().body_time(SHORT));
    for (content_type, framing, status, code) in [
        ("text/plain", "content-length: 10\r\n\r\nabc", 500, "RequestTimeout"),
        ("text/plain", "transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n", 500, "RequestTimeout"),
        ("multipart/form-data; boundary=B", "content-length: 10\r\n\r\n--B", 400, "RequestTimeout"),
    ] {
        let mut stream = connect(&emulator);
        let head =
            format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-type: {content_type}\r\n{framing}");
        stream.write_all(head.as_bytes()).unwrap();
        let answer = rest(&mut stream);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains(code), "{answer}");
    }
}

#[test]
fn a_body_that_is_announced_too_large_is_refused_before_it_comes() {
    let emulator = start(patient());
    for (content_type, status, code) in [
        ("application/x-www-form-urlencoded", 413, "InvalidParameter"),
        ("multipart/form-data; boundary=B", 400, "EntityTooLarge"),
    ] {
        let mut stream = connect(&emulator);
        let head = format!(
            "POST / HTTP/1.1\r\nhost: x\r\ncontent-type: {content_type}\r\n\
             content-length: 4294967296\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = vec![0; 4096];
        let length = stream.read(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer[..length]);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains(code), "{answer}");
    }
}

#[test]
fn an_answer_must_be_taken_in_time() {
    let emulator = start(patient().write_time(SHORT));
    let mut stream = connect(&emulator);
    // Answers that are never read fill the buffers of both sides; then nothing more is sent.
    let request = b"GET /_emulator/ca.pem HTTP/1.1\r\nhost: x\r\n\r\n".repeat(100);
    let end = (0..100_000).find_map(|_| stream.write_all(&request).err());
    let end = end.map(|error| error.kind());
    assert!(matches!(end, Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)), "{end:?}");
}

#[test]
fn connections_beyond_the_limit_wait_for_a_place() {
    let emulator = start(patient().connections(2));
    let (mut first, mut second) = (connect(&emulator), connect(&emulator));
    assert_eq!(ask(&mut first), "HTTP/1.1 200 OK");
    assert_eq!(ask(&mut second), "HTTP/1.1 200 OK");
    let mut third = connect(&emulator);
    third.write_all(HEALTH).unwrap();
    assert_unanswered(&third, &mut first);
    drop(second);
    let mut answer = [0; 15];
    third.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200 OK");
}

#[test]
fn bodies_that_are_announced_and_do_not_come_take_nothing_from_others() {
    let emulator = start(patient());
    let post = |length: usize, body: &str| {
        let mut stream = connect(&emulator);
        let head = format!("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{body}");
        stream.write_all(head.as_bytes()).unwrap();
        stream
    };
    let _stalled: Vec<_> = (0..8).map(|_| post(16 * 1024 * 1024, "begun")).collect();
    let mut other = connect(&emulator);
    assert_eq!(ask(&mut other), "HTTP/1.1 200 OK");
    let mut answer = [0; 12];
    post(3, "a=b").read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 400");
}
