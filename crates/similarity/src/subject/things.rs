//! Things on a page: connected parts with another colour.

use std::cmp::Reverse;

use super::page::Page;
use crate::picture::{Picture, Region};

/// Cells along the longer side of a frame.
const CELLS: usize = 64;

/// A cell is filled when this share of its pixels (1/8) is not of the page.
const FILLED_SHARE: usize = 8;

/// How far apart in cells the filled cells of one thing may be; 2 leaves one between them.
const REACH: usize = 2;

/// A thing below this share of both sides (1/16) is a mark or a speck.
const LEAST_SHARE: usize = 16;

/// Less of a line (1/64) is specks.
const SPECK_SHARE: usize = 64;

/// Finds the boxes of things within a frame, the largest first.
pub(super) fn things(picture: &Picture, frame: Region, page: &Page) -> Vec<Region> {
    let mut grid = Grid::of(picture, frame, page);
    let mut boxes = Vec::new();
    while let Some(cells) = grid.take_thing() {
        boxes.extend(tightened(picture, grid.pixels_around(cells), page));
    }
    let enough = |length: usize, side: usize| length * LEAST_SHARE >= side;
    boxes.retain(|it| {
        enough(it.x2 - it.x1, frame.x2 - frame.x1) || enough(it.y2 - it.y1, frame.y2 - frame.y1)
    });
    boxes.sort_by_key(|it| (Reverse((it.x2 - it.x1) * (it.y2 - it.y1)), it.y1, it.x1));
    boxes
}

/// Which cells of a frame are filled.
struct Grid {
    frame: Region,
    /// The side of a cell in pixels; those at the right and at the bottom may be cut.
    cell: usize,
    columns: usize,
    filled: Vec<bool>,
}

impl Grid {
    fn of(picture: &Picture, frame: Region, page: &Page) -> Self {
        let (width, height) = (frame.x2 - frame.x1, frame.y2 - frame.y1);
        let cell = width.max(height).div_ceil(CELLS);
        let columns = width.div_ceil(cell);
        let mut filled = Vec::with_capacity(columns * height.div_ceil(cell));
        for top in (frame.y1..frame.y2).step_by(cell) {
            let mut counts = vec![(0, 0); columns];
            for y in top..(top + cell).min(frame.y2) {
                let row = &picture.row(y)[frame.x1 * 3..frame.x2 * 3];
                for ((other, all), pixels) in counts.iter_mut().zip(row.chunks(cell * 3)) {
                    *other += pixels.chunks_exact(3).filter(|pixel| page.differs(pixel)).count();
                    *all += pixels.len() / 3;
                }
            }
            filled.extend(counts.iter().map(|(other, all)| other * FILLED_SHARE >= *all));
        }
        Self { frame, cell, columns, filled }
    }

    /// Removes the cells of one thing and returns their bounding box, in cells.
    fn take_thing(&mut self) -> Option<Region> {
        let first = self.filled.iter().position(|&filled| filled)?;
        let rows = self.filled.len() / self.columns;
        let mut cells = Region { x1: self.columns, x2: 0, y1: rows, y2: 0 };
        self.filled[first] = false;
        let mut waiting = vec![first];
        while let Some(at) = waiting.pop() {
            let (x, y) = (at % self.columns, at / self.columns);
            cells.x1 = cells.x1.min(x);
            cells.x2 = cells.x2.max(x + 1);
            cells.y1 = cells.y1.min(y);
            cells.y2 = cells.y2.max(y + 1);
            for row in y.saturating_sub(REACH)..(y + REACH + 1).min(rows) {
                for column in x.saturating_sub(REACH)..(x + REACH + 1).min(self.columns) {
                    let near = row * self.columns + column;
                    if std::mem::take(&mut self.filled[near]) {
                        waiting.push(near);
                    }
                }
            }
        }
        Some(cells)
    }

    /// Returns the pixels of some cells and of those around them, where a thing may reach into.
    fn pixels_around(&self, cells: Region) -> Region {
        let start = |cell: usize, from: usize| from + cell.saturating_sub(1) * self.cell;
        let end = |cell: usize, from: usize, to: usize| (from + (cell + 1) * self.cell).min(to);
        Region {
            x1: start(cells.x1, self.frame.x1),
            x2: end(cells.x2, self.frame.x1, self.frame.x2),
            y1: start(cells.y1, self.frame.y1),
            y2: end(cells.y2, self.frame.y1, self.frame.y2),
        }
    }
}

/// Cuts off the lines that are page, but for specks.
fn tightened(picture: &Picture, around: Region, page: &Page) -> Option<Region> {
    let mut columns = vec![0_usize; around.x2 - around.x1];
    let mut rows = vec![0_usize; around.y2 - around.y1];
    for (y, in_row) in (around.y1..).zip(&mut rows) {
        let pixels = picture.row(y)[around.x1 * 3..around.x2 * 3].chunks_exact(3);
        for (pixel, in_column) in pixels.zip(&mut columns) {
            let differs = usize::from(page.differs(pixel));
            *in_row += differs;
            *in_column += differs;
        }
    }
    let ends = |counts: &[usize], length: usize| {
        let belongs = |count: &usize| *count > 0 && count * SPECK_SHARE >= length;
        let first = counts.iter().position(belongs)?;
        Some((first, counts.iter().rposition(belongs)? + 1))
    };
    let (left, right) = ends(&columns, rows.len())?;
    let (top, bottom) = ends(&rows, columns.len())?;
    let Region { x1, y1, .. } = around;
    Some(Region { x1: x1 + left, x2: x1 + right, y1: y1 + top, y2: y1 + bottom })
}
