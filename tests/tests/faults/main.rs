//! Calls of all operations through both clients, against an emulator where much goes wrong: what a client
//! promises is kept.
//!
//! The suite makes a few hundred; `cargo xtask faults` makes 10,000 and prints what became of them.

mod errand;
mod ledger;
mod report;
mod rules;
mod shop;
mod worker;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use imagesearch_tests::wire::runtime;

use ledger::Ledger;
use shop::Shop;
use worker::Worker;

/// How many calls are made unless `IMAGESEARCH_CALLS` says otherwise.
const CALLS: u64 = 400;

/// How many threads call through the blocking client, and how many tasks through the async one.
const THREADS: u64 = 8;
const TASKS: u64 = 24;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn promises_are_kept_whatever_goes_wrong() {
    let (calls, seed) = (setting("IMAGESEARCH_CALLS", CALLS), setting("IMAGESEARCH_SEED", 1));
    let shop = Arc::new(Shop::open(calls, seed));
    let mut ledger = Ledger::default();
    for worker in work(&shop, calls, seed) {
        ledger.take(worker);
    }
    let hits = shop.quieten();
    ledger.check(&shop);
    println!(
        "{calls} calls, half through the blocking client with {THREADS} threads, half through"
    );
    println!("the async one with {TASKS} tasks; seed {seed}\n");
    report::print(&ledger, &hits, shop.clock_changes());
    assert_eq!(ledger.broken, Vec::<String>::new());
    let repeated = ledger.entries.iter().filter(|it| it.repeated).count();
    assert!(repeated > 0 && ledger.kept > 0, "hardly anything has happened");
}

/// Makes all calls, and returns who made them with what became of each.
fn work(shop: &Arc<Shop>, calls: u64, seed: u64) -> Vec<Worker> {
    let (blocking, asynchronous, runtime) = (shop.blocking(), shop.asynchronous(), runtime());
    let left = || Arc::new(Share(AtomicU64::new(calls / 2)));
    let (threads_left, tasks_left) = (left(), left());
    let threads = (0..THREADS).map(|number| {
        let (shop, left, instance) =
            (Arc::clone(shop), Arc::clone(&threads_left), blocking.clone());
        std::thread::spawn(move || {
            let mut worker = Worker::new(number, seed, &shop);
            while left.take_one() {
                worker.call_blocking(&instance, &shop);
            }
            worker
        })
    });
    let threads: Vec<_> = threads.collect();
    let tasks = (THREADS..THREADS + TASKS).map(|number| {
        let (shop, left) = (Arc::clone(shop), Arc::clone(&tasks_left));
        let instance = asynchronous.clone();
        runtime.spawn(async move {
            let mut worker = Worker::new(number, seed, &shop);
            while left.take_one() {
                worker.call_async(&instance, &shop).await;
            }
            worker
        })
    });
    let tasks: Vec<_> = tasks.collect();
    let from_tasks = tasks.into_iter().map(|task| runtime.block_on(task).unwrap());
    let mut workers: Vec<Worker> = from_tasks.collect();
    workers.extend(threads.into_iter().map(|thread| thread.join().unwrap()));
    workers
}

/// How many calls are left to be made.
struct Share(AtomicU64);

impl Share {
    fn take_one(&self) -> bool {
        let take = |left: u64| left.checked_sub(1);
        self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, take).is_ok()
    }
}
