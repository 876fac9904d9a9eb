//! The part of a picture that is not border.

use super::picture::{Picture, Region};

/// How far a border pixel may differ from the corner in red, green and blue together.
const TOLERANCE: u32 = 30;

/// A subject smaller than this share of a side (1/8) is more likely a logo on an empty page.
const LEAST_SHARE: usize = 8;

/// Finds the region that a border of one colour leaves over.
///
/// The colour of the top left corner is taken for the border's. A picture without such a border,
/// and one that is border nearly everywhere, is returned whole.
///
/// ```
/// use imagesearch_emulator::similarity::{Picture, Region, trim_uniform_border};
///
/// let mut pixels = vec![255; 8 * 8 * 3];
/// pixels[(3 * 8 + 2) * 3] = 0;
/// pixels[(5 * 8 + 4) * 3] = 0;
/// let picture = Picture::from_rgb(8, 8, pixels).expect("64 pixels");
/// assert_eq!(trim_uniform_border(&picture), Region { x1: 2, x2: 5, y1: 3, y2: 6 });
/// ```
pub fn trim_uniform_border(picture: &Picture) -> Region {
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
    if is_subject(subject.x1, subject.x2, picture.width())
        && is_subject(subject.y1, subject.y2, picture.height())
    {
        subject
    } else {
        picture.region()
    }
}

#[cfg(test)]
mod tests {
    use super::super::picture::{Picture, Region};
    use super::trim_uniform_border;

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
                assert_eq!(trim_uniform_border(&framed(border, inside)), inside, "{inside}");
            }
        }
    }

    #[test]
    fn takes_a_small_mark_for_no_subject() {
        let mark = framed([255; 3], Region { x1: 35, x2: 39, y1: 0, y2: 30 });
        assert_eq!(trim_uniform_border(&mark), mark.region());
    }

    #[test]
    fn returns_flat_pictures_whole() {
        for (width, height) in [(1, 1), (40, 30)] {
            let flat = Picture::of(width, height, vec![77; width * height * 3]);
            assert_eq!(trim_uniform_border(&flat), flat.region());
        }
    }
}
