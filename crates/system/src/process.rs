use std::{
    io::Read,
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use imagesearch_core::exchange::LoadError;

use crate::limit::{LONGEST, explain};

/// How often to poll a program that has closed its output but not exited.
const POLL: Duration = Duration::from_millis(5);

/// Runs a program and returns its output. Kills it when its time is up.
///
/// Errors do not show its output, since it may be the secret.
pub(crate) fn run(arguments: &[String], limit: Duration) -> Result<Vec<u8>, LoadError> {
    let Some((program, arguments)) = arguments.split_first() else {
        return Err(LoadError::NotFound);
    };
    // `start + limit` may overflow.
    let start = Instant::now();
    let left = || limit.saturating_sub(start.elapsed());
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| explain(&error))?;
    let outcome = collect(&mut child, left);
    if outcome.is_err() {
        // It may have exited meanwhile; then there is nothing to kill.
        child.kill().ok();
        child.wait().ok();
    }
    outcome
}

fn collect(child: &mut Child, left: impl Fn() -> Duration) -> Result<Vec<u8>, LoadError> {
    let unreadable = |why: String| LoadError::Unreadable(why);
    let Some(output) = child.stdout.take() else {
        return Err(unreadable("could not read its output".to_owned()));
    };
    let (sender, receiver) = mpsc::sync_channel(1);
    // On its own thread, since a read has no timeout.
    thread::spawn(move || {
        let mut printed = Vec::new();
        let read = output.take(LONGEST as u64 + 1).read_to_end(&mut printed);
        // The receiver may have given up.
        sender.send(read.map(|_| printed)).ok();
    });
    let late = || unreadable("it did not exit in time".to_owned());
    let printed =
        receiver.recv_timeout(left()).map_err(|_| late())?.map_err(|error| explain(&error))?;
    if printed.len() > LONGEST {
        return Err(unreadable(format!("it printed more than {LONGEST} bytes")));
    }
    loop {
        match child.try_wait().map_err(|error| explain(&error))? {
            Some(status) if status.success() => return Ok(printed),
            Some(status) => return Err(unreadable(format!("{status}"))),
            None if left().is_zero() => return Err(late()),
            None => thread::sleep(POLL),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    fn shell(script: &str, limit: Duration) -> Result<Vec<u8>, LoadError> {
        run(&["sh", "-c", script].map(str::to_owned), limit)
    }

    #[test]
    fn returns_what_was_printed_and_nothing_of_a_failure() {
        for limit in [LIMIT, Duration::MAX] {
            assert_eq!(shell("printf key; exec >&-", limit), Ok(b"key".to_vec()));
        }
        let Err(LoadError::Unreadable(why)) = shell("echo testsecret; exit 3", LIMIT) else {
            panic!("succeeded")
        };
        assert!(why.contains("exit status: 3") && !why.contains("testsecret"), "{why}");
        let missing = run(&["./no-such-program".to_owned()], LIMIT);
        assert_eq!(missing, Err(LoadError::NotFound));
        assert_eq!(run(&[], LIMIT), Err(LoadError::NotFound));
    }

    #[test]
    fn ends_programs_that_print_without_end_or_take_too_long() {
        let too_long = shell("exec yes", LIMIT);
        assert!(matches!(&too_long, Err(LoadError::Unreadable(why)) if why.contains("more than")));
        for script in ["exec sleep 1000", "exec >&-; exec sleep 1000"] {
            let late = shell(script, Duration::from_millis(50));
            assert!(
                matches!(&late, Err(LoadError::Unreadable(why)) if why.contains("in time")),
                "{script}: {late:?}"
            );
        }
    }
}
