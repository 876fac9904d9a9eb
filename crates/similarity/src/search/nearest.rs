//! Ranking: all vectors of a snapshot against a query, on as many threads as pay.

use std::cmp::Ordering;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use std::thread;

use super::Hit;
use super::block::Block;
use super::scan::Probe;
use crate::look::Query;

/// Rows that a thread takes at a time: some hundredths of a millisecond of work.
const STRETCH: usize = 1024;

/// Pictures below which starting a thread costs more than it saves.
const ALONE: usize = 8192;

static PROCESSORS: LazyLock<usize> =
    LazyLock::new(|| thread::available_parallelism().map_or(1, usize::from));

/// Holds the pictures of an [`Index`](super::Index) as they were at one time.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    blocks: Vec<Arc<Block>>,
}

impl Snapshot {
    pub(super) fn new(blocks: Vec<Arc<Block>>) -> Self {
        Self { blocks }
    }

    /// Returns the number of pictures.
    pub fn len(&self) -> usize {
        self.blocks.iter().map(|block| block.len()).sum()
    }

    /// Tells whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Finds the `count` nearest of those that `keep` accepts, nearest first.
    ///
    /// Of equally near ones, that whose whole picture is nearest comes first, so that a picture
    /// comes before its mirror image and before itself on a page; after that, that which was added
    /// first. More than 8192 pictures are searched on all processors.
    pub fn nearest(
        &self,
        query: &Query,
        count: usize,
        keep: impl Fn(u64) -> bool + Sync,
    ) -> Vec<Hit> {
        let probe = Probe::of(query);
        let some = |stretches: &mut dyn Iterator<Item = Stretch<'_>>| {
            let mut best = Best::new(count);
            for (block, places) in stretches {
                scan(block, places, &probe, &keep, &mut best);
            }
            best
        };
        let mut bests = self.on_threads(some).into_iter();
        let mut best = bests.next().unwrap_or_else(|| Best::new(count));
        bests.for_each(|other| best.take(other));
        best.into_hits()
    }

    /// Reads all vectors once and mixes their bytes: the least that an exact search costs.
    ///
    /// It is divided between threads as a search is, and is there to be compared with one.
    #[doc(hidden)]
    pub fn pass(&self) -> u8 {
        let some = |stretches: &mut dyn Iterator<Item = Stretch<'_>>| {
            stretches
                .flat_map(|(block, places)| block.bytes(places))
                .fold(0, |sum, run| sum ^ mixed(run))
        };
        self.on_threads(some).into_iter().fold(0, |sum, it| sum ^ it)
    }

    /// Lets every thread take stretches until none is left.
    fn on_threads<T: Send>(
        &self,
        work: impl Fn(&mut dyn Iterator<Item = Stretch<'_>>) -> T + Sync,
    ) -> Vec<T> {
        let next = AtomicUsize::new(0);
        let some = || {
            work(&mut std::iter::from_fn(|| {
                let start = next.fetch_add(1, Relaxed) * STRETCH;
                let block = self.blocks.get(start / Block::ROWS)?;
                let start = start % Block::ROWS;
                Some((block.as_ref(), start..start + STRETCH))
            }))
        };
        let threads = if self.len() < ALONE { 1 } else { *PROCESSORS };
        thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(some)).collect();
            let own = some();
            let others = others.into_iter();
            let others = others.map(|it| it.join().unwrap_or_else(|panic| resume_unwind(panic)));
            std::iter::once(own).chain(others).collect()
        })
    }
}

/// Some places of a block.
type Stretch<'a> = (&'a Block, Range<usize>);

/// Mixes bytes by exclusive or, the cheapest operation that needs all of them.
fn mixed(bytes: &[i8]) -> u8 {
    const LANES: usize = 64;
    let mut lanes = [0_i8; LANES];
    for chunk in bytes.chunks_exact(LANES) {
        for (lane, byte) in lanes.iter_mut().zip(chunk) {
            *lane ^= byte;
        }
    }
    lanes.iter().fold(0, |sum, lane| sum ^ lane.cast_unsigned())
}

fn scan(
    block: &Block,
    places: Range<usize>,
    probe: &Probe,
    keep: impl Fn(u64) -> bool,
    best: &mut Best,
) {
    for (row, vector) in block.rows(places) {
        if !keep(row.id) {
            continue;
        }
        let (direct, mut cosine) = probe.cosines(vector, row.square);
        if let Some(subject) = row.subject {
            let (_, of_subject) = probe.cosines(block.subject(subject), subject.square);
            cosine = cosine.max(of_subject);
        }
        best.push(Ranked { hit: Hit { id: row.id, cosine }, direct });
    }
}

/// Collects the best, and sorts now and then so as to keep at most twice as many.
struct Best {
    count: usize,
    ranked: Vec<Ranked>,
}

impl Best {
    fn new(count: usize) -> Self {
        Self { count, ranked: Vec::new() }
    }

    fn push(&mut self, ranked: Ranked) {
        self.ranked.push(ranked);
        // Some slack, or a small count would be sorted all the time.
        if self.ranked.len() >= self.count.saturating_mul(2).saturating_add(STRETCH) {
            self.cut();
        }
    }

    fn take(&mut self, other: Self) {
        self.ranked.extend(other.ranked);
    }

    fn cut(&mut self) {
        if self.ranked.len() > self.count {
            self.ranked.select_nth_unstable_by(self.count, Ranked::order);
            self.ranked.truncate(self.count);
        }
    }

    fn into_hits(mut self) -> Vec<Hit> {
        self.cut();
        self.ranked.sort_unstable_by(Ranked::order);
        self.ranked.into_iter().map(|ranked| ranked.hit).collect()
    }
}

/// A hit, and how near the two whole pictures are as they are.
struct Ranked {
    hit: Hit,
    direct: f64,
}

impl Ranked {
    /// Orders from best to worst; numbers differ, so no two are equal.
    fn order(&self, other: &Self) -> Ordering {
        let nearer = other.hit.cosine.total_cmp(&self.hit.cosine);
        let more_direct = || other.direct.total_cmp(&self.direct);
        nearer.then_with(more_direct).then(self.hit.id.cmp(&other.hit.id))
    }
}
