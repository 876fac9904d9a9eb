//! Limits of a service type, and the check against them.

use std::ops::RangeInclusive;

use super::{ImageFormat, ImageProblem, InspectError, inspect};

/// Holds what the service accepts as a picture; it differs by service type.
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

/// Lists all that is wrong with a picture file.
pub(super) fn check(data: &[u8], limits: &ImageLimits) -> Vec<ImageProblem> {
    let mut problems = Vec::new();
    let len = u64::try_from(data.len()).unwrap_or(u64::MAX);
    if len > limits.max_bytes {
        problems.push(ImageProblem::too_large(len, limits.max_bytes));
    }
    let allowed = |format: ImageFormat| limits.formats.contains(&format);
    match inspect(data) {
        Ok(info) => {
            if !allowed(info.format) {
                problems.push(ImageProblem::format(info.format, limits.formats));
            }
            let sides = limits.min_side..=limits.max_side;
            if !sides.contains(&info.width) || !sides.contains(&info.height) {
                problems.push(ImageProblem::pixels(info.width, info.height, limits));
            }
            if let Some(orientation) = info.orientation.filter(|found| !found.is_upright()) {
                problems.push(ImageProblem::orientation(orientation));
            }
        }
        // Limits that list the format know better than this crate, which only can't read it.
        Err(InspectError::Unsupported { format }) if allowed(format) => {}
        Err(InspectError::UnreadableHeader { format }) if !allowed(format) => {
            problems.push(ImageProblem::format(format, limits.formats));
        }
        Err(error) => problems.push(ImageProblem::unreadable(error)),
    }
    problems
}
