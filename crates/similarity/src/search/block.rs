//! A contiguous run of vectors with the data of each.

use std::ops::Range;

use crate::descriptor::Descriptor;
use crate::look::Look;
use crate::score::dot;

/// A block of up to 4096 pictures: the vectors of whole pictures in one run, those of subjects in
/// another.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    rows: Vec<Option<Row>>,
    wholes: Vectors,
    subjects: Vectors,
    /// Free places of subjects.
    vacant_subjects: Vec<usize>,
    len: usize,
}

/// The data of a picture besides its vectors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) id: u64,
    /// The vector of the whole picture, multiplied with itself.
    pub(super) square: i32,
    pub(super) subject: Option<Subject>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    place: usize,
    pub(super) square: i32,
}

impl Block {
    /// The number of pictures in a block; with their vectors, 4 MiB to 8 MiB.
    pub(super) const ROWS: usize = 4096;

    /// Counts the pictures.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Stores a picture in a place below [`ROWS`](Self::ROWS), replacing any other.
    pub(super) fn put(&mut self, place: usize, id: u64, look: &Look) {
        self.remove(place);
        if self.rows.len() <= place {
            self.rows.resize(place + 1, None);
        }
        self.wholes.put(place, &look.whole);
        let subject = look.subject.as_ref().map(|subject| {
            let place = self.vacant_subjects.pop().unwrap_or(self.subjects.len());
            self.subjects.put(place, subject);
            Subject { place, square: square(subject) }
        });
        self.rows[place] = Some(Row { id, square: square(&look.whole), subject });
        self.len += 1;
    }

    /// Removes the picture in a place.
    pub(super) fn remove(&mut self, place: usize) {
        let row = self.rows.get_mut(place).and_then(Option::take);
        if let Some(row) = row {
            self.len -= 1;
            self.vacant_subjects.extend(row.subject.map(|subject| subject.place));
        }
    }

    /// Returns the picture in a place.
    pub(super) fn get(&self, place: usize) -> Option<Look> {
        let row = self.rows.get(place).copied().flatten()?;
        let subject = match row.subject {
            Some(subject) => Some(Descriptor::from_slice(self.subject(subject))?),
            None => None,
        };
        Some(Look { whole: Descriptor::from_slice(self.wholes.get(place))?, subject })
    }

    /// Visits the pictures in some places, with the vectors of the whole pictures.
    pub(super) fn rows(&self, places: Range<usize>) -> impl Iterator<Item = (&Row, &[i8])> {
        let vectors = self.wholes.bytes(places.clone()).chunks_exact(Descriptor::LENGTH);
        let rows = self.rows.iter().skip(places.start).zip(vectors);
        rows.filter_map(|(row, vector)| Some((row.as_ref()?, vector)))
    }

    /// Returns the vector of a subject.
    pub(super) fn subject(&self, subject: Subject) -> &[i8] {
        self.subjects.get(subject.place)
    }

    /// Returns the numbers that a search for some places reads: whole pictures, then subjects.
    ///
    /// Which of the subjects lie in the same places does not matter; all are read in the end.
    pub(super) fn bytes(&self, places: Range<usize>) -> [&[i8]; 2] {
        [self.wholes.bytes(places.clone()), self.subjects.bytes(places)]
    }
}

fn square(descriptor: &Descriptor) -> i32 {
    dot(descriptor.as_slice(), descriptor.as_slice())
}

/// Vectors one after the other.
#[derive(Debug, Clone, Default)]
struct Vectors(Vec<i8>);

impl Vectors {
    fn len(&self) -> usize {
        self.0.len() / Descriptor::LENGTH
    }

    fn put(&mut self, place: usize, descriptor: &Descriptor) {
        let end = (place + 1) * Descriptor::LENGTH;
        if self.0.len() < end {
            self.0.resize(end, 0);
        }
        self.0[end - Descriptor::LENGTH..end].copy_from_slice(descriptor.as_slice());
    }

    fn get(&self, place: usize) -> &[i8] {
        &self.0[place * Descriptor::LENGTH..(place + 1) * Descriptor::LENGTH]
    }

    /// Returns those of some places that are there.
    fn bytes(&self, places: Range<usize>) -> &[i8] {
        let end = (places.end * Descriptor::LENGTH).min(self.0.len());
        &self.0[(places.start * Descriptor::LENGTH).min(end)..end]
    }
}
