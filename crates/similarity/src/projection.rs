//! A fixed random projection of the long vector to a short one that keeps angles.

use crate::splitmix::SplitMix64;

/// Numbers of the short vector.
pub(crate) const SHORT: usize = 1024;

/// The long vector is padded with zeros to this; the transform needs a power of two.
const PADDED: usize = 4096;

/// Each stage flips signs at random and transforms; three mix any vector well.
const STAGES: usize = 3;

/// Fixes the signs. Another seed makes other descriptors: raise `DESCRIPTOR_VERSION` with it.
const SEED: u64 = 0x1ea5_e0f1_1a9e;

/// Projects a vector of at most 4096 numbers; its length is kept on average.
pub(crate) fn project(long: impl Iterator<Item = f32>) -> [f32; SHORT] {
    let mut numbers = vec![0.0_f32; PADDED];
    for (number, from) in numbers.iter_mut().zip(long) {
        *number = from;
    }
    let mut signs = SplitMix64::new(SEED);
    for _ in 0..STAGES {
        for block in numbers.chunks_exact_mut(64) {
            let bits = signs.next();
            for (at, number) in block.iter_mut().enumerate() {
                if bits >> at & 1 == 1 {
                    *number = -*number;
                }
            }
        }
        hadamard(&mut numbers);
    }
    // Of 4096 mixed numbers each quarter holds a quarter of the square of the length; twice the
    // first quarter has all of it. Powers of two lose no precision.
    std::array::from_fn(|at| numbers[at] * 2.0)
}

/// Transforms in place (Walsh-Hadamard), scaled so that lengths are kept.
fn hadamard(numbers: &mut [f32]) {
    let mut half = 1;
    while half < PADDED {
        for pair in numbers.chunks_exact_mut(2 * half) {
            let (left, right) = pair.split_at_mut(half);
            for (left, right) in left.iter_mut().zip(right) {
                (*left, *right) = (*left + *right, *left - *right);
            }
        }
        half *= 2;
    }
    for number in numbers {
        *number /= 64.0;
    }
}

#[cfg(test)]
mod tests {
    use super::{PADDED, hadamard, project};
    use crate::splitmix::SplitMix64;

    fn dot(left: &[f32], right: &[f32]) -> f32 {
        left.iter().zip(right).map(|(left, right)| left * right).sum()
    }

    fn random(seed: u64) -> Vec<f32> {
        let mut random = SplitMix64::new(seed);
        let numbers: Vec<f32> = (0..2960).map(|_| random.between(-99, 99) as f32).collect();
        let length = dot(&numbers, &numbers).sqrt();
        numbers.iter().map(|number| number / length).collect()
    }

    #[test]
    fn transforming_twice_gives_the_vector_back() {
        let mut numbers = vec![0.0; PADDED];
        numbers[5] = 3.0;
        hadamard(&mut numbers);
        assert!(numbers.iter().all(|number| number.abs() == 3.0 / 64.0));
        hadamard(&mut numbers);
        assert_eq!((numbers[5], dot(&numbers, &numbers)), (3.0, 9.0));
    }

    #[test]
    fn keeps_lengths_and_angles() {
        for seed in 0..20 {
            let (left, other) = (random(seed), random(seed + 100));
            // Halfway between two perpendicular vectors the cosine to each is 0.707.
            let middle: Vec<f32> = left.iter().zip(&other).map(|(a, b)| (a + b) / 1.414).collect();
            for (long, expected) in [(&left, 1.0), (&other, 0.0), (&middle, 0.707)] {
                let short = dot(&project(left.iter().copied()), &project(long.iter().copied()));
                assert!((short - expected).abs() < 0.13, "seed {seed}: {short} for {expected}");
            }
        }
    }
}
