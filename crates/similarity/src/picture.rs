//! Pictures in memory and rectangles in them.

use std::fmt;

/// A picture in memory: 8-bit RGB, row by row from the top left.
///
/// ```
/// use imagesearch_similarity::Picture;
///
/// let red = Picture::from_rgb(2, 1, vec![255, 0, 0, 255, 0, 0]).expect("two pixels of three bytes");
/// assert_eq!((red.width(), red.height()), (2, 1));
/// assert!(Picture::from_rgb(2, 2, vec![0; 11]).is_none());
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    /// Wraps pixels; `None` unless there are `width` x `height` x 3 bytes, and at least one pixel.
    pub fn from_rgb(width: usize, height: usize, pixels: Vec<u8>) -> Option<Self> {
        let expected = width.checked_mul(height)?.checked_mul(3)?;
        (expected > 0 && expected == pixels.len()).then_some(Self { width, height, pixels })
    }

    /// Wraps pixels whose number the caller has just computed from the sides.
    pub(crate) fn of(width: usize, height: usize, pixels: Vec<u8>) -> Self {
        debug_assert_eq!(pixels.len(), width * height * 3);
        Self { width, height, pixels }
    }

    /// Returns the width in pixels, at least 1.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Returns the height in pixels, at least 1.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Returns the bytes, three a pixel, row by row.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Returns one row of pixels; empty below the picture.
    pub(crate) fn row(&self, y: usize) -> &[u8] {
        let stride = self.width * 3;
        self.pixels.get(y * stride..(y + 1) * stride).unwrap_or_default()
    }

    /// Returns one pixel; black outside the picture.
    pub(crate) fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        match self.row(y).get(x * 3..x * 3 + 3) {
            Some(&[red, green, blue]) => [red, green, blue],
            _ => [0; 3],
        }
    }

    /// Returns the mirror image: left and right swapped.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let rows = self.pixels.chunks_exact(self.width * 3);
        let pixels = rows.flat_map(|row| row.chunks_exact(3).rev()).flatten().copied().collect();
        Self::of(self.width, self.height, pixels)
    }

    /// Crops to a region; `None` if it is empty or reaches outside the picture.
    pub fn cropped(&self, region: Region) -> Option<Self> {
        let Region { x1, x2, y1, y2 } = region;
        if x1 >= x2 || y1 >= y2 || x2 > self.width || y2 > self.height {
            return None;
        }
        let rows = (y1..y2).filter_map(|y| self.row(y).get(x1 * 3..x2 * 3));
        Some(Self::of(x2 - x1, y2 - y1, rows.flatten().copied().collect()))
    }

    /// Returns the region that is the whole picture.
    pub fn region(&self) -> Region {
        Region { x1: 0, x2: self.width, y1: 0, y2: self.height }
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Picture({}x{})", self.width, self.height)
    }
}

/// A rectangle of pixels: from `x1` up to, not including, `x2`; the same for `y1` and `y2`.
///
/// `Display` uses the order of the service's `Region`.
///
/// ```
/// use imagesearch_similarity::Region;
///
/// assert_eq!(Region { x1: 20, x2: 40, y1: 60, y2: 80 }.to_string(), "20,40,60,80");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Left edge in pixels.
    pub x1: usize,
    /// First column right of the region.
    pub x2: usize,
    /// Top edge in pixels.
    pub y1: usize,
    /// First row below the region.
    pub y2: usize,
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{},{},{},{}", self.x1, self.x2, self.y1, self.y2)
    }
}

#[cfg(test)]
mod tests {
    use super::{Picture, Region};

    fn numbered() -> Picture {
        Picture::from_rgb(3, 2, (0..18).collect()).unwrap()
    }

    #[test]
    fn refuses_sizes_that_do_not_match_the_bytes() {
        for (width, height, bytes) in
            [(0, 0, 0), (0, 5, 0), (1, 1, 4), (2, 1, 3), (usize::MAX, 3, 9)]
        {
            assert_eq!(Picture::from_rgb(width, height, vec![0; bytes]), None, "{width}x{height}");
        }
    }

    #[test]
    fn mirrors_pixels_and_not_bytes() {
        let mirrored = numbered().mirrored();
        assert_eq!(mirrored.pixels()[..9], [6, 7, 8, 3, 4, 5, 0, 1, 2]);
        assert_eq!(mirrored.mirrored(), numbered());
    }

    #[test]
    fn cuts_out_only_what_is_there() {
        let region = |x1, x2, y1, y2| Region { x1, x2, y1, y2 };
        let cut = numbered().cropped(region(1, 3, 1, 2)).unwrap();
        assert_eq!(cut.pixels(), [12, 13, 14, 15, 16, 17]);
        assert_eq!(numbered().cropped(numbered().region()), Some(numbered()));
        for bad in [region(1, 1, 0, 2), region(2, 1, 0, 2), region(0, 4, 0, 2), region(0, 3, 0, 3)]
        {
            assert_eq!(numbered().cropped(bad), None, "{bad}");
        }
    }

    #[test]
    fn debug_shows_no_pixels() {
        assert_eq!(format!("{:?}", numbered()), "Picture(3x2)");
    }
}
