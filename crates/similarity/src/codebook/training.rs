//! Learns the codebook from procedurally generated pictures.
//!
//! No photo, and no licence with it, enters the table; and since every step uses only addition,
//! multiplication, division and square roots in a fixed order, every machine learns the same one.

use super::{AXES, SCALE, WORDS, half_squares, nearest};
use crate::gradient_patches::{PATCH, each_patch};
use crate::resample::to_working_size;
use crate::synthetic;

/// Pictures to learn from; their seeds are out of the way of the small ones that tests use.
const PICTURES: u64 = 96;
const FIRST_SEED: u64 = 0xc0de_b00c;

/// One in so many patches is kept.
const SAMPLING: usize = 29;

const SUBSPACE_ROUNDS: usize = 24;
const CLUSTERING_ROUNDS: usize = 12;

/// Learns the codebook and packs it as it is committed.
///
/// The test that compares its result with the committed table is what keeps the two in step.
pub fn train_codebook() -> Vec<u8> {
    let patches = sample();
    let axes = principal_axes(&patches);
    let shorts: Vec<_> = patches.iter().map(|patch| shorten(patch, &axes)).collect();
    let words = cluster(&shorts);
    let by_number = (0..PATCH).flat_map(|at| axes.iter().map(move |axis| axis[at]));
    by_number.chain(words.into_iter().flatten()).flat_map(pack).collect()
}

fn pack(number: f32) -> [u8; 2] {
    let scaled = number * SCALE;
    let half = if scaled < 0.0 { -0.5 } else { 0.5 };
    // The cast cuts towards zero and saturates.
    ((scaled + half) as i16).to_le_bytes()
}

fn sample() -> Vec<[f32; PATCH]> {
    let mut patches = Vec::new();
    let mut count = 0_usize;
    for seed in FIRST_SEED..FIRST_SEED + PICTURES {
        each_patch(&to_working_size(&synthetic::picture(seed)), |patch| {
            if count.is_multiple_of(SAMPLING) {
                patches.push(*patch);
            }
            count += 1;
        });
    }
    patches
}

/// Finds the axes along which patches differ most, by subspace iteration on their covariance.
fn principal_axes(patches: &[[f32; PATCH]]) -> Vec<[f32; PATCH]> {
    let covariance = covariance(patches);
    // Starting from coordinates spread over cells and directions reaches the subspace quickly.
    let mut axes: Vec<[f32; PATCH]> = (0..AXES)
        .map(|axis| std::array::from_fn(|at| if at % AXES == axis { 1.0 } else { 0.1 }))
        .collect();
    for _ in 0..SUBSPACE_ROUNDS {
        for axis in &mut axes {
            *axis = times(&covariance, axis);
        }
        orthonormalise(&mut axes);
    }
    axes
}

fn covariance(patches: &[[f32; PATCH]]) -> Vec<[f32; PATCH]> {
    let share = 1.0 / patches.len().max(1) as f32;
    let mut mean = [0.0; PATCH];
    for patch in patches {
        for (sum, number) in mean.iter_mut().zip(patch) {
            *sum += number * share;
        }
    }
    let mut covariance = vec![[0.0; PATCH]; PATCH];
    for patch in patches {
        let centred: [f32; PATCH] = std::array::from_fn(|at| patch[at] - mean[at]);
        for (row, left) in covariance.iter_mut().zip(&centred) {
            for (sum, right) in row.iter_mut().zip(&centred) {
                *sum += left * right * share;
            }
        }
    }
    covariance
}

/// Multiplies a symmetric matrix with a vector, column by column.
fn times(matrix: &[[f32; PATCH]], vector: &[f32; PATCH]) -> [f32; PATCH] {
    let mut product = [0.0; PATCH];
    for (row, &factor) in matrix.iter().zip(vector) {
        for (sum, number) in product.iter_mut().zip(row) {
            *sum += number * factor;
        }
    }
    product
}

/// Makes axes perpendicular and of length 1, each to all before it.
fn orthonormalise(axes: &mut [[f32; PATCH]]) {
    for at in 0..axes.len() {
        let (done, rest) = axes.split_at_mut(at);
        let Some(axis) = rest.first_mut() else { return };
        for before in done {
            let overlap = dot(axis, before);
            for (number, other) in axis.iter_mut().zip(before.iter()) {
                *number -= overlap * other;
            }
        }
        let length = dot(axis, axis).sqrt();
        for number in axis.iter_mut() {
            *number /= length.max(1e-20);
        }
    }
}

fn dot(left: &[f32; PATCH], right: &[f32; PATCH]) -> f32 {
    let mut sum = 0.0;
    for (left, right) in left.iter().zip(right) {
        sum += left * right;
    }
    sum
}

fn shorten(patch: &[f32; PATCH], axes: &[[f32; PATCH]]) -> [f32; AXES] {
    std::array::from_fn(|axis| dot(patch, &axes[axis]))
}

/// Finds words by Lloyd's algorithm, stored axis by axis.
fn cluster(shorts: &[[f32; AXES]]) -> Vec<[f32; WORDS]> {
    let stride = (shorts.len() / WORDS).max(1);
    let mut words = vec![[0.0; WORDS]; AXES];
    for (word, short) in shorts.iter().step_by(stride).take(WORDS).enumerate() {
        for (axis, number) in words.iter_mut().zip(short) {
            axis[word] = *number;
        }
    }
    for _ in 0..CLUSTERING_ROUNDS {
        let halves = half_squares(&words);
        let mut sums = vec![[0.0_f32; WORDS]; AXES];
        let mut members = [0_u32; WORDS];
        for short in shorts {
            let word = nearest(short, &words, &halves);
            members[word] += 1;
            for (axis, number) in sums.iter_mut().zip(short) {
                axis[word] += number;
            }
        }
        for (axis, sums) in words.iter_mut().zip(&sums) {
            for word in (0..WORDS).filter(|&word| members[word] > 0) {
                axis[word] = sums[word] / members[word] as f32;
            }
        }
    }
    words
}
