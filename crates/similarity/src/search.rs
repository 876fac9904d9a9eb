//! Exact search for the most similar pictures.

mod block;
mod nearest;
mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::look::{Look, Query};
use block::Block;

pub use nearest::{Ranking, Snapshot};

/// An index of looks that finds the most similar by comparing all of them.
///
/// A picture takes 1 KiB, or 2 KiB with a subject. Exact search is deterministic, needs no
/// training, and forgets removed pictures at once.
///
/// Vectors are stored in blocks of 4096 that snapshots share: a search takes a [`Snapshot`] and no
/// longer needs the index, and a concurrent write copies only the block that it changes.
///
/// ```
/// use imagesearch_similarity::{Index, Look, Query, synthetic};
///
/// let mut index = Index::new();
/// let mut push = |seed| index.push(&Look::of(&synthetic::picture(seed), None));
/// let ids = [push(0), push(1), push(2)];
/// let hits = index.nearest(&Query::of(&synthetic::picture(1), None), 2, |_| true);
/// assert_eq!(hits.len(), 2);
/// assert_eq!((hits[0].id, hits[0].cosine), (ids[1], 1.0));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Index {
    blocks: Vec<Arc<Block>>,
    places: BTreeMap<u64, usize>,
    /// Free places of removed pictures.
    vacant: BTreeSet<usize>,
    next_id: u64,
}

/// A picture that was found, and how near it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    /// The number that [`Index::push`] returned.
    pub id: u64,
    /// The highest cosine between a part of the query and a part of the picture; from -1 to 1.
    pub cosine: f64,
}

impl Index {
    /// Creates an empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the number of pictures.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Returns whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Adds a picture and returns its number: each is one higher than the last, never reused.
    pub fn push(&mut self, look: &Look) -> u64 {
        let id = self.next_id;
        self.insert(id, look);
        id
    }

    /// Returns the number that the next picture will get.
    pub fn next_id(&self) -> u64 {
        self.next_id
    }

    /// Adds or replaces a picture under a given number, such as a stored one.
    ///
    /// Later pushes get higher numbers.
    pub fn insert(&mut self, id: u64, look: &Look) {
        if self.replace(id, look) {
            return;
        }
        let place = self.vacant.pop_first().unwrap_or(self.places.len());
        if self.blocks.len() <= place / Block::ROWS {
            self.blocks.push(Arc::default());
        }
        self.put(place, id, look);
        self.places.insert(id, place);
        self.next_id = self.next_id.max(id.saturating_add(1));
    }

    /// Replaces the picture with a number. Returns `false` if there is none.
    pub fn replace(&mut self, id: u64, look: &Look) -> bool {
        let Some(&place) = self.places.get(&id) else {
            return false;
        };
        self.put(place, id, look);
        true
    }

    /// Removes the picture with a number. Returns `false` if there is none.
    pub fn remove(&mut self, id: u64) -> bool {
        let Some(place) = self.places.remove(&id) else {
            return false;
        };
        self.vacant.insert(place);
        if let Some(block) = self.blocks.get_mut(place / Block::ROWS) {
            if block.len() == 1 {
                // The last of its block: its memory is freed without copying.
                *block = Arc::default();
            } else {
                Arc::make_mut(block).remove(place % Block::ROWS);
            }
        }
        true
    }

    /// Returns the look of a picture.
    pub fn get(&self, id: u64) -> Option<Look> {
        let &place = self.places.get(&id)?;
        self.blocks.get(place / Block::ROWS)?.get(place % Block::ROWS)
    }

    /// Returns a snapshot, for searches that later writes do not affect.
    ///
    /// Copies one pointer per 4096 pictures.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(self.blocks.clone())
    }

    /// Finds the `count` nearest of those that `keep` accepts, as [`Snapshot::nearest`] does on one
    /// thread.
    pub fn nearest(
        &self,
        query: &Query,
        count: usize,
        keep: impl Fn(u64) -> bool + Sync,
    ) -> Vec<Hit> {
        self.snapshot().nearest(query, count, keep)
    }

    fn put(&mut self, place: usize, id: u64, look: &Look) {
        if let Some(block) = self.blocks.get_mut(place / Block::ROWS) {
            Arc::make_mut(block).put(place % Block::ROWS, id, look);
        }
    }
}

#[cfg(test)]
mod tests;
