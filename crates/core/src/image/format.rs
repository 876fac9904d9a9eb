//! Formats and their magic numbers.

use std::fmt;

use super::lookalike;
use super::read::ByteOrder;

/// The format of a picture file.
///
/// The service reads all of them except HEIC and AVIF. Phones write these two, so they are
/// recognised and refused by name.
///
/// ```
/// # use imagesearch_core::image::ImageFormat;
/// assert_eq!(ImageFormat::detect(b"GIF89a..."), Some(ImageFormat::Gif));
/// assert_eq!(ImageFormat::detect(b"hello"), None);
/// assert_eq!(ImageFormat::Webp.to_string(), "WebP");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ImageFormat {
    /// JPEG, the format of cameras.
    Jpeg,
    /// Portable Network Graphics.
    Png,
    /// Windows or OS/2 bitmap.
    Bmp,
    /// Graphics Interchange Format, still or animated.
    Gif,
    /// WebP, lossy, lossless or extended.
    Webp,
    /// Tagged Image File Format, also with 64-bit offsets.
    Tiff,
    /// Portable pixmap, as text (`P3`) or binary (`P6`).
    Ppm,
    /// HEIC or HEIF; the service refuses it.
    Heic,
    /// AVIF; the service refuses it.
    Avif,
}

impl ImageFormat {
    /// Detects the format from the first bytes of a file. Returns `None` if it is unknown.
    ///
    /// The file's name does not matter, and the rest may be damaged.
    pub fn detect(data: &[u8]) -> Option<Self> {
        match data {
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', ..] => Some(Self::Png),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Self::Tiff),
            [b'P', b'3' | b'6', next, ..] if next.is_ascii_whitespace() || *next == b'#' => {
                Some(Self::Ppm)
            }
            // Two letters are a weak sign: a text about a BMW starts with them too.
            [b'B', b'M', ..] if !lookalike::is_text(data) => Some(Self::Bmp),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => by_brand(data),
            _ => None,
        }
    }

    /// Returns the usual name, such as `JPEG`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Bmp => "BMP",
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Tiff => "TIFF",
            Self::Ppm => "PPM",
            Self::Heic => "HEIC",
            Self::Avif => "AVIF",
        }
    }

    /// Returns the media type, such as `image/jpeg`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Bmp => "image/bmp",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Tiff => "image/tiff",
            Self::Ppm => "image/x-portable-pixmap",
            Self::Heic => "image/heic",
            Self::Avif => "image/avif",
        }
    }
}

impl fmt::Display for ImageFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Distinguishes HEIC and AVIF, which share a container, by the brands of the first box.
///
/// AVIF files often lead with the general brand `mif1`, so AVIF is looked for in the whole list first.
fn by_brand(data: &[u8]) -> Option<ImageFormat> {
    let length = ByteOrder::Big.size(data, 0)?;
    let brands = data.get(8..length.min(data.len()))?;
    // The second word is the minor version; no version number spells a brand.
    let has = |names: &[&[u8]]| brands.chunks_exact(4).any(|brand| names.contains(&brand));
    if has(&[b"avif", b"avis"]) {
        Some(ImageFormat::Avif)
    } else if has(&[b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"]) {
        Some(ImageFormat::Heic)
    } else {
        None
    }
}
