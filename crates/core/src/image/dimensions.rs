//! Width and height from the header, for all formats but JPEG.

use super::ImageFormat;
use super::read::ByteOrder::Little;

/// Reads width and height; `None` if the header is cut short or damaged.
pub(super) fn read(format: ImageFormat, data: &[u8]) -> Option<(u32, u32)> {
    match format {
        ImageFormat::Png => {
            data.starts_with(b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR").then(|| by_imagesize(data))?
        }
        ImageFormat::Webp => webp(data),
        ImageFormat::Bmp => bmp(data),
        ImageFormat::Ppm => ppm(data),
        _ => by_imagesize(data),
    }
}

fn by_imagesize(data: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(data).ok()?;
    Some((size.width.try_into().ok()?, size.height.try_into().ok()?))
}

/// Reads the first chunk of a WebP file.
///
/// In a lossy picture the two upper bits of each side are a scaling hint for viewers, which
/// `imagesize` leaves in.
fn webp(data: &[u8]) -> Option<(u32, u32)> {
    match data.get(12..16)? {
        b"VP8 " => by_imagesize(data).map(|(width, height)| (width & 0x3FFF, height & 0x3FFF)),
        b"VP8L" | b"VP8X" => by_imagesize(data),
        _ => None,
    }
}

/// Reads a bitmap header, told by its length.
///
/// `imagesize` knows neither the 12-byte header of OS/2 nor that a negative height means rows from
/// the top.
fn bmp(data: &[u8]) -> Option<(u32, u32)> {
    match Little.u32(data, 14)? {
        12 => {
            let width = Little.u16(data, 18)?;
            let height = Little.u16(data, 20)?;
            Some((width.into(), height.into()))
        }
        16..=256 => {
            let width = Little.u32(data, 18)?.cast_signed().unsigned_abs();
            let height = Little.u32(data, 22)?.cast_signed().unsigned_abs();
            Some((width, height))
        }
        _ => None,
    }
}

/// Reads the two numbers after the `P3` or `P6`.
///
/// `imagesize` loses the line after a comment of a single word.
fn ppm(data: &[u8]) -> Option<(u32, u32)> {
    let (width, rest) = ppm_number(data.get(2..)?)?;
    let (height, _) = ppm_number(rest)?;
    Some((width, height))
}

/// Reads a number between blanks and comments; the blank behind it tells that it is whole.
fn ppm_number(mut data: &[u8]) -> Option<(u32, &[u8])> {
    loop {
        data = data.trim_ascii_start();
        let Some(comment) = data.strip_prefix(b"#") else {
            break;
        };
        let end = comment.iter().position(|&byte| matches!(byte, b'\n' | b'\r'))?;
        data = comment.get(end..)?;
    }
    let end = data.iter().position(|byte| !byte.is_ascii_digit())?;
    let (digits, rest) = data.split_at_checked(end)?;
    let next = *rest.first()?;
    if !next.is_ascii_whitespace() && next != b'#' {
        return None;
    }
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}
