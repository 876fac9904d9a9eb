//! Dense patches of gradient directions at several scales.

use crate::picture::Picture;
use crate::resample::{resize_plane, sides_within};

/// Numbers of one patch: 4 x 4 cells of 8 directions.
pub(crate) const PATCH: usize = ACROSS * ROW;

/// Cells along a side of a patch.
const ACROSS: usize = 4;

const DIRECTIONS: usize = 8;

/// Numbers of one row of cells in a patch.
const ROW: usize = ACROSS * DIRECTIONS;

/// Side of a cell in pixels.
const CELL: usize = 4;

/// Longest sides of the copies that patches are taken from, each smaller by the square root of 2.
const SCALES: [usize; 4] = [256, 181, 128, 91];

/// Weights of a pixel's gradient over the cells around it add up to this.
const SHARES: u32 = 64;

/// A patch whose pixels differ less than this on average shows noise, not a shape. The unit is an
/// eighth of a grey level from one pixel to the next.
const LEAST_GRADIENT: u32 = 12;

/// Visits the patches of a picture, scale by scale, each a vector of length 1.
pub(crate) fn each_patch(picture: &Picture, mut visit: impl FnMut(&[f32; PATCH])) {
    let full = Plane::luma(picture);
    for longest in SCALES {
        let (width, height) = sides_within(full.width, full.height, longest);
        let cells = Cells::of(&full.resized(width, height));
        for top in 0..(cells.rows + 1).saturating_sub(ACROSS) {
            for left in 0..(cells.columns + 1).saturating_sub(ACROSS) {
                if let Some(patch) = cells.patch(left, top) {
                    visit(&patch);
                }
            }
        }
    }
}

/// Grey levels, row by row.
struct Plane {
    width: usize,
    height: usize,
    levels: Vec<u8>,
}

impl Plane {
    fn luma(picture: &Picture) -> Self {
        // The weights of BT.601 in parts of 256.
        let luma = |pixel: &[u8]| match pixel {
            &[red, green, blue] => {
                ((77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue) + 128) >> 8)
                    as u8
            }
            _ => 0,
        };
        let levels = picture.pixels().chunks_exact(3).map(luma).collect();
        Self { width: picture.width(), height: picture.height(), levels }
    }

    fn resized(&self, width: usize, height: usize) -> Self {
        let from = (self.width, self.height);
        let levels = resize_plane::<1>(&self.levels, from, (width, height));
        Self { width, height, levels }
    }
}

/// Gradient strength by direction in each cell of a plane.
struct Cells {
    columns: usize,
    rows: usize,
    sums: Vec<[u32; DIRECTIONS]>,
    roots: Vec<[f32; DIRECTIONS]>,
}

impl Cells {
    fn of(plane: &Plane) -> Self {
        let (columns, rows) = (plane.width / CELL, plane.height / CELL);
        // A border of one cell takes the shares that fall outside; it is never read.
        let stride = columns + 2;
        let mut sums = vec![[0_u32; DIRECTIONS]; stride * (rows + 2)];
        let at = |x: usize, y: usize| i32::from(plane.levels[y * plane.width + x]);
        for y in 1..(rows * CELL).min(plane.height - 1) {
            for x in 1..(columns * CELL).min(plane.width - 1) {
                let column = |x: usize| at(x, y - 1) + 2 * at(x, y) + at(x, y + 1);
                let row = |y: usize| at(x - 1, y) + 2 * at(x, y) + at(x + 1, y);
                let (right, down) = (column(x + 1) - column(x - 1), row(y + 1) - row(y - 1));
                if (right, down) == (0, 0) {
                    continue;
                }
                let [first, second] = directions(right, down);
                for (row, by_row) in shares(y) {
                    for (column, by_column) in shares(x) {
                        let cell = &mut sums[row * stride + column];
                        cell[first.0] += first.1 * by_row * by_column;
                        cell[second.0] += second.1 * by_row * by_column;
                    }
                }
            }
        }
        let inside = |row: usize| (row + 1) * stride + 1..(row + 1) * stride + 1 + columns;
        let sums: Vec<_> = (0..rows).flat_map(|row| sums[inside(row)].iter().copied()).collect();
        let roots = sums.iter().map(|cell| cell.map(|sum| (sum as f32).sqrt())).collect();
        Self { columns, rows, sums, roots }
    }

    /// Gathers the cells of a patch; `None` when the patch is flat.
    fn patch(&self, left: usize, top: usize) -> Option<[f32; PATCH]> {
        let start = |row: usize| (top + row) * self.columns + left;
        let mut total = 0;
        for row in 0..ACROSS {
            total += self.sums[start(row)..start(row) + ACROSS].iter().flatten().sum::<u32>();
        }
        let pixels = (ACROSS * CELL * ACROSS * CELL) as u32;
        if total < LEAST_GRADIENT * SHARES * pixels {
            return None;
        }
        // The square roots of shares that add up to 1 form a vector of length 1.
        let scale = 1.0 / (total as f32).sqrt();
        let mut patch = [0.0; PATCH];
        for (row, numbers) in patch.chunks_exact_mut(ROW).enumerate() {
            let cells = &self.roots[start(row)..start(row) + ACROSS];
            for (number, root) in numbers.iter_mut().zip(cells.as_flattened()) {
                *number = root * scale;
            }
        }
        Some(patch)
    }
}

/// Splits a gradient between the two of eight directions that enclose it.
///
/// The parts are its coordinates along those two directions, which needs no angle. 181/128 stands
/// for the square root of 2, the length of a diagonal step.
fn directions(right: i32, down: i32) -> [(usize, u32); 2] {
    let (across, along) = (right.unsigned_abs(), down.unsigned_abs());
    let axis = match (across >= along, right >= 0, down >= 0) {
        (true, true, _) => 0,
        (false, _, true) => 2,
        (true, false, _) => 4,
        (false, _, false) => 6,
    };
    let diagonal = match (right >= 0, down >= 0) {
        (true, true) => 1,
        (false, true) => 3,
        (false, false) => 5,
        (true, false) => 7,
    };
    let (long, short) = (across.max(along), across.min(along));
    [(axis, long - short), (diagonal, short * 181 / 128)]
}

/// Divides a pixel between the two cells whose middles enclose it, in eighths, counting the border.
fn shares(at: usize) -> [(usize, u32); 2] {
    let (cell, eighths) = (at / CELL + 1, 2 * (at % CELL) as u32 + 1);
    if eighths < 4 {
        [(cell - 1, 4 - eighths), (cell, 4 + eighths)]
    } else {
        [(cell, 12 - eighths), (cell + 1, eighths - 4)]
    }
}

#[cfg(test)]
mod tests {
    use super::{DIRECTIONS, PATCH, directions, each_patch, shares};
    use crate::picture::Picture;

    #[test]
    fn splits_gradients_between_the_enclosing_directions() {
        let cases = [
            ((10, 0), [(0, 10), (1, 0)]),
            ((10, 10), [(0, 0), (1, 14)]),
            ((0, 10), [(2, 10), (1, 0)]),
            ((-6, 10), [(2, 4), (3, 8)]),
            ((-10, 0), [(4, 10), (3, 0)]),
            ((-10, -4), [(4, 6), (5, 5)]),
            ((0, -10), [(6, 10), (7, 0)]),
            ((10, -4), [(0, 6), (7, 5)]),
        ];
        for ((right, down), expected) in cases {
            assert_eq!(directions(right, down), expected, "({right}, {down})");
        }
    }

    #[test]
    fn shares_every_pixel_fully_and_evenly() {
        for at in 0..40 {
            let [first, second] = shares(at);
            assert_eq!((first.1 + second.1, second.0), (8, first.0 + 1), "{at}");
        }
        assert_eq!([shares(4), shares(5), shares(6), shares(7)].map(|it| it[0].1), [3, 1, 7, 5]);
    }

    #[test]
    fn sees_the_direction_of_stripes() {
        let upright = |at: usize| if at % 16 < 8 { 40 } else { 200 };
        let pixels = (0..64 * 64).flat_map(|at| [upright(at % 64); 3]).collect();
        let picture = Picture::of(64, 64, pixels);
        let mut count = 0;
        each_patch(&picture, |patch| {
            count += 1;
            let square: f32 = patch.iter().map(|it| it * it).sum();
            assert!((square - 1.0).abs() < 1e-4, "{square}");
            let across: f32 = (0..PATCH / DIRECTIONS)
                .map(|cell| patch[cell * 8].powi(2) + patch[cell * 8 + 4].powi(2))
                .sum();
            assert!(across > 0.99, "{across}");
        });
        assert!(count > 100, "{count}");
    }

    #[test]
    fn finds_no_patch_in_a_flat_or_tiny_picture() {
        for (width, height) in [(256, 256), (1, 1), (3, 200)] {
            let flat = Picture::of(width, height, [90, 120, 200].repeat(width * height));
            each_patch(&flat, |_| panic!("{width}x{height} has no gradient"));
        }
    }
}
