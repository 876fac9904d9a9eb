//! The inner loop of a search: one row of numbers against all parts of a query.

use crate::descriptor::Descriptor;
use crate::look::Query;
use crate::score::{cosine_of, dot};

const LENGTH: usize = Descriptor::LENGTH;

/// A query, made ready to be compared with many vectors.
pub(super) struct Probe {
    parts: Vec<Part>,
}

struct Part {
    numbers: [i8; LENGTH],
    square: i32,
}

impl Probe {
    pub(super) fn of(query: &Query) -> Self {
        let part = |descriptor: &Descriptor| {
            let numbers = *descriptor.as_array();
            Part { numbers, square: dot(&numbers, &numbers) }
        };
        Self { parts: query.descriptors().map(part).collect() }
    }

    /// Returns the cosine to the whole picture as it is, and the highest of all parts.
    pub(super) fn cosines(&self, vector: &[i8], square: i32) -> (f64, f64) {
        let mut cosines = self
            .parts
            .iter()
            .map(|part| cosine_of(dot(&part.numbers, vector), part.square, square));
        let first = cosines.next().unwrap_or_default();
        (first, cosines.fold(first, f64::max))
    }
}
