//! A server on TCP that misbehaves in the ways that an HTTP library does not let it.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// What is done with a connection.
#[derive(Clone, Debug)]
pub enum Act {
    /// Close it without reading.
    HangUp,
    /// Read a request and close.
    ReadAndClose,
    /// Answer every request with these bytes, for as long as the client likes.
    AnswerAll(Vec<u8>),
    /// Answer one request with these bytes and close.
    AnswerAndClose(Vec<u8>),
    /// Answer one request with these bytes, one at a time with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Answer one request with these bytes and say nothing more until the client goes.
    AnswerAndStall(Vec<u8>),
    /// Answer one request with these bytes, again and again with a pause after each, until the client
    /// goes.
    Repeat(Vec<u8>, Duration),
    /// Read the head of a request, answer with these bytes, and close without reading its body.
    AnswerEarly(Vec<u8>),
    /// Read the head of a request, answer with these bytes, and read nothing more until the client
    /// goes.
    AnswerEarlyAndStay(Vec<u8>),
    /// Read a request and say nothing until the client goes.
    Silence,
}

/// A server on a loopback port of its own, one thread for each connection.
#[derive(Debug)]
pub struct ScriptedServer {
    address: SocketAddr,
    counts: Arc<Counts>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
    stopping: AtomicBool,
}

impl ScriptedServer {
    /// Starts a server that does the same with every connection.
    pub fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("is bound");
        let counts = Arc::new(Counts::default());
        let shared = Arc::clone(&counts);
        let accepting = thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.stopping.load(Ordering::SeqCst) {
                    break;
                }
                shared.connections.fetch_add(1, Ordering::SeqCst);
                let (act, counts) = (act.clone(), Arc::clone(&shared));
                // A client that goes away ends the thread with an error that is of no interest.
                thread::spawn(move || perform(&act, &stream, &counts).ok());
            }
        });
        Self { address, counts, accepting: Some(accepting) }
    }

    /// Returns the URL.
    pub fn uri(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Counts the connections so far.
    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// Counts the requests read so far.
    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }
}

impl Drop for ScriptedServer {
    fn drop(&mut self) {
        self.counts.stopping.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts, so that it sees that it should stop.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.accepting.take() {
            drop(thread.join());
        }
    }
}

/// Writes an answer with a length and a JSON body.
pub fn http_answer(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Returns the URL of a port on which nobody listens.
pub fn closed_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    format!("http://{}", listener.local_addr().expect("is bound"))
}

fn perform(act: &Act, stream: &TcpStream, counts: &Counts) -> io::Result<()> {
    if matches!(act, Act::HangUp) {
        return Ok(());
    }
    // The pieces of a drip would otherwise wait for each other.
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    if let Act::AnswerEarly(bytes) | Act::AnswerEarlyAndStay(bytes) = act {
        let mut line = String::new();
        while reader.read_line(&mut line)? > 2 {
            line.clear();
        }
        counts.requests.fetch_add(1, Ordering::SeqCst);
        // Closing with bytes unread resets the connection, as a server in a hurry does.
        writer.write_all(bytes)?;
        if matches!(act, Act::AnswerEarlyAndStay(_)) {
            stream.shutdown(Shutdown::Write)?;
            while !counts.stopping.load(Ordering::SeqCst) && stream.take_error()?.is_none() {
                thread::park_timeout(Duration::from_millis(5));
            }
        }
        return Ok(());
    }
    while read_request(&mut reader)? {
        counts.requests.fetch_add(1, Ordering::SeqCst);
        match act {
            Act::AnswerAll(bytes) | Act::AnswerAndStall(bytes) => writer.write_all(bytes)?,
            Act::AnswerAndClose(bytes) => return writer.write_all(bytes),
            Act::Drip(bytes, pause) => {
                for byte in bytes {
                    writer.write_all(&[*byte])?;
                    thread::park_timeout(*pause);
                }
            }
            Act::Repeat(bytes, pause) => loop {
                writer.write_all(bytes)?;
                thread::park_timeout(*pause);
            },
            Act::Silence => {}
            Act::ReadAndClose | Act::HangUp | Act::AnswerEarly(_) | Act::AnswerEarlyAndStay(_) => {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Reads one request to its end; tells whether there was one.
fn read_request(reader: &mut impl BufRead) -> io::Result<bool> {
    let (mut length, mut any) = (0, false);
    loop {
        let mut line = Vec::new();
        // A client that begins TLS sends no text.
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(false);
        }
        let line = String::from_utf8_lossy(&line);
        if line.trim().is_empty() && any {
            io::copy(&mut reader.take(length), &mut io::sink())?;
            return Ok(true);
        }
        any = true;
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
}
