//! Ranking: all vectors of a snapshot against a query, on as many threads as the caller gives.

use std::cmp::Ordering;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::thread;

use super::Hit;
use super::block::Block;
use super::scan::Probe;
use crate::look::Query;
use crate::score::score;

/// Rows that a thread takes at a time: some hundredths of a millisecond of work.
const STRETCH: usize = 1024;

/// The number of pictures below which another thread costs more than it saves.
const ALONE: usize = 8192;

/// The result of a search.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ranking {
    /// The nearest pictures, nearest first, up to the requested count.
    pub hits: Vec<Hit>,
    /// The number of all accepted pictures that scored enough.
    pub total: usize,
}

/// The pictures of an [`Index`](super::Index) at one point in time.
#[derive(Debug, Clone)]
pub struct Snapshot {
    blocks: Vec<Arc<Block>>,
    threads: usize,
}

impl Snapshot {
    pub(super) fn new(blocks: Vec<Arc<Block>>) -> Self {
        Self { blocks, threads: 1 }
    }

    /// Sets how many threads a search may use, itself included; 1 unless set.
    ///
    /// Fewer than 8192 pictures are searched on one. The answer does not depend on it.
    ///
    /// ```
    /// use imagesearch_similarity::{Index, Look, Query, synthetic};
    ///
    /// let mut index = Index::new();
    /// index.push(&Look::of(&synthetic::picture(1), None));
    /// let processors = std::thread::available_parallelism()?;
    /// let snapshot = index.snapshot().with_threads(processors.get());
    /// let query = Query::of(&synthetic::picture(1), None);
    /// assert_eq!(snapshot.nearest(&query, 1, |_| true).len(), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn with_threads(mut self, count: usize) -> Self {
        self.threads = count.max(1);
        self
    }

    /// Returns the number of pictures.
    pub fn len(&self) -> usize {
        self.blocks.iter().map(|block| block.len()).sum()
    }

    /// Returns whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Finds the `count` nearest of those that `keep` accepts, nearest first.
    ///
    /// The order is that of [`search`](Self::search), which also counts.
    pub fn nearest(
        &self,
        query: &Query,
        count: usize,
        keep: impl Fn(u64) -> bool + Sync,
    ) -> Vec<Hit> {
        self.search(query, count, 0.0, keep).hits
    }

    /// Finds the `count` nearest of those that `keep` accepts and that score at least `least_score`,
    /// nearest first, and counts all of those.
    ///
    /// Ties are broken by the distance of the whole pictures, so that a picture comes before its
    /// mirror image, and then by the order of insertion.
    ///
    /// ```
    /// use imagesearch_similarity::{Index, Look, Query, synthetic};
    ///
    /// let mut index = Index::new();
    /// for seed in [1, 2, 1, 1] {
    ///     index.push(&Look::of(&synthetic::picture(seed), None));
    /// }
    /// let query = Query::of(&synthetic::picture(1), None);
    /// let ranking = index.snapshot().search(&query, 2, 0.9, |_| true);
    /// assert_eq!((ranking.hits.len(), ranking.total), (2, 3));
    /// ```
    pub fn search(
        &self,
        query: &Query,
        count: usize,
        least_score: f32,
        keep: impl Fn(u64) -> bool + Sync,
    ) -> Ranking {
        let probe = Probe::of(query);
        let counts =
            |ranked: &Ranked| least_score <= 0.0 || score(ranked.hit.cosine) >= least_score;
        let some = |stretches: &mut dyn Iterator<Item = Stretch<'_>>| {
            let mut best = Best::new(count);
            for (block, places) in stretches {
                ranked(block, places, &probe, &keep).filter(counts).for_each(|it| best.push(it));
            }
            best
        };
        let mut bests = self.on_threads(some).into_iter();
        let mut best = bests.next().unwrap_or_else(|| Best::new(count));
        bests.for_each(|other| best.take(other));
        best.into_ranking()
    }

    /// Reads all vectors once and mixes their bytes: the least that an exact search costs.
    ///
    /// It uses threads as a search does, as a baseline for benchmarks.
    #[doc(hidden)]
    pub fn pass(&self) -> u8 {
        let some = |stretches: &mut dyn Iterator<Item = Stretch<'_>>| {
            stretches
                .flat_map(|(block, places)| block.bytes(places))
                .fold(0, |sum, run| sum ^ mixed(run))
        };
        self.on_threads(some).into_iter().fold(0, |sum, it| sum ^ it)
    }

    /// Distributes stretches of rows to threads until none are left.
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
        let threads = if self.len() < ALONE { 1 } else { self.threads };
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

/// Compares the pictures in some places of a block with a query.
fn ranked<'a>(
    block: &'a Block,
    places: Range<usize>,
    probe: &'a Probe,
    keep: impl Fn(u64) -> bool + 'a,
) -> impl Iterator<Item = Ranked> + 'a {
    let kept = block.rows(places).filter(move |(row, _)| keep(row.id));
    kept.map(|(row, vector)| {
        let (direct, mut cosine) = probe.cosines(vector, row.square);
        if let Some(subject) = row.subject {
            let (_, of_subject) = probe.cosines(block.subject(subject), subject.square);
            cosine = cosine.max(of_subject);
        }
        Ranked { hit: Hit { id: row.id, cosine }, direct }
    })
}

/// Collects the best hits, sorting occasionally to keep at most twice as many.
struct Best {
    count: usize,
    ranked: Vec<Ranked>,
    total: usize,
}

impl Best {
    fn new(count: usize) -> Self {
        Self { count, ranked: Vec::new(), total: 0 }
    }

    fn push(&mut self, ranked: Ranked) {
        self.total += 1;
        self.ranked.push(ranked);
        // Some slack, or a small count would be sorted all the time.
        if self.ranked.len() >= self.count.saturating_mul(2).saturating_add(STRETCH) {
            self.cut();
        }
    }

    fn take(&mut self, other: Self) {
        self.total += other.total;
        self.ranked.extend(other.ranked);
    }

    fn cut(&mut self) {
        if self.ranked.len() > self.count {
            self.ranked.select_nth_unstable_by(self.count, Ranked::order);
            self.ranked.truncate(self.count);
        }
    }

    fn into_ranking(mut self) -> Ranking {
        self.cut();
        self.ranked.sort_unstable_by(Ranked::order);
        let hits = self.ranked.into_iter().map(|ranked| ranked.hit).collect();
        Ranking { hits, total: self.total }
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
