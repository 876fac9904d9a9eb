//! The emulator in a process of its own, so that its memory can be told from ours.

use imagesearch_emulator::{Emulator, InstanceSettings};
use imagesearch_tests::server_process;

use crate::Outcome;

/// Runs an emulator until the other process has enough.
pub(crate) fn serve() -> Outcome<()> {
    let instance = InstanceSettings::new(Emulator::INSTANCE).capacity(1_000_000);
    let emulator = Emulator::builder().instance(instance).start()?;
    server_process::serve(emulator.url(), String::new)?;
    emulator.shutdown();
    Ok(())
}

/// Reads how much memory a process has, by its number or `self`, where the system tells.
pub(crate) fn resident_bytes(process: &str) -> Outcome<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kilobytes.ok_or("the system does not tell")?.parse::<u64>()? * 1024)
}
