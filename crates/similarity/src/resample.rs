//! Resizing in integer arithmetic, so that every machine gets the same pixels.

use crate::picture::Picture;

/// Longest side, in pixels, of the picture that descriptors are computed from.
pub(crate) const WORKING_SIDE: usize = 256;

/// Shortest side of it: a thread-like picture is stretched, so that it still holds a patch.
const LEAST_SIDE: usize = 32;

/// Weights of one output sample add up to this.
const ONE: u32 = 1 << 14;

/// Resizes a picture to the size that descriptors are computed from.
pub(crate) fn to_working_size(picture: &Picture) -> Picture {
    let (width, height) = sides_within(picture.width(), picture.height(), WORKING_SIDE);
    resize(picture, width, height)
}

/// Scales two sides so that the longer becomes `longest`.
pub(crate) fn sides_within(width: usize, height: usize, longest: usize) -> (usize, usize) {
    let long = width.max(height).max(1);
    let scaled = |side: usize| ((side * longest + long / 2) / long).max(LEAST_SIDE);
    (scaled(width), scaled(height))
}

/// Resizes a picture: averages areas when it shrinks, interpolates linearly when it grows.
pub(crate) fn resize(picture: &Picture, width: usize, height: usize) -> Picture {
    if (width, height) == (picture.width(), picture.height()) {
        return picture.clone();
    }
    let from = (picture.width(), picture.height());
    Picture::of(width, height, resize_plane::<3>(picture.pixels(), from, (width, height)))
}

/// Resizes interleaved samples with `CHANNELS` bytes a pixel.
pub(crate) fn resize_plane<const CHANNELS: usize>(
    samples: &[u8],
    from: (usize, usize),
    to: (usize, usize),
) -> Vec<u8> {
    let stride = from.0 * CHANNELS;
    let columns = taps(from.0, to.0);
    let mut sums = vec![0_u32; stride];
    let mut squeezed = vec![0_u32; stride];
    let mut resized = Vec::with_capacity(to.0 * to.1 * CHANNELS);
    // Rows are merged first: whole rows at a time is the form that the compiler vectorises.
    for row in taps(from.1, to.1) {
        sums.fill(0);
        for (source, &weight) in samples.chunks_exact(stride).skip(row.first).zip(&row.weights) {
            for (sum, &sample) in sums.iter_mut().zip(source) {
                *sum += weight * u32::from(sample);
            }
        }
        // Eight bits below the point are kept here, and rounded away only once at the end.
        for (kept, &sum) in squeezed.iter_mut().zip(&sums) {
            *kept = (sum + (1 << 5)) >> 6;
        }
        for column in &columns {
            let mut pixel = [1_u32 << 21; CHANNELS];
            let sources = squeezed.chunks_exact(CHANNELS).skip(column.first);
            for (source, &weight) in sources.zip(&column.weights) {
                for (sum, &sample) in pixel.iter_mut().zip(source) {
                    *sum += weight * sample;
                }
            }
            resized.extend(pixel.map(|sum| (sum >> 22) as u8));
        }
    }
    resized
}

/// The input samples that one output sample is made of; the weights add up to `ONE`.
struct Taps {
    first: usize,
    weights: Vec<u32>,
}

fn taps(from: usize, to: usize) -> Vec<Taps> {
    (0..to).map(|at| if to < from { area(at, from, to) } else { linear(at, from, to) }).collect()
}

/// Weighs each input sample by the share of the output sample that it covers.
fn area(at: usize, from: usize, to: usize) -> Taps {
    // In units of 1/to of an input sample, the output sample reaches from `start` to `end`.
    let (start, end) = (at * from, (at + 1) * from);
    let first = start / to;
    let last = (end - 1) / to;
    // Rounding the running total, and not each share, makes the weights add up.
    let total = |edge: usize| {
        let covered = edge.clamp(start, end) - start;
        ((covered as u64 * u64::from(ONE) * 2 + from as u64) / (2 * from as u64)) as u32
    };
    let weights = (first..=last).map(|at| total((at + 1) * to) - total(at * to)).collect();
    Taps { first, weights }
}

/// Interpolates between the two input samples around the middle of the output sample.
fn linear(at: usize, from: usize, to: usize) -> Taps {
    let middle = ((2 * at + 1) * from).saturating_sub(to);
    let first = (middle / (2 * to)).min(from - 1);
    if first + 1 == from {
        return Taps { first, weights: vec![ONE] };
    }
    let second = ((middle % (2 * to)) as u64 * u64::from(ONE) / (2 * to) as u64) as u32;
    Taps { first, weights: vec![ONE - second, second] }
}

#[cfg(test)]
mod tests {
    use super::{ONE, resize, resize_plane, sides_within, taps};
    use crate::picture::Picture;

    #[test]
    fn weights_always_add_up_and_stay_inside() {
        for from in [1, 2, 3, 7, 100, 255, 256, 257, 4096] {
            for to in [1, 2, 3, 32, 255, 256] {
                for tap in taps(from, to) {
                    assert_eq!(tap.weights.iter().sum::<u32>(), ONE, "{from} to {to}");
                    assert!(tap.first + tap.weights.len() <= from, "{from} to {to}");
                }
            }
        }
    }

    #[test]
    fn averages_areas_and_interpolates_between_samples() {
        let cases: [(&[u8], usize, &[u8]); 5] = [
            (&[0, 100, 200, 40], 2, &[50, 120]),
            (&[0, 90, 180], 2, &[30, 150]),
            (&[10, 20, 30], 1, &[20]),
            (&[0, 100], 4, &[0, 25, 75, 100]),
            (&[7], 3, &[7, 7, 7]),
        ];
        for (row, width, expected) in cases {
            assert_eq!(resize_plane::<1>(row, (row.len(), 1), (width, 1)), expected);
            assert_eq!(resize_plane::<1>(row, (1, row.len()), (1, width)), expected);
        }
    }

    #[test]
    fn keeps_a_flat_colour_at_every_size() {
        for (width, height) in [(1, 1), (300, 20), (33, 900)] {
            let flat = Picture::of(width, height, [255, 128, 1].repeat(width * height));
            for (to_width, to_height) in [(256, 256), (32, 200), (1, 1)] {
                let resized = resize(&flat, to_width, to_height);
                assert_eq!(resized.pixels(), [255, 128, 1].repeat(to_width * to_height));
            }
        }
    }

    #[test]
    fn keeps_the_shape_but_for_thin_pictures() {
        assert_eq!(sides_within(4000, 3000, 256), (256, 192));
        assert_eq!(sides_within(30, 60, 256), (128, 256));
        assert_eq!(sides_within(1, 4096, 256), (32, 256));
    }
}
