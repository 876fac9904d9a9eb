//! The colour of the page that a subject lies on.

use crate::picture::{Picture, Region};

/// How far a pixel of the page may differ from its colour in red, green and blue together.
const TOLERANCE: u32 = 30;

/// Levels of red, green and blue that are counted together along the edge: 16 of each.
const SHIFT: u32 = 4;

/// A page of one colour, but for noise.
pub(super) struct Page {
    colour: [u8; 3],
}

impl Page {
    /// Finds the most common colour along the edge of a frame; `None` if less than half has it.
    pub(super) fn around(picture: &Picture, frame: Region) -> Option<Self> {
        let edge = edge(picture, frame);
        let bin = |pixel: [u8; 3]| {
            pixel.iter().fold(0, |bin, part| bin << SHIFT | usize::from(part >> (8 - SHIFT)))
        };
        let mut counts = vec![0_u32; 1 << (3 * SHIFT)];
        for &pixel in &edge {
            counts[bin(pixel)] += 1;
        }
        // The first of equals, so that the same picture always has the same page.
        let most = counts.iter().copied().max()?;
        let commonest = counts.iter().position(|&count| count == most)?;
        let mut sums = [0_u32; 3];
        for pixel in edge.iter().filter(|pixel| bin(**pixel) == commonest) {
            for (sum, &part) in sums.iter_mut().zip(pixel) {
                *sum += u32::from(part);
            }
        }
        let page = Self { colour: sums.map(|sum| ((sum + most / 2) / most.max(1)) as u8) };
        let alike = edge.iter().filter(|pixel| !page.differs(pixel.as_slice())).count();
        (2 * alike >= edge.len()).then_some(page)
    }

    /// Returns whether a pixel differs from the page.
    pub(super) fn differs(&self, pixel: &[u8]) -> bool {
        let parts = pixel.iter().zip(self.colour);
        parts.map(|(left, right)| u32::from(left.abs_diff(right))).sum::<u32>() > TOLERANCE
    }
}

/// Returns the outermost pixels of a non-empty frame.
fn edge(picture: &Picture, frame: Region) -> Vec<[u8; 3]> {
    let Region { x1, x2, y1, y2 } = frame;
    let rows = [y1, y2 - 1].into_iter().flat_map(|y| (x1..x2).map(move |x| (x, y)));
    let columns = [x1, x2 - 1].into_iter().flat_map(|x| (y1..y2).map(move |y| (x, y)));
    rows.chain(columns).map(|(x, y)| picture.pixel(x, y)).collect()
}
