//! Exact search for the most similar descriptors.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use super::descriptor::{Descriptor, Query};
use super::score::{cosine_of, dot};

/// Keeps descriptors in one block of memory and finds the most similar by comparing them all.
///
/// One descriptor takes 1 KiB. Exact search is deterministic, needs no training, and forgets a
/// removed picture at once; 100,000 pictures take some hundredths of a second to scan.
///
/// ```
/// use imagesearch_emulator::similarity::{Index, describe, describe_query, synthetic};
///
/// let mut index = Index::new();
/// let ids: Vec<_> = (0..3).map(|seed| index.push(&describe(&synthetic::picture(seed)))).collect();
/// let hits = index.nearest(&describe_query(&synthetic::picture(1)), 2, |_| true);
/// assert_eq!(hits.len(), 2);
/// assert_eq!((hits[0].id, hits[0].cosine), (ids[1], 1.0));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Index {
    numbers: Vec<i8>,
    rows: Vec<Row>,
    places: BTreeMap<u64, usize>,
    next_id: u64,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    id: u64,
    square: i32,
}

/// Names a descriptor that was found, and how near it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The number that [`Index::push`] returned.
    pub id: u64,
    /// Cosine to the query, the better of plain and mirrored; from -1 to 1.
    pub cosine: f64,
}

impl Index {
    /// Makes an empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number of descriptors.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Tells whether there is no descriptor.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a descriptor and returns its number: each is one higher than the last, never reused.
    pub fn push(&mut self, descriptor: &Descriptor) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        self.places.insert(id, self.rows.len());
        self.rows.push(Row { id, square: square(descriptor) });
        self.numbers.extend_from_slice(descriptor.as_slice());
        id
    }

    /// Replaces a descriptor, which keeps its number; `false` when there is none of that number.
    pub fn replace(&mut self, id: u64, descriptor: &Descriptor) -> bool {
        let Some(&place) = self.places.get(&id) else {
            return false;
        };
        self.rows[place].square = square(descriptor);
        self.numbers[span(place)].copy_from_slice(descriptor.as_slice());
        true
    }

    /// Removes a descriptor; `false` when there is none of that number.
    pub fn remove(&mut self, id: u64) -> bool {
        let Some(place) = self.places.remove(&id) else {
            return false;
        };
        // The last row moves into the gap, so that removal does not shift the rest.
        self.rows.swap_remove(place);
        let last = span(self.rows.len());
        self.numbers.copy_within(last.clone(), place * Descriptor::LENGTH);
        self.numbers.truncate(last.start);
        if let Some(moved) = self.rows.get(place) {
            self.places.insert(moved.id, place);
        }
        true
    }

    /// Returns the descriptor of a number.
    pub fn get(&self, id: u64) -> Option<Descriptor> {
        let &place = self.places.get(&id)?;
        Descriptor::from_slice(self.numbers.get(span(place))?)
    }

    /// Finds the `count` nearest of those that `keep` accepts, nearest first.
    ///
    /// Of equally near ones, that which was added first comes first.
    pub fn nearest(&self, query: &Query, count: usize, keep: impl Fn(u64) -> bool) -> Vec<Hit> {
        let (plain, mirrored) = (query.plain.as_slice(), query.mirrored.as_slice());
        let (plain_square, mirrored_square) = (dot(plain, plain), dot(mirrored, mirrored));
        // The worst of the best so far is on top of the heap.
        let mut best = BinaryHeap::new();
        for (row, numbers) in self.rows.iter().zip(self.numbers.chunks_exact(Descriptor::LENGTH)) {
            if !keep(row.id) {
                continue;
            }
            let as_is = cosine_of(dot(plain, numbers), plain_square, row.square);
            let swapped = cosine_of(dot(mirrored, numbers), mirrored_square, row.square);
            best.push(Ranked(Hit { id: row.id, cosine: as_is.max(swapped) }));
            if best.len() > count {
                best.pop();
            }
        }
        best.into_sorted_vec().into_iter().map(|Ranked(hit)| hit).collect()
    }
}

fn square(descriptor: &Descriptor) -> i32 {
    dot(descriptor.as_slice(), descriptor.as_slice())
}

fn span(place: usize) -> std::ops::Range<usize> {
    place * Descriptor::LENGTH..(place + 1) * Descriptor::LENGTH
}

/// Orders hits from best to worst.
struct Ranked(Hit);

impl Ord for Ranked {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.cosine.total_cmp(&self.0.cosine).then(self.0.id.cmp(&other.0.id))
    }
}

impl PartialOrd for Ranked {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Ranked {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ranked {}

#[cfg(test)]
mod tests;
