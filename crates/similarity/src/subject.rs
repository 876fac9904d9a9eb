//! The parts of a picture that stand out from its page.

mod page;
#[cfg(test)]
mod tests;
mod things;

use crate::picture::{Picture, Region};
use page::Page;
use things::things;

/// All together smaller than this share of a side (1/8) is more likely a logo on an empty page.
const LEAST_SHARE: usize = 8;

/// What leaves less than this share of each side (1/32) free has a line around it, and no page.
const LINE_SHARE: usize = 32;

/// Lines around one another that are looked inside of; one that JPEG has blurred counts as several.
const LINES: usize = 5;

/// Beyond this many, things are taken for a pattern or a text, and not listed.
const MOST_THINGS: usize = 8;

/// The subjects of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subjects {
    /// The box around everything that stands out, compared in addition to the whole picture.
    pub all: Region,
    /// The boxes of things with page between them, the largest first; one equal to `all` where there
    /// is one thing, or more than eight.
    pub each: Vec<Region>,
}

/// Finds the box around all that stands out; `None` where nothing does.
///
/// The same as [`Subjects::all`] of [`find_subjects`], which describes the method.
///
/// ```
/// use imagesearch_similarity::{Picture, Region, find_subject};
///
/// let mut pixels = vec![255; 8 * 8 * 3];
/// pixels[(3 * 8 + 2) * 3] = 0;
/// pixels[(5 * 8 + 4) * 3] = 0;
/// let picture = Picture::from_rgb(8, 8, pixels).expect("64 pixels");
/// assert_eq!(find_subject(&picture), Some(Region { x1: 2, x2: 5, y1: 3, y2: 6 }));
/// ```
pub fn find_subject(picture: &Picture) -> Option<Region> {
    find_subjects(picture).map(|subjects| subjects.all)
}

/// Finds what stands out from a page of one colour; `None` where there is no page, or nothing on it.
///
/// There is no model of what a subject looks like. The most common colour along the edge counts as
/// the page's if at least half of the edge has it. Pixels of another colour are counted in cells,
/// some 64 along the longer side; cells that are filled to an eighth and touch, or have one cell
/// between them, are one thing. Single specks and things below 1/16 of both sides do not count, nor
/// do all together below 1/8 of a side. Where only a line around the picture would be cut off, it
/// is looked inside of that line.
///
/// ```
/// use imagesearch_similarity::{Picture, Region, find_subjects};
///
/// let mut pixels = vec![255; 40 * 10 * 3];
/// for row in pixels.chunks_exact_mut(40 * 3) {
///     row[5 * 3..20 * 3].fill(0);
///     row[30 * 3..35 * 3].fill(90);
/// }
/// let picture = Picture::from_rgb(40, 10, pixels).expect("400 pixels");
/// let subjects = find_subjects(&picture).expect("two bars on a white page");
/// assert_eq!(subjects.all, Region { x1: 5, x2: 35, y1: 0, y2: 10 });
/// assert_eq!(subjects.each[1], Region { x1: 30, x2: 35, y1: 0, y2: 10 });
/// ```
pub fn find_subjects(picture: &Picture) -> Option<Subjects> {
    let mut frame = picture.region();
    for _ in 0..LINES {
        let page = Page::around(picture, frame)?;
        let mut each = things(picture, frame, &page);
        let all = each.iter().copied().reduce(around_both)?;
        if !fills(all, frame) {
            if !(1..=MOST_THINGS).contains(&each.len()) {
                each = vec![all];
            }
            return is_large(all, frame).then_some(Subjects { all, each });
        }
        if all == frame {
            return None;
        }
        frame = all;
    }
    None
}

fn around_both(left: Region, right: Region) -> Region {
    Region {
        x1: left.x1.min(right.x1),
        x2: left.x2.max(right.x2),
        y1: left.y1.min(right.y1),
        y2: left.y2.max(right.y2),
    }
}

/// Returns whether a box leaves no more than a line free within another.
fn fills(inner: Region, outer: Region) -> bool {
    let is_line = |gap: usize, side: usize| gap * LINE_SHARE < side;
    is_line(inner.x1 - outer.x1, outer.x2 - outer.x1)
        && is_line(outer.x2 - inner.x2, outer.x2 - outer.x1)
        && is_line(inner.y1 - outer.y1, outer.y2 - outer.y1)
        && is_line(outer.y2 - inner.y2, outer.y2 - outer.y1)
}

fn is_large(inner: Region, outer: Region) -> bool {
    (inner.x2 - inner.x1) * LEAST_SHARE >= outer.x2 - outer.x1
        && (inner.y2 - inner.y1) * LEAST_SHARE >= outer.y2 - outer.y1
}
