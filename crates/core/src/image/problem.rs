//! Problems of a picture that the service would refuse.

use std::fmt;

use super::{ImageFormat, ImageLimits, InspectError, Orientation};

/// A problem of a picture, with the error code that the service would return.
///
/// `Display` writes message and advice: `picture is empty; pass the content of a picture file`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageProblem {
    /// The kind of the problem.
    pub kind: ImageProblemKind,
    /// The error code that the service most likely returns, such as `UnsupportedPicPixels`.
    pub code: &'static str,
    /// What was found, and the limit.
    pub message: String,
    /// What to do about it.
    pub advice: &'static str,
}

/// The kinds of problems of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ImageProblemKind {
    /// No bytes at all.
    Empty,
    /// More bytes than the service takes.
    TooLarge,
    /// No picture, or of a format the service doesn't read.
    Format,
    /// A header cut short or damaged.
    Unreadable,
    /// Width or height out of range.
    Pixels,
    /// A rotation in the EXIF data.
    Orientation,
    /// A URL the service can't fetch.
    Url,
}

impl fmt::Display for ImageProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.message, self.advice)
    }
}

impl ImageProblem {
    /// The file is longer than the limit.
    pub(super) fn too_large(len: u64, max: u64) -> Self {
        Self {
            kind: ImageProblemKind::TooLarge,
            code: "InvalidPicContent",
            message: format!("picture is {}, the limit is {}", Size(len), Size(max)),
            advice: "recompress or scale it down",
        }
    }

    /// The header could not be read.
    ///
    /// The service's response to a broken header is not documented. All texts of
    /// `InvalidPicContent` mention the length, so the code for the format is the better guess.
    pub(super) fn unreadable(error: InspectError) -> Self {
        let (kind, code) = match error {
            InspectError::Empty => (ImageProblemKind::Empty, "NoSpecifiedPicContent"),
            InspectError::UnreadableHeader { .. } => {
                (ImageProblemKind::Unreadable, "UnsupportedPicFormat")
            }
            _ => (ImageProblemKind::Format, "UnsupportedPicFormat"),
        };
        Self { kind, code, message: error.to_string(), advice: error.advice() }
    }

    /// The format is none of those the limits list.
    pub(super) fn format(format: ImageFormat, allowed: &[ImageFormat]) -> Self {
        let names: Vec<_> = allowed.iter().map(|format| format.as_str()).collect();
        let names = names.join(", ");
        Self {
            kind: ImageProblemKind::Format,
            code: "UnsupportedPicFormat",
            message: format!("picture is in {format} format, the service reads {names}"),
            advice: "convert it to JPEG",
        }
    }

    /// A side is too short or too long.
    pub(super) fn pixels(width: u32, height: u32, limits: &ImageLimits) -> Self {
        let (min, max) = (limits.min_side, limits.max_side);
        let (short, long) = (width.min(height), width.max(height));
        // Scaling the short side up to the minimum makes the long side long * min / short.
        let too_slim = u64::from(long) * u64::from(min) > u64::from(short) * u64::from(max);
        let advice = if too_slim {
            "crop or pad it, no scale fits both sides"
        } else if short < min {
            "scale it up"
        } else {
            "scale it down"
        };
        Self {
            kind: ImageProblemKind::Pixels,
            code: "UnsupportedPicPixels",
            message: format!(
                "picture is {width}x{height} pixels, each side must be {min} to {max}"
            ),
            advice,
        }
    }

    /// The EXIF data ask for a rotation.
    pub(super) fn orientation(orientation: Orientation) -> Self {
        Self {
            kind: ImageProblemKind::Orientation,
            code: "IncorrectOrientation",
            message: format!(
                "EXIF orientation is {orientation}, the service refuses rotated pictures"
            ),
            advice: "apply the rotation to the pixels and drop the tag",
        }
    }
}

/// Formats a number of bytes with thousands separators, and in MiB if it is a whole number.
struct Size(u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MIB: u64 = 1024 * 1024;
        let digits = self.0.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        f.write_str(" bytes")?;
        if self.0 >= MIB && self.0.is_multiple_of(MIB) {
            write!(f, " ({} MiB)", self.0 / MIB)?;
        }
        Ok(())
    }
}
