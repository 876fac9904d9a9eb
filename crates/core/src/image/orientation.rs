//! How a picture's pixels must be turned to stand upright.

use std::fmt;

/// How a viewer must turn the stored pixels: the EXIF value 1 to 8.
///
/// The service refuses every value but 1, and accepts a picture without the tag.
///
/// ```
/// # use imagesearch_core::image::Orientation;
/// let tilted = Orientation::new(6).unwrap();
/// assert!(!tilted.is_upright());
/// assert_eq!(tilted.to_string(), "6 (rotate 90° clockwise)");
/// assert_eq!(Orientation::new(9), None);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Orientation(u8);

impl Orientation {
    /// Creates an orientation from an EXIF value; `None` unless it is 1 to 8.
    pub const fn new(value: u8) -> Option<Self> {
        match value {
            1..=8 => Some(Self(value)),
            _ => None,
        }
    }

    /// Returns the EXIF value, 1 to 8.
    pub const fn value(self) -> u8 {
        self.0
    }

    /// Returns whether the pixels are stored the way they are meant to be seen.
    pub const fn is_upright(self) -> bool {
        self.0 == 1
    }

    /// Returns what a viewer does to the pixels.
    const fn transformation(self) -> &'static str {
        match self.0 {
            2 => "mirror left to right",
            3 => "rotate 180°",
            4 => "mirror top to bottom",
            5 => "mirror left to right, then rotate 270° clockwise",
            6 => "rotate 90° clockwise",
            7 => "mirror left to right, then rotate 90° clockwise",
            8 => "rotate 270° clockwise",
            _ => "upright",
        }
    }
}

impl fmt::Display for Orientation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.0, self.transformation())
    }
}
