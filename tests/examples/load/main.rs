//! How fast the emulator takes and finds pictures, and what they cost: `cargo xtask load`. And what many
//! calls leave behind in the process that makes them: `cargo xtask soak`.
//!
//! The emulator runs in a process of its own. Every picture comes over HTTP, signed, as Base64 in one
//! request; they are small (100 x 100 pixels), so that 100,000 of them take minutes and not hours.

mod numbers;
mod search;
mod service;
mod soak;
mod work;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use imagesearch_tests::{
    exit::exit_code,
    server_process::{SERVE, ServerProcess},
};
use serde_json::{Value, json};

use service::resident_bytes;
use work::{Figures, Work};

/// How many pictures there are when searches are measured.
const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// How many searches are measured one after the other, and then side by side.
const SEARCHES: usize = 300;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    exit_code(match arguments[..] {
        [SERVE] => service::serve().map(|()| true),
        ["--soak", calls] => calls.parse().map_err(Into::into).and_then(soak::run),
        _ => measure(),
    })
}

fn measure() -> Outcome<bool> {
    let service = ServerProcess::start(&[])?;
    let work = Work::new(&service)?;
    let empty = resident_bytes(service.id())?;
    println!("{} clients at a time, pictures of 100 x 100 pixels\n", work::CLIENTS);
    println!(
        "  images   AddImage/s     p50     p99   SearchImageByPic/s     p50     p99   bytes/image"
    );
    let mut rows = Vec::new();
    let mut stored = 0;
    for size in SIZES {
        let added = work.add(stored..size)?;
        stored = size;
        let found = work.search(SEARCHES)?;
        let each = resident_bytes(service.id())?.saturating_sub(empty) / size as u64;
        println!("{size:8} {added} {found:>18} {each:13}");
        rows.push(row(size, &added, &found, each));
    }
    drop(service);
    let compared = search::compare(stored);
    println!(
        "\n{stored} vectors in this process: one pass over their bytes {:.2} ms, a search {:.2} ms, \
         {:.2} times as long (at most {})",
        compared.pass.as_secs_f64() * 1e3,
        compared.search.as_secs_f64() * 1e3,
        compared.ratio(),
        search::MOST_PASSES,
    );
    let report = json!({ "sizes": rows, "passes_per_search": compared.ratio() });
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("load.json"), format!("{report:#}\n"))?;
    let kept = compared.ratio() <= search::MOST_PASSES;
    if !kept {
        println!("FAILED a search takes longer than {} passes", search::MOST_PASSES);
    }
    Ok(kept)
}

fn row(size: usize, added: &Figures, found: &Figures, bytes: u64) -> Value {
    json!({ "images": size, "add": added.json(), "search": found.json(), "bytes_per_image": bytes })
}
