//! VLAD: what the patches of a picture have in common with, and beyond, the words of a codebook.

use crate::codebook::{AXES, WORDS, codebook};
use crate::gradient_patches::each_patch;
use crate::picture::Picture;

/// Computes the vector, 64 words of 32 numbers: of length 1, or all zero for a picture without any feature.
pub(crate) fn vlad(picture: &Picture) -> Vec<f32> {
    let codebook = codebook();
    let mut sums = vec![[0.0_f32; AXES]; WORDS];
    let mut members = [0.0_f32; WORDS];
    each_patch(picture, |patch| {
        let short = codebook.shorten(patch);
        let word = codebook.nearest(&short);
        members[word] += 1.0;
        for (sum, number) in sums[word].iter_mut().zip(&short) {
            *sum += number;
        }
    });
    for (word, sums) in sums.iter_mut().enumerate() {
        for (axis, sum) in sums.iter_mut().enumerate() {
            *sum = signed_root(*sum - members[word] * codebook.coordinate(word, axis));
        }
        // Each word counts alike, or the commonest texture of the picture would decide.
        normalise(sums);
    }
    let mut vector = sums.as_flattened().to_vec();
    normalise(&mut vector);
    vector
}

/// Keeps one number, where patches repeat themselves, from outshouting the others of its word.
fn signed_root(number: f32) -> f32 {
    if number < 0.0 { -(-number).sqrt() } else { number.sqrt() }
}

/// Scales a vector to length 1; a zero vector stays.
fn normalise(vector: &mut [f32]) {
    let mut square = 0.0;
    for number in vector.iter() {
        square += number * number;
    }
    if square > 0.0 {
        let scale = 1.0 / square.sqrt();
        for number in vector {
            *number *= scale;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::vlad;
    use crate::picture::Picture;
    use crate::{resample::to_working_size, synthetic};

    #[test]
    fn is_a_unit_vector_of_2048_numbers() {
        let vector = vlad(&to_working_size(&synthetic::picture(1)));
        assert_eq!(vector.len(), 2048);
        let square: f32 = vector.iter().map(|part| part * part).sum();
        assert!((square - 1.0).abs() < 1e-4, "{square}");
    }

    #[test]
    fn is_zero_for_a_flat_picture() {
        let flat = Picture::of(256, 200, [10, 200, 90].repeat(256 * 200));
        assert!(vlad(&flat).iter().all(|&part| part == 0.0));
    }
}
