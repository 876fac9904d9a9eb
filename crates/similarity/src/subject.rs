//! The part of a picture that is not border.

use crate::picture::{Picture, Region};

/// How far a border pixel may differ from the corner in red, green and blue together.
const TOLERANCE: u32 = 30;

/// A subject smaller than this share of a side (1/8) is more likely a logo on an empty page.
const LEAST_SHARE: usize = 8;

/// Finds the box of the subject; `None` where nothing stands out.
///
/// What it knows is a page of one colour, of any shade, around the subject: the box is what is left
/// when that is trimmed. The colour of the top left corner is taken for the page's. A picture
/// without such a page, and one that is page nearly everywhere, has no subject. Two things side by
/// side are one subject.
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
    let corner = picture.pixel(0, 0);
    let differs = |pixel: &[u8]| {
        let distance = |(&left, right): (&u8, u8)| u32::from(left.abs_diff(right));
        pixel.iter().zip(corner).map(distance).sum::<u32>() > TOLERANCE
    };
    let mut subject = Region { x1: picture.width(), x2: 0, y1: picture.height(), y2: 0 };
    for y in 0..picture.height() {
        let mut pixels = picture.row(y).chunks_exact(3);
        if let Some(first) = pixels.position(differs) {
            let after_last = pixels.rposition(differs).map_or(first + 1, |last| first + 2 + last);
            subject.x1 = subject.x1.min(first);
            subject.x2 = subject.x2.max(after_last);
            subject.y1 = subject.y1.min(y);
            subject.y2 = y + 1;
        }
    }
    let is_subject =
        |from: usize, to: usize, side: usize| to > from && (to - from) * LEAST_SHARE >= side;
    let found = is_subject(subject.x1, subject.x2, picture.width())
        && is_subject(subject.y1, subject.y2, picture.height())
        && subject != picture.region();
    found.then_some(subject)
}

#[cfg(test)]
mod tests {
    use super::find_subject;
    use crate::picture::{Picture, Region};
    use crate::synthetic;

    fn framed(border: [u8; 3], inside: Region) -> Picture {
        let colour = |x, y| {
            let within = inside.x1 <= x && x < inside.x2 && inside.y1 <= y && y < inside.y2;
            if within { [200, 40, (x * y) as u8] } else { border }
        };
        let pixels = (0..30 * 40).flat_map(|at| colour(at % 40, at / 40)).collect();
        Picture::of(40, 30, pixels)
    }

    #[test]
    fn finds_the_subject_within_its_border() {
        for (x1, x2, y1, y2) in [(10, 30, 5, 25), (3, 40, 2, 30), (0, 40, 1, 30), (35, 40, 0, 30)] {
            let inside = Region { x1, x2, y1, y2 };
            for border in [[255; 3], [0; 3], [30, 90, 160]] {
                assert_eq!(find_subject(&framed(border, inside)), Some(inside), "{inside}");
            }
        }
    }

    #[test]
    fn takes_a_small_mark_for_no_subject() {
        let mark = framed([255; 3], Region { x1: 35, x2: 39, y1: 0, y2: 30 });
        assert_eq!(find_subject(&mark), None);
    }

    #[test]
    fn sees_nothing_in_flat_and_in_full_pictures() {
        for (width, height) in [(1, 1), (40, 30)] {
            let flat = Picture::of(width, height, vec![77; width * height * 3]);
            assert_eq!(find_subject(&flat), None);
        }
        let full = synthetic::picture(1);
        assert_eq!(find_subject(&full), None);
    }
}
