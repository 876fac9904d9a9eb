//! Many calls through both clients, and what they leave behind: memory of this process, and connections.

use std::ops::Range;
use std::sync::Arc;
use std::thread;

use imagesearch_core::{
    ClientBuilder, Credentials, Error, Image,
    client::{FromConfig, Transfer},
    exchange::RawResponse,
    filter::int_attr,
    requests::RawRequest,
};
use imagesearch_emulator::Emulator;
use imagesearch_tests::{metrics::Metrics, server_process::ServerProcess, wire::runtime};
use tokio::runtime::Runtime;

use crate::Outcome;
use crate::numbers::Numbers;
use crate::service::resident_bytes;
use crate::work;

/// How many threads call through the blocking client, and how many tasks through the async one.
const THREADS: usize = 4;
const TASKS: usize = 16;

/// After how many parts of all calls memory and connections are looked at.
const PARTS: usize = 10;

/// By how many bytes the process may be larger at the end than when everything had happened often
/// enough: less than 60 for each of 100,000 calls.
const MOST_GROWTH: u64 = 4 * 1024 * 1024;

/// How many parts come before memory and connections have to stay as they are.
const WARM_UP: usize = 2;

/// How many products there are, each with one picture that is stored again and again.
const PRODUCTS: usize = 200;

/// Which of twenty calls is one that the service refuses.
const FAILS: usize = 3;

/// What is wrong with a call, if anything is.
type Called = Result<(), String>;
type Thread = thread::JoinHandle<Called>;
type Task = tokio::task::JoinHandle<Called>;

/// What was seen after a part of the calls.
#[derive(Clone, Copy)]
struct Seen {
    calls: usize,
    client_bytes: u64,
    emulator_bytes: u64,
    open: u64,
    accepted: u64,
}

/// Makes so many calls; returns whether memory and connections have stayed as they were.
pub(crate) fn run(calls: usize) -> Outcome<bool> {
    let service = ServerProcess::start(&[])?;
    let (caller, runtime) = (Arc::new(Caller::new(&service)?), runtime());
    println!("{THREADS} threads with the blocking client, {TASKS} tasks with the async one\n");
    println!("   calls   memory   of the emulator   connections   accepted so far");
    let mut seen = Vec::new();
    for part in 1..=PARTS {
        let done = calls * (part - 1) / PARTS;
        let numbers = done..calls * part / PARTS;
        let middle = numbers.start.midpoint(numbers.end);
        let threads = caller.in_threads(numbers.start..middle);
        let tasks = caller.in_tasks(middle..numbers.end, &runtime);
        for task in tasks {
            runtime.block_on(task)??;
        }
        for thread in threads {
            thread.join().expect("does not panic")?;
        }
        let now = look(&service, calls * part / PARTS, part as u64)?;
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        let (client, emulator) = (mib(now.client_bytes), mib(now.emulator_bytes));
        let Seen { calls, open, accepted, .. } = now;
        println!("{calls:8} {client:5.1}MiB {emulator:14.1}MiB {open:13} {accepted:17}");
        seen.push(now);
    }
    println!("\n(the emulator keeps nonces for 15 minutes and uploads for an hour)");
    let (first, last) = (seen[WARM_UP - 1], seen[PARTS - 1]);
    let growth = last.client_bytes.saturating_sub(first.client_bytes);
    let more = last.accepted - first.accepted;
    println!("after the first {} calls: {growth} bytes more, {more} new connections", first.calls);
    let kept = growth <= MOST_GROWTH && more == 0 && last.open == first.open;
    if !kept {
        println!("FAILED at most {MOST_GROWTH} bytes more and no new connections are right");
    }
    Ok(kept)
}

/// Looks for the n-th time.
fn look(service: &ServerProcess, calls: usize, looks: u64) -> Outcome<Seen> {
    let metrics = Metrics::of(service.url())?;
    let metric = |name: &str| metrics.get(name).ok_or("the emulator does not tell");
    // Those that ask count as well: one that is open now, and one each time.
    let open = metric("open_connections")?.saturating_sub(1);
    let accepted = metric("connections_total")?.saturating_sub(looks);
    Ok(Seen {
        calls,
        client_bytes: resident_bytes("self")?,
        emulator_bytes: resident_bytes(service.id())?,
        open,
        accepted,
    })
}

struct Caller {
    blocking: imagesearch_blocking::Instance,
    asynchronous: imagesearch_async::Instance,
    pictures: Vec<Image>,
}

impl Caller {
    fn new(service: &ServerProcess) -> Outcome<Self> {
        let blocking: imagesearch_blocking::Client = client(service)?;
        let asynchronous: imagesearch_async::Client = client(service)?;
        Ok(Self {
            blocking: blocking.instance(Emulator::INSTANCE),
            asynchronous: asynchronous.instance(Emulator::INSTANCE),
            pictures: work::pictures(),
        })
    }

    fn in_threads(self: &Arc<Self>, numbers: Range<usize>) -> Vec<Thread> {
        let numbers = Arc::new(Numbers::new(numbers));
        let start = |_| {
            let (caller, numbers) = (Arc::clone(self), Arc::clone(&numbers));
            thread::spawn(move || {
                while let Some(number) = numbers.take() {
                    let (call, transfer) = caller.plan(number);
                    let sent = caller.blocking.raw(call).with_transfer(transfer).send();
                    as_planned(number, sent)?;
                }
                Ok(())
            })
        };
        (0..THREADS).map(start).collect()
    }

    fn in_tasks(self: &Arc<Self>, numbers: Range<usize>, runtime: &Runtime) -> Vec<Task> {
        let numbers = Arc::new(Numbers::new(numbers));
        let start = |_| {
            let (caller, numbers) = (Arc::clone(self), Arc::clone(&numbers));
            runtime.spawn(async move {
                while let Some(number) = numbers.take() {
                    let (call, transfer) = caller.plan(number);
                    let sent = caller.asynchronous.raw(call).with_transfer(transfer).await;
                    as_planned(number, sent)?;
                }
                Ok(())
            })
        };
        (0..TASKS).map(start).collect()
    }

    /// Chooses a call by its number: of twenty, three have a picture and one fails.
    fn plan(&self, number: usize) -> (RawRequest, Transfer) {
        let picture = self.pictures[number % self.pictures.len()].clone();
        let named = |operation: &'static str, product: &str| {
            RawRequest::new(operation)
                .parameter("ProductId", product)
                .parameter("PicName", "front.jpg")
        };
        let product = (number % PRODUCTS).to_string();
        let add = || {
            named("AddImage", &product)
                .parameter("PicContent", picture.clone())
                .parameter("CategoryId", 88_888_888)
                .parameter("IntAttr", 7)
        };
        let call = match number % 20 {
            0 => return (add(), Transfer::Base64),
            1 => add(),
            2 => RawRequest::new("SearchImageByPic").parameter("PicContent", picture),
            FAILS => named("SearchImageByName", "nowhere"),
            4..=7 => RawRequest::new("Detail"),
            8..=11 => RawRequest::new("SearchImageByFilter").parameter("Filter", int_attr().ge(7)),
            12 => RawRequest::new("IncreaseList"),
            _ => named("CheckImageExists", &product),
        };
        (call, Transfer::default())
    }
}

fn client<C: FromConfig>(service: &ServerProcess) -> Result<C, Error> {
    let key = Credentials::access_key(Emulator::ACCESS_KEY_ID, Emulator::ACCESS_KEY_SECRET);
    ClientBuilder::default().with_emulator(service.url()).with_credentials(key).build()
}

/// Fails unless a call has ended as its number says.
fn as_planned(number: usize, sent: Result<RawResponse, Error>) -> Called {
    match (number % 20 == FAILS, sent) {
        (false, Ok(_)) => Ok(()),
        (true, Err(error)) if error.code().is_some() => Ok(()),
        (_, Err(error)) => Err(error.to_string()),
        (true, Ok(_)) => Err("a call that must be refused was answered".to_owned()),
    }
}
