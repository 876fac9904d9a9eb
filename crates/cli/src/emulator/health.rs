//! `emulator health`: whether an emulator is ready, for containers that have no other program.

use std::{
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::Duration,
};

use crate::{
    arguments::{EmulatorUrl, HealthArguments},
    exit::Failure,
    output,
};

/// The timeout for connecting, sending and reading, each.
const TIME: Duration = Duration::from_secs(3);

/// The maximum size of a response.
const MOST_BYTES: u64 = 4096;

/// Succeeds if the emulator is ready.
pub(crate) fn run(arguments: &HealthArguments) -> Result<(), Failure> {
    let url = &arguments.at.url()?;
    ask(url).map_err(|error| Failure::call(format!("{}: {error}", url.as_str())))?;
    output::line("ready")
}

/// Asks an emulator over plain HTTP, which it always serves, whether it is ready.
pub(super) fn ask(url: &EmulatorUrl) -> io::Result<()> {
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
    for address in url.authority().to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, TIME) {
            Ok(stream) => return talk(stream, url.authority()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn talk(mut stream: TcpStream, host: &str) -> io::Result<()> {
    stream.set_read_timeout(Some(TIME))?;
    stream.set_write_timeout(Some(TIME))?;
    let request =
        format!("GET /_emulator/health HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.take(MOST_BYTES).read_to_end(&mut answer)?;
    if answer.starts_with(b"HTTP/1.1 200 ") {
        return Ok(());
    }
    let answer = String::from_utf8_lossy(&answer);
    let first = answer.lines().next().unwrap_or("nothing").to_owned();
    Err(io::Error::other(format!("not ready; the response was `{}`", first.escape_debug())))
}
