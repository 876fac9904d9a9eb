//! Decodes the bytes of a file into a picture, within limits.

use std::fmt;
use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use image::error::{ImageError, LimitErrorKind};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use crate::picture::Picture;

/// Limits that are checked before any pixel is decoded.
///
/// The limits of the API itself (sides, file size) are checked elsewhere; these protect the
/// memory of the process from a small file that claims to be a huge picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeLimits {
    /// The maximum side in pixels; 16,384 by default.
    pub max_side: u32,
    /// The maximum width times height in pixels; 40 million by default.
    pub max_pixels: u64,
}

impl Default for DecodeLimits {
    fn default() -> Self {
        Self { max_side: 16_384, max_pixels: 40_000_000 }
    }
}

/// Above this size in decoded bytes, pictures are decoded one at a time.
const MANY_BYTES: u64 = 64 * 1024 * 1024;

/// Held while such a picture is decoded.
static TURN: Mutex<()> = Mutex::new(());

/// Decodes a picture and rotates it by its EXIF orientation.
///
/// JPEG, PNG, BMP, GIF (first frame), WebP (first frame), TIFF (first page) and PNM are detected by
/// their first bytes, not by the file's name. Transparent pixels are blended over white. Pictures
/// that decode to more than 64 MiB, such as some with 16 bits per channel, are decoded one at a
/// time in a process, to bound memory.
///
/// ```
/// use imagesearch_similarity::{DecodeLimits, decode};
///
/// let two_pixels = b"P6 2 1 255\n\xff\0\0\0\0\xff";
/// let picture = decode(two_pixels, DecodeLimits::default())?;
/// assert_eq!(picture.pixels(), [255, 0, 0, 0, 0, 255]);
/// # Ok::<(), imagesearch_similarity::DecodeError>(())
/// ```
///
/// # Errors
///
/// [`DecodeError::Unsupported`] for bytes of no known format, [`DecodeError::TooLarge`] beyond the
/// limits, [`DecodeError::Broken`] when the file is cut short or damaged.
pub fn decode(bytes: &[u8], limits: DecodeLimits) -> Result<Picture, DecodeError> {
    let format = image::guess_format(bytes).map_err(|_| DecodeError::Unsupported)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits.for_decoder());
    let mut decoder = reader.into_decoder().map_err(|error| explain(&error, format, limits))?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > limits.max_side
        || u64::from(width) * u64::from(height) > limits.max_pixels
    {
        return Err(DecodeError::TooLarge { sides: Some((width, height)), limits });
    }
    // The lock protects no data, so a panic cannot leave any half-written.
    let take_turn = || TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let _turn = (decoder.total_bytes() > MANY_BYTES).then(take_turn);
    // Damaged EXIF data is ignored if the pixels are fine.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image =
        DynamicImage::from_decoder(decoder).map_err(|error| explain(&error, format, limits))?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width() as usize, image.height() as usize);
    let pixels =
        if image.color().has_alpha() { over_white(&image) } else { image.into_rgb8().into_raw() };
    Picture::from_rgb(width, height, pixels).ok_or_else(|| DecodeError::Broken {
        format: name(format),
        detail: "it has no pixels".to_owned(),
    })
}

/// Why a picture was not decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The format is not supported.
    Unsupported,
    /// The picture is larger than the limits allow.
    TooLarge {
        /// Width and height in pixels, if the header has them.
        sides: Option<(u32, u32)>,
        /// The limits that applied.
        limits: DecodeLimits,
    },
    /// The file is cut short, damaged, or uses an unsupported variant of its format.
    Broken {
        /// The name of the format, by the first bytes.
        format: &'static str,
        /// The message of the decoder.
        detail: String,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported => f.write_str(
                "picture has an unknown format; send JPEG, PNG, BMP, GIF, WebP, TIFF or PNM",
            ),
            Self::TooLarge { sides, limits } => {
                let DecodeLimits { max_side, max_pixels } = limits;
                match sides {
                    Some((width, height)) => write!(f, "picture of {width}x{height} pixels")?,
                    None => f.write_str("picture")?,
                }
                write!(
                    f,
                    " is larger than {max_side} pixels a side or {max_pixels} pixels in all; \
                     scale it down"
                )
            }
            Self::Broken { format, detail } => write!(
                f,
                "picture starts like {format} but cannot be decoded: {detail}; save it again"
            ),
        }
    }
}

impl std::error::Error for DecodeError {}

impl DecodeLimits {
    /// Sixteen bytes a pixel hold RGBA as 32-bit floats, the most that a supported format decodes
    /// to; the constant leaves room for tables of small files.
    fn for_decoder(self) -> image::Limits {
        let mut limits = image::Limits::no_limits();
        limits.max_image_width = Some(self.max_side);
        limits.max_image_height = Some(self.max_side);
        limits.max_alloc = Some(self.max_pixels.saturating_mul(16).saturating_add(1 << 20));
        limits
    }
}

fn explain(error: &ImageError, format: ImageFormat, limits: DecodeLimits) -> DecodeError {
    match error {
        ImageError::Limits(limit)
            if matches!(
                limit.kind(),
                LimitErrorKind::DimensionError | LimitErrorKind::InsufficientMemory
            ) =>
        {
            DecodeError::TooLarge { sides: None, limits }
        }
        // `guess_format` also recognises formats whose decoders are not compiled in.
        _ if !format.reading_enabled() => DecodeError::Unsupported,
        _ => DecodeError::Broken { format: name(format), detail: error.to_string() },
    }
}

fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Png => "PNG",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Gif => "GIF",
        ImageFormat::WebP => "WebP",
        ImageFormat::Tiff => "TIFF",
        ImageFormat::Pnm => "PNM",
        _ => "a picture",
    }
}

fn over_white(image: &DynamicImage) -> Vec<u8> {
    /// The number of rows to convert at a time, so that no second copy of a large picture is in
    /// memory.
    const ROWS: u32 = 64;

    let (width, height) = (image.width(), image.height());
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for top in (0..height).step_by(ROWS as usize) {
        let strip = image.crop_imm(0, top, width, ROWS.min(height - top)).into_rgba8();
        for &image::Rgba([red, green, blue, alpha]) in strip.pixels() {
            let alpha = u32::from(alpha);
            let blend =
                |part: u8| ((u32::from(part) * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
            pixels.extend([blend(red), blend(green), blend(blue)]);
        }
    }
    pixels
}

#[cfg(test)]
mod tests;
