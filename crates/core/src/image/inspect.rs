//! Reading format, size and orientation from a header.

use std::error::Error;
use std::fmt;

use super::{ImageFormat, Orientation, dimensions, exif, jpeg, lookalike};

/// The properties of a picture that its header contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageInfo {
    /// The format, detected from the first bytes.
    pub format: ImageFormat,
    /// Width of the stored pixels, before any rotation.
    pub width: u32,
    /// Height of the stored pixels, before any rotation.
    pub height: u32,
    /// The EXIF rotation tag, if there is one with a defined value.
    pub orientation: Option<Orientation>,
}

/// Reads format, width, height and orientation from the header of a picture.
///
/// Decodes nothing, copies nothing, and never panics whatever the bytes are. A picture whose header
/// is fine may still be damaged further on. The orientation is read from JPEG, PNG, WebP and TIFF
/// (there not from the variant with 64-bit offsets).
///
/// ```
/// # use imagesearch_core::image::{ImageFormat, InspectError, inspect};
/// let info = inspect(b"P6 # by hand\n640 480 255\n")?;
/// assert_eq!((info.format, info.width, info.height), (ImageFormat::Ppm, 640, 480));
///
/// let error = inspect(b"%PDF-1.7 ...").unwrap_err();
/// assert!(error.to_string().starts_with("file looks like a PDF document"));
/// # Ok::<(), InspectError>(())
/// ```
///
/// # Errors
///
/// There are no bytes, the file is not a picture or in a format that is only recognised, or the
/// header is cut short.
pub fn inspect(data: &[u8]) -> Result<ImageInfo, InspectError> {
    if data.is_empty() {
        return Err(InspectError::Empty);
    }
    let Some(format) = ImageFormat::detect(data) else {
        let looks_like = lookalike::name(data);
        return Err(InspectError::UnknownFormat { looks_like });
    };
    let (size, orientation) = match format {
        ImageFormat::Heic | ImageFormat::Avif => return Err(InspectError::Unsupported { format }),
        ImageFormat::Jpeg => {
            let header = jpeg::read(data);
            (header.size, header.exif.and_then(exif::orientation))
        }
        _ => {
            (dimensions::read(format, data), exif::block(format, data).and_then(exif::orientation))
        }
    };
    let (width, height) = size.ok_or(InspectError::UnreadableHeader { format })?;
    Ok(ImageInfo { format, width, height, orientation })
}

/// Why [`inspect`] cannot read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InspectError {
    /// There are no bytes.
    Empty,
    /// The first bytes do not match any known picture format.
    #[non_exhaustive]
    UnknownFormat {
        /// What they look like instead, with an article: `an HTML page`.
        looks_like: Option<&'static str>,
    },
    /// A format that is recognised but not read, as the service doesn't either.
    #[non_exhaustive]
    Unsupported {
        /// The format.
        format: ImageFormat,
    },
    /// The header is cut short or damaged, so that width and height can't be read.
    #[non_exhaustive]
    UnreadableHeader {
        /// The format, detected from the first bytes.
        format: ImageFormat,
    },
}

impl InspectError {
    /// Returns what the caller can do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Empty => "pass the content of a picture file",
            Self::UnknownFormat { looks_like } => {
                looks_like.map_or(lookalike::ANOTHER_FILE, lookalike::advice)
            }
            Self::Unsupported { .. } => "convert it to JPEG",
            Self::UnreadableHeader { .. } => "check that the file was read or downloaded whole",
        }
    }
}

impl fmt::Display for InspectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("picture is empty"),
            Self::UnknownFormat { looks_like: None } => {
                f.write_str("file is of no known picture format")
            }
            Self::UnknownFormat { looks_like: Some(what) } => {
                write!(f, "file looks like {what}, not a picture the service reads")
            }
            Self::Unsupported { format } => {
                write!(f, "picture is in {format} format, which the service does not read")
            }
            Self::UnreadableHeader { format } => {
                write!(f, "{format} header is cut short or damaged")
            }
        }
    }
}

impl Error for InspectError {}
