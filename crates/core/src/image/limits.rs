//! Limits of a service type.

use std::ops::RangeInclusive;

use super::ImageFormat;

/// The limits of the service for pictures, which depend on the service type.
///
/// All bounds are inclusive: a documented "under 4096 pixels" is a `max_side` of 4095.
///
/// ```
/// # use imagesearch_core::image::{ImageFormat, ImageLimits};
/// const FABRIC: ImageLimits =
///     ImageLimits::new(4 * 1024 * 1024, 448..=4096, &[ImageFormat::Jpeg, ImageFormat::Png]);
/// assert_eq!(FABRIC.min_side, 448);
/// assert!(FABRIC.formats.contains(&ImageFormat::Png));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageLimits {
    /// Most bytes of the file.
    pub max_bytes: u64,
    /// Fewest pixels of either side.
    pub min_side: u32,
    /// Most pixels of either side.
    pub max_side: u32,
    /// The formats the service reads.
    pub formats: &'static [ImageFormat],
}

impl ImageLimits {
    /// Takes the most bytes of a file, the pixels that either side may have, and the formats.
    pub const fn new(
        max_bytes: u64,
        sides: RangeInclusive<u32>,
        formats: &'static [ImageFormat],
    ) -> Self {
        Self { max_bytes, min_side: *sides.start(), max_side: *sides.end(), formats }
    }
}
