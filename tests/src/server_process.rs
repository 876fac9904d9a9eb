//! A server in a process of its own, so that what it takes can be told from what we take.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// The first argument of a program that is started as the server of itself.
pub const SERVE: &str = "--serve";

/// The other process: this program once more, which should call [`serve`]. Dropping it ends it.
#[derive(Debug)]
pub struct ServerProcess {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    id: String,
    url: String,
}

impl ServerProcess {
    /// Starts it with arguments that follow [`SERVE`], and waits for its URL.
    pub fn start(arguments: &[&str]) -> io::Result<Self> {
        let mut command = Command::new(env::current_exe()?);
        command.arg(SERVE).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let output = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let input = child.stdin.take();
        let output = BufReader::new(output);
        let id = child.id().to_string();
        let mut process = Self { child, input, output, id, url: String::new() };
        process.url = process.read_line()?;
        Ok(process)
    }

    /// Returns the server's URL.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the number of the process.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Has the server report.
    pub fn report(&mut self) -> io::Result<String> {
        self.input.as_mut().ok_or(io::ErrorKind::BrokenPipe)?.write_all(b"\n")?;
        self.read_line()
    }

    fn read_line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.output.read_line(&mut line)? {
            0 => Err(io::Error::other("the server has ended; it says above why")),
            _ => Ok(line.trim_end().to_owned()),
        }
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        drop(self.input.take());
        // There is nobody to tell if it has ended already.
        drop(self.child.wait());
    }
}

/// Keeps this process serving until the other one has enough; writes a line for each report.
pub fn serve(url: &str, report: impl Fn() -> String) -> io::Result<()> {
    println!("{url}");
    for line in io::stdin().lines() {
        line?;
        println!("{}", report());
    }
    Ok(())
}
