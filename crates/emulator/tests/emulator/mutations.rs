//! Right requests with something changed, at random but the same in every run: whatever is sent, there
//! is an answer or the end of the connection.
//!
//! The suite sends a few hundred; `cargo xtask mutations` sends 2,000 and prints what became of them.

mod judge;
mod random;
mod requests;

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use imagesearch_emulator::{Emulator, InstanceSettings, Limits};

use crate::error_codes::calls::Call;
use judge::judge;
use random::Random;
use requests::{Mutated, mutated};

/// How many requests are sent unless `IMAGESEARCH_MUTATIONS` says otherwise.
const COUNT: u64 = 300;

/// How long the emulator waits for what a request lacks; a request that lacks nothing needs less.
const SHORT: Duration = Duration::from_millis(300);

/// How long a test waits before it says that the emulator hangs.
const BOUND: Duration = Duration::from_secs(30);

/// Counts panics of the emulator's threads for as long as the process lives.
static PANICS: AtomicUsize = AtomicUsize::new(0);

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn count_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        if thread.name().is_some_and(|name| name.starts_with("imagesearch-emulator")) {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        before(panic);
    }));
}

fn start(log: &Arc<Mutex<Vec<String>>>) -> Emulator {
    let log = Arc::clone(log);
    let limits = Limits::default().header_time(SHORT).body_time(SHORT).handshake_time(SHORT);
    let builder = Emulator::builder()
        .limits(limits)
        .instance(InstanceSettings::new(Emulator::INSTANCE).multimodal(true))
        .account(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET)
        .sts_account(requests::STS.0, requests::STS.1, requests::STS.2)
        .log(move |line| log.lock().unwrap().push(line.to_owned()));
    crate::wire::start(builder)
}

#[test]
fn whatever_is_sent_is_answered_or_ends() {
    count_panics();
    let (count, seed) = (setting("IMAGESEARCH_MUTATIONS", COUNT), setting("IMAGESEARCH_SEED", 1));
    let log = Arc::default();
    let emulator = start(&log);
    let outcomes = Mutex::new(BTreeMap::<String, u64>::new());
    let problems = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst) as u64;
                    if number >= count {
                        return;
                    }
                    let request = mutated(&emulator, number, &mut Random::new(seed, number));
                    let outcome = send(&emulator, &request).and_then(|answer| judge(&answer));
                    match outcome {
                        Ok(outcome) => {
                            *outcomes.lock().unwrap().entry(outcome).or_default() += 1;
                        }
                        Err(problem) => {
                            let about = format!("{number}, {}: {problem}", request.about);
                            problems.lock().unwrap().push(about);
                        }
                    }
                }
            });
        }
    });
    println!("{count} mutations with seed {seed}:");
    for (outcome, count) in outcomes.into_inner().unwrap() {
        println!("{count:6} {outcome}");
    }
    let mut problems = problems.into_inner().unwrap();
    let secrets = [Emulator::ACCESS_KEY_SECRET, requests::STS.1, requests::STS.2];
    let lines = log.lock().unwrap().clone();
    let leaks = lines.into_iter().filter(|line| secrets.iter().any(|it| line.contains(it)));
    problems.extend(leaks.map(|line| format!("the log shows a secret: {line}")));
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "threads of the emulator panicked");
    let right = Call::right("2020-12-14/Detail");
    assert_ne!(right.send(&emulator).status, 0, "the emulator has stopped answering");
}

/// Sends a request in its pieces and returns all that comes back.
fn send(emulator: &Emulator, request: &Mutated) -> Result<Vec<u8>, String> {
    let hangs = |error: &std::io::Error| {
        matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
    };
    let mut stream = TcpStream::connect(emulator.local_addr()).map_err(|it| it.to_string())?;
    stream.set_nodelay(true).map_err(|it| it.to_string())?;
    stream.set_read_timeout(Some(BOUND)).map_err(|it| it.to_string())?;
    stream.set_write_timeout(Some(BOUND)).map_err(|it| it.to_string())?;
    for piece in &request.pieces {
        // A server may answer and close before it has read everything.
        match stream.write_all(piece) {
            Err(error) if hangs(&error) => return Err("nothing is read any more".to_owned()),
            Err(_) => break,
            Ok(()) => {}
        }
    }
    if request.ends {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if hangs(&error) => Err("the connection hangs".to_owned()),
        // A reset ends a connection as well.
        _ => Ok(answer),
    }
}
