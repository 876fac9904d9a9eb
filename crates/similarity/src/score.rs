//! Converts the angle between descriptors to a score.

use pulp::Arch;

use crate::descriptor::Descriptor;
use crate::look::{Look, Query};
use crate::picture::Picture;
use crate::subject::find_subject;

/// The points of the map from cosine to score.
///
/// Among some 500 pictures, the nearest that shows something else has a cosine around 0.46 (0.56
/// for one query in ten), a cropped or turned copy around 0.82, a recompressed one around 0.97. The
/// map spreads that range over the scores that users expect.
const BENDS: [(f64, f64); 5] = [(0.45, 0.0), (0.60, 0.4), (0.70, 0.7), (0.85, 0.95), (1.0, 1.0)];

/// Returns the similarity of two pictures, from 0 to 1; equal pixels score exactly 1.
///
/// It is the score that a search with the first would give the second: subjects count beside whole
/// pictures, and the first is also tried mirrored. The scale is this emulator's own: a threshold
/// found here does not carry over to the cloud service.
///
/// ```
/// use imagesearch_similarity::{compare, synthetic};
///
/// let picture = synthetic::picture(1);
/// assert_eq!(compare(&picture, &picture), 1.0);
/// assert!(compare(&picture, &synthetic::picture(2)) < 0.7);
/// ```
pub fn compare(left: &Picture, right: &Picture) -> f32 {
    let query = Query::of(left, find_subject(left));
    score(query_cosine(&query, &Look::of(right, find_subject(right))))
}

/// Maps a cosine to a score from 0 to 1: higher stays higher, and 1 is 1.
pub fn score(cosine: f64) -> f32 {
    for bend in BENDS.windows(2) {
        if let &[(low, from), (high, to)] = bend
            && cosine < high
        {
            return (from + (to - from) * ((cosine - low) / (high - low)).max(0.0)) as f32;
        }
    }
    1.0
}

/// Returns the cosine of a query and a picture: the highest between their parts.
pub fn query_cosine(query: &Query, look: &Look) -> f64 {
    let parts = look.descriptors();
    let pairs = parts.flat_map(|part| query.descriptors().map(move |asked| cosine(asked, part)));
    pairs.fold(-1.0, f64::max)
}

/// Returns the cosine of the angle between two descriptors, from -1 to 1.
///
/// It is 1 for two flat pictures of one colour, whatever their size; for a flat picture and
/// one with shapes it is about 0.45 at most, even when they share every colour.
pub fn cosine(left: &Descriptor, right: &Descriptor) -> f64 {
    let (left, right) = (left.as_slice(), right.as_slice());
    cosine_of(dot(left, right), dot(left, left), dot(right, right))
}

/// Computes a cosine from the dot product of two vectors and those of each with itself.
///
/// For equal vectors the three are equal, the product below 2^53 is exact and so is its root: the
/// result is exactly 1.
pub(crate) fn cosine_of(dot: i32, left: i32, right: i32) -> f64 {
    if left == 0 || right == 0 {
        return 0.0;
    }
    f64::from(dot) / (f64::from(left) * f64::from(right)).sqrt()
}

/// Multiplies two rows of signed bytes and adds up.
///
/// At most 1024 x 127 x 127 for a descriptor, so 32 bits hold the sum. The plain loop is what the
/// compiler makes vector instructions of, once for each kind of processor; whole numbers give the same
/// sum on all of them.
pub(crate) fn dot(left: &[i8], right: &[i8]) -> i32 {
    Arch::new().dispatch(
        #[inline(always)]
        || left.iter().zip(right).map(|(&left, &right)| i32::from(left) * i32::from(right)).sum(),
    )
}

#[cfg(test)]
mod tests;
