//! The vocabulary of gradient patches: how to shorten a patch, and the words to compare it with.

#[cfg(feature = "testing")]
mod training;

use std::sync::OnceLock;

use crate::gradient_patches::PATCH;

#[cfg(feature = "testing")]
pub use training::train_codebook;

/// Numbers of a shortened patch.
pub(crate) const AXES: usize = 32;

/// Words of the vocabulary.
pub(crate) const WORDS: usize = 64;

/// Bytes of a codebook: 128 x 32 coordinates of axes, then 32 x 64 of words, each 16 bits.
const BYTES: usize = 2 * AXES * (PATCH + WORDS);

/// The fixed-point unit of the numbers.
const SCALE: f32 = 8192.0;

/// The committed codebook. Regenerate it after a change to patches, pictures or training with
/// `cargo test -p imagesearch-similarity rewrites_the_codebook -- --ignored`, and raise
/// `DESCRIPTOR_VERSION`.
static COMMITTED: &[u8; BYTES] = include_bytes!("codebook.bin");

/// Axes and words, laid out so that the inner loops run over neighbouring numbers.
pub(crate) struct Codebook {
    axes: Vec<[f32; AXES]>,
    words: Vec<[f32; WORDS]>,
    half_squares: [f32; WORDS],
}

/// Returns the committed codebook, unpacked once.
pub(crate) fn codebook() -> &'static Codebook {
    static UNPACKED: OnceLock<Codebook> = OnceLock::new();
    UNPACKED.get_or_init(|| Codebook::unpack(COMMITTED))
}

impl Codebook {
    fn unpack(bytes: &[u8; BYTES]) -> Self {
        let mut numbers = bytes
            .chunks_exact(2)
            .map(|pair| f32::from(i16::from_le_bytes([pair[0], pair[1]])) / SCALE);
        let mut next = || numbers.next().unwrap_or_default();
        let axes = (0..PATCH).map(|_| std::array::from_fn(|_| next())).collect();
        let words: Vec<[f32; WORDS]> = (0..AXES).map(|_| std::array::from_fn(|_| next())).collect();
        let half_squares = half_squares(&words);
        Self { axes, words, half_squares }
    }

    /// Shortens a patch to its coordinates along the axes.
    pub(crate) fn shorten(&self, patch: &[f32; PATCH]) -> [f32; AXES] {
        let mut short = [0.0; AXES];
        for (&number, axes) in patch.iter().zip(&self.axes) {
            for (sum, axis) in short.iter_mut().zip(axes) {
                *sum += number * axis;
            }
        }
        short
    }

    /// Finds the word nearest to a shortened patch; the first of equals.
    pub(crate) fn nearest(&self, short: &[f32; AXES]) -> usize {
        nearest(short, &self.words, &self.half_squares)
    }

    /// Returns one coordinate of a word.
    pub(crate) fn coordinate(&self, word: usize, axis: usize) -> f32 {
        self.words[axis][word]
    }
}

/// Halves the squared lengths of words that are stored axis by axis.
fn half_squares(words: &[[f32; WORDS]]) -> [f32; WORDS] {
    let mut halves = [0.0; WORDS];
    for axis in words {
        for (half, coordinate) in halves.iter_mut().zip(axis) {
            *half += coordinate * coordinate * 0.5;
        }
    }
    halves
}

/// Minimises |x - w|^2, which is to maximise x.w - |w|^2 / 2.
fn nearest(short: &[f32; AXES], words: &[[f32; WORDS]], half_squares: &[f32; WORDS]) -> usize {
    let mut closeness = half_squares.map(|half| -half);
    for (&number, axis) in short.iter().zip(words) {
        for (sum, coordinate) in closeness.iter_mut().zip(axis) {
            *sum += number * coordinate;
        }
    }
    let mut best = 0;
    for (word, value) in closeness.iter().enumerate() {
        if *value > closeness[best] {
            best = word;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::{COMMITTED, codebook, train_codebook};

    #[test]
    fn training_gives_the_committed_bytes() {
        assert!(train_codebook() == COMMITTED, "run the ignored test rewrites_the_codebook");
    }

    #[test]
    #[ignore = "writes src/codebook.bin"]
    fn rewrites_the_codebook() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/codebook.bin");
        std::fs::write(path, train_codebook()).unwrap();
    }

    #[test]
    fn every_word_is_its_own_nearest() {
        for word in 0..super::WORDS {
            let short = std::array::from_fn(|axis| codebook().coordinate(word, axis));
            assert_eq!(codebook().nearest(&short), word);
        }
    }
}
