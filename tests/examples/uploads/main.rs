//! What thousands of uploads at a time take of one process: `cargo xtask uploads`.
//!
//! The service is a sink in a process of its own, and this program's allocator counts. Each round
//! makes its calls with a client of ours, and then sends the same requests with nothing but the HTTP
//! library below it. What ours takes beyond the pictures that it was given has bounds.

mod asynchronous;
mod blocking;
mod figures;
mod pictures;
mod requests;
mod round;
mod sink;

use std::{process::ExitCode, time::Duration};

use imagesearch_core::{RetryPolicy, client::FromConfig};
use imagesearch_tests::{exit::exit_code, server_process::SERVE, wire::settings};
use peak_alloc::PeakAlloc;

use figures::Figures;
use pictures::{KIB, Pictures};
use round::{Client, ROUNDS};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// How long a call may take, its wait for a connection included.
const PATIENCE: Duration = Duration::from_secs(600);

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    exit_code(match arguments.next().as_deref() {
        Some(SERVE) => sink::serve(arguments.next()).map(|()| true),
        _ => measure(),
    })
}

fn measure() -> Outcome<bool> {
    // Libraries make some things once and keep them; here, before anything is measured.
    for client in [Client::Async, Client::Blocking] {
        let pictures = Pictures::own(8, KIB);
        client.ours(&pictures, 8)?;
        client.bare(&pictures, 8)?;
    }
    println!("{}", Figures::HEADINGS);
    let mut broken = Vec::new();
    for round in &ROUNDS {
        let pictures = round.pictures();
        println!("{round}");
        let ours = round.client.ours(&pictures, round.together)?;
        println!("  ours {ours}");
        let bare = round.client.bare(&pictures, round.together)?;
        println!("  bare {bare}");
        broken.extend(round.broken(&pictures, &ours));
    }
    for line in &broken {
        println!("FAILED {line}");
    }
    Ok(broken.is_empty())
}

/// Sets up a client of ours that waits as long as it takes, and sends nothing twice.
fn client<C: FromConfig>(url: &str) -> Outcome<C> {
    let settings = settings(url).with_retry(RetryPolicy::never());
    Ok(settings.with_timeout(PATIENCE).with_attempt_timeout(PATIENCE).build()?)
}
