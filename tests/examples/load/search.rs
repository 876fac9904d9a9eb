//! A search beside the least that it could cost: reading all vectors once.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use imagesearch_emulator::similarity::{Index, Look, Query, synthetic};

/// How many passes over the bytes a search may take as long as.
pub(crate) const MOST_PASSES: f64 = 2.0;

/// How often each is timed; what counts is the shortest time, which others disturb least.
const REPETITIONS: usize = 30;

/// How many hits are wanted, as many as a search asks for at most.
const HITS: usize = 100;

/// Both times.
pub(crate) struct Compared {
    pub(crate) pass: Duration,
    pub(crate) search: Duration,
}

impl Compared {
    pub(crate) fn ratio(&self) -> f64 {
        self.search.as_secs_f64() / self.pass.as_secs_f64()
    }
}

/// Times a pass and a search over so many vectors, in turns.
pub(crate) fn compare(count: usize) -> Compared {
    let looks: Vec<Look> = (0..64).map(|seed| Look::of(&synthetic::picture(seed), None)).collect();
    let mut index = Index::new();
    for look in looks.iter().cycle().take(count) {
        index.push(look);
    }
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let snapshot = index.snapshot().with_threads(processors);
    let query = Query::of(&synthetic::picture(99), None);
    let (mut pass, mut search) = (Duration::MAX, Duration::MAX);
    for _ in 0..REPETITIONS {
        pass = pass.min(time(|| snapshot.pass()));
        search = search.min(time(|| snapshot.search(&query, HITS, 0.0, |_| true)));
    }
    Compared { pass, search }
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let started = Instant::now();
    black_box(work());
    started.elapsed()
}
