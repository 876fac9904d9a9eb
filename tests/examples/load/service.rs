//! The emulator in a process of its own, so that its memory can be told from ours.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use imagesearch_emulator::{Emulator, InstanceSettings};

use crate::Outcome;

/// Runs an emulator until standard input ends; the first line printed is its URL.
pub(crate) fn serve() -> Outcome<()> {
    let instance = InstanceSettings::new(Emulator::INSTANCE).capacity(1_000_000);
    let emulator = Emulator::builder().instance(instance).start()?;
    println!("{}", emulator.url());
    io::stdin().read_to_end(&mut Vec::new())?;
    emulator.shutdown();
    Ok(())
}

/// The other process. Dropping it ends it.
pub(crate) struct Service {
    child: Child,
    pub(crate) url: String,
}

impl Service {
    pub(crate) fn start() -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--serve").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let mut url = String::new();
        BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut url)?;
        Ok(Self { child, url: url.trim_end().to_owned() })
    }

    /// Reads how much memory the process has, where the system tells.
    pub(crate) fn resident_bytes(&self) -> Outcome<u64> {
        resident_bytes(&self.child.id().to_string())
    }
}

/// Reads how much memory a process has, by its number or `self`.
pub(crate) fn resident_bytes(process: &str) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes.ok_or("the system does not tell")?.parse::<u64>()? * 1024)
}

impl Drop for Service {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        // There is nobody to tell if it has ended already.
        let _ = self.child.wait();
    }
}
