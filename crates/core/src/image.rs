//! Pictures to send, and checks of them before they are sent.
//!
//! The service refuses a picture only after it was uploaded. [`Image::check`] finds most of those
//! refusals beforehand, from the header alone and without decoding: size in bytes, format, width and
//! height, and a rotation left in the EXIF data.
//!
//! ```
//! # use imagesearch_core::image::{Image, ImageFormat, ImageLimits};
//! let formats = &[ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Ppm];
//! let limits = ImageLimits::new(4 * 1024 * 1024, 100..=4096, formats);
//! let narrow = Image::from_bytes(&b"P6 90 800 255\n"[..]);
//! let problems = narrow.check(&limits);
//! assert_eq!(problems.len(), 1);
//! assert_eq!(problems[0].code, "UnsupportedPicPixels");
//! assert_eq!(
//!     problems[0].to_string(),
//!     "picture is 90x800 pixels, each side must be 100 to 4096; scale it up"
//! );
//! ```

mod check;
mod dimensions;
mod exif;
#[cfg(test)]
mod fixtures;
mod format;
mod inspect;
mod jpeg;
mod limits;
mod lookalike;
mod orientation;
mod problem;
mod read;
#[cfg(test)]
mod tests;
mod url;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;

pub use self::format::ImageFormat;
pub use self::inspect::{ImageInfo, InspectError, inspect};
pub use self::limits::ImageLimits;
pub use self::orientation::Orientation;
pub use self::problem::{ImageProblem, ImageProblemKind};
pub(crate) use self::url::redact as redact_url;

/// A picture to send: its bytes, or a URL that the service fetches.
///
/// Cloning is cheap and copies no picture bytes. Creating an `Image` never fails and checks
/// nothing, so that a picture can be sent with validation switched off; [`Image::check`] finds what
/// the service would refuse. `Debug` shows kind, length, format and pixels, never the content, and
/// a URL without its query, which may contain a signature.
///
/// ```
/// # use imagesearch_core::image::{Image, ImageFormat};
/// let image = Image::from(b"P6 640 480 255\n".to_vec());
/// assert_eq!(image.len(), 15);
/// assert_eq!(image.format(), Some(ImageFormat::Ppm));
/// assert_eq!(
///     format!("{image:?}"),
///     "Image { kind: bytes, len: 15, format: PPM, pixels: 640x480 }"
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    source: Source,
}

#[derive(Clone, PartialEq, Eq)]
enum Source {
    Bytes(Bytes),
    Url(Arc<str>),
}

impl Image {
    /// Creates an image from the bytes of a picture file, in any format the service reads.
    ///
    /// ```
    /// # use imagesearch_core::image::Image;
    /// let image = Image::from_bytes(vec![0xFF, 0xD8, 0xFF]);
    /// assert_eq!(image.bytes().map(|bytes| bytes.len()), Some(3));
    /// assert_eq!(image.url(), None);
    /// ```
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        let source = Source::Bytes(bytes.into());
        Self { source }
    }

    /// Creates an image from a URL, which is sent unchanged; nothing is uploaded.
    ///
    /// The vendor documents uploaded files only: whether the service fetches other URLs is
    /// untested. The documented time limit for fetching is 5 seconds.
    ///
    /// ```
    /// # use imagesearch_core::image::Image;
    /// let image = Image::from_url("https://shop.example/1.jpg?sign=abc");
    /// assert_eq!(image.url(), Some("https://shop.example/1.jpg?sign=abc"));
    /// assert_eq!(
    ///     format!("{image:?}"),
    ///     r#"Image { kind: url, url: "https://shop.example/1.jpg?…" }"#
    /// );
    /// ```
    pub fn from_url(url: impl Into<String>) -> Self {
        let source = Source::Url(url.into().into());
        Self { source }
    }

    /// Returns the picture file, or `None` for a URL.
    pub fn bytes(&self) -> Option<&Bytes> {
        match &self.source {
            Source::Bytes(bytes) => Some(bytes),
            Source::Url(_) => None,
        }
    }

    /// Returns the URL, or `None` for bytes.
    pub fn url(&self) -> Option<&str> {
        match &self.source {
            Source::Bytes(_) => None,
            Source::Url(url) => Some(url),
        }
    }

    /// Returns the number of bytes to upload; 0 for a URL.
    pub fn len(&self) -> usize {
        self.bytes().map_or(0, Bytes::len)
    }

    /// Returns whether nothing is uploaded: the picture has no bytes, or is a URL.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the format, detected from the first bytes, or `None` for an unknown one or a URL.
    ///
    /// HEIC and AVIF are recognised although the service refuses them.
    pub fn format(&self) -> Option<ImageFormat> {
        ImageFormat::detect(self.bytes()?)
    }

    /// Reads format, width, height and orientation from the header.
    ///
    /// Returns `None` for a URL and for bytes that [`inspect`] cannot read; call it for the reason.
    pub fn info(&self) -> Option<ImageInfo> {
        inspect(self.bytes()?).ok()
    }

    /// Returns everything the service would refuse about this picture; empty if nothing.
    ///
    /// Of a URL only the form is checked: `http` or `https`, a host, no blanks.
    ///
    /// ```
    /// # use imagesearch_core::image::{Image, ImageFormat, ImageLimits};
    /// let limits = ImageLimits::new(16, 100..=4096, &[ImageFormat::Ppm]);
    /// assert!(Image::from_bytes(&b"P6 640 480 255\n"[..]).check(&limits).is_empty());
    ///
    /// let page = Image::from_bytes(&b"<!DOCTYPE html><p>Not found"[..]);
    /// let codes: Vec<_> = page.check(&limits).iter().map(|problem| problem.code).collect();
    /// assert_eq!(codes, ["InvalidPicContent", "UnsupportedPicFormat"]);
    /// ```
    pub fn check(&self, limits: &ImageLimits) -> Vec<ImageProblem> {
        match &self.source {
            Source::Bytes(bytes) => check::check(bytes, limits),
            Source::Url(url) => url::check(url).into_iter().collect(),
        }
    }
}

impl From<Bytes> for Image {
    fn from(bytes: Bytes) -> Self {
        Self::from_bytes(bytes)
    }
}

impl From<Vec<u8>> for Image {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from_bytes(bytes)
    }
}

impl From<&'static [u8]> for Image {
    fn from(bytes: &'static [u8]) -> Self {
        Self::from_bytes(bytes)
    }
}

/// Converts the result of `include_bytes!` without a copy.
impl<const N: usize> From<&'static [u8; N]> for Image {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::from_bytes(&bytes[..])
    }
}

impl fmt::Debug for Image {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Image");
        match &self.source {
            Source::Bytes(bytes) => {
                out.field("kind", &format_args!("bytes"));
                out.field("len", &bytes.len());
                match self.format() {
                    Some(format) => out.field("format", &format_args!("{format}")),
                    None => out.field("format", &format_args!("unknown")),
                };
                if let Some(info) = self.info() {
                    out.field("pixels", &format_args!("{}x{}", info.width, info.height));
                }
            }
            Source::Url(url) => {
                out.field("kind", &format_args!("url"));
                out.field("url", &url::redact(url));
            }
        }
        out.finish()
    }
}
