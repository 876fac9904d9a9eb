//! A server on TCP that misbehaves in the ways that an HTTP library does not let it.

use std::{
    fmt,
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
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
    /// Answer every request with what this makes of its head.
    AnswerEach(Answering),
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

/// Creates the bytes of an answer from the head of a request.
#[derive(Clone)]
pub struct Answering(Arc<Answer>);

type Answer = dyn Fn(&str) -> Vec<u8> + Send + Sync;

impl Answering {
    /// Answers as the function does.
    pub fn new(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self(Arc::new(answer))
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Answering(..)")
    }
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
    open: AtomicUsize,
    most_open: AtomicUsize,
    requests: AtomicUsize,
    body_bytes: AtomicU64,
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
                let open = shared.open.fetch_add(1, Ordering::SeqCst) + 1;
                shared.most_open.fetch_max(open, Ordering::SeqCst);
                let (act, counts) = (act.clone(), Arc::clone(&shared));
                thread::spawn(move || {
                    // A client that goes away ends the connection with an error of no interest.
                    perform(&act, &stream, &counts).ok();
                    drop(stream);
                    counts.open.fetch_sub(1, Ordering::SeqCst);
                });
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

    /// Counts the connections that neither side has closed yet.
    pub fn open_connections(&self) -> usize {
        self.counts.open.load(Ordering::SeqCst)
    }

    /// Counts the connections that were open at a time at most.
    pub fn most_connections(&self) -> usize {
        self.counts.most_open.load(Ordering::SeqCst)
    }

    /// Counts the requests read so far.
    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    /// Counts the bytes of the bodies read so far.
    pub fn body_bytes(&self) -> u64 {
        self.counts.body_bytes.load(Ordering::SeqCst)
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
    while let Some(Request { head, length }) = read_request(&mut reader)? {
        counts.requests.fetch_add(1, Ordering::SeqCst);
        counts.body_bytes.fetch_add(length, Ordering::SeqCst);
        match act {
            Act::AnswerEach(answer) => writer.write_all(&answer.0(&head))?,
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

/// The parts of a request that was read.
struct Request {
    head: String,
    length: u64,
}

/// Reads one request to its end, if there is one; its body is not kept.
fn read_request(reader: &mut impl BufRead) -> io::Result<Option<Request>> {
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = Vec::new();
        // A client that begins TLS sends no text.
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        if line.trim().is_empty() && !head.is_empty() {
            skip(reader, length)?;
            return Ok(Some(Request { head, length }));
        }
        let (name, value) = line.split_once(':').unwrap_or_default();
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        }
        head.push_str(&line);
    }
}

/// Reads a number of bytes, or as many as there are, in pieces that are not on the heap.
fn skip(reader: &mut impl Read, length: u64) -> io::Result<()> {
    let (mut left, mut piece) = (length, [0; 64 * 1024]);
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(piece.len()).min(piece.len());
        match reader.read(&mut piece[..most])? {
            0 => break,
            read => left -= read as u64,
        }
    }
    Ok(())
}
