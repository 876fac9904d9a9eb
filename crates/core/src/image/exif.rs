//! The rotation tag of EXIF data.
//!
//! EXIF is a small TIFF file wrapped into the picture: byte order, then the offset of a directory,
//! whose entries are 12 bytes each: tag, type, count, value.

use super::read::ByteOrder;
use super::{ImageFormat, Orientation};

const ORIENTATION: u16 = 0x0112;

/// Finds the EXIF block of a PNG, WebP or TIFF file; a TIFF file is one itself.
pub(super) fn block(format: ImageFormat, data: &[u8]) -> Option<&[u8]> {
    match format {
        ImageFormat::Png => png_chunk(data, b"eXIf"),
        ImageFormat::Webp => {
            let block = riff_chunk(data, b"EXIF")?;
            // Some writers leave the prefix of JPEG files in.
            Some(block.strip_prefix(b"Exif\0\0").unwrap_or(block))
        }
        ImageFormat::Tiff => Some(data),
        _ => None,
    }
}

/// Reads the orientation from the first directory.
///
/// A value other than 1 to 8 has no meaning and viewers ignore it, so it counts as absent.
pub(super) fn orientation(block: &[u8]) -> Option<Orientation> {
    let order = match block {
        [b'I', b'I', 42, 0, ..] => ByteOrder::Little,
        [b'M', b'M', 0, 42, ..] => ByteOrder::Big,
        _ => return None,
    };
    let directory = block.get(order.size(block, 4)?..)?;
    let count = usize::from(order.u16(directory, 0)?);
    let entry = directory
        .get(2..)?
        .chunks_exact(12)
        .take(count)
        .find(|entry| order.u16(entry, 0) == Some(ORIENTATION))?;
    // The standard says a 16-bit number; some writers use 32 bits.
    let value = match order.u16(entry, 2)? {
        3 => order.u16(entry, 8)?.into(),
        4 => order.u32(entry, 8)?,
        _ => return None,
    };
    Orientation::new(value.try_into().ok()?)
}

/// Finds a chunk of a PNG file: length, name, content, checksum.
fn png_chunk<'a>(data: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    let mut rest = data.get(8..)?;
    loop {
        let length = ByteOrder::Big.size(rest, 0)?;
        let name = rest.get(4..8)?;
        let after_name = rest.get(8..)?;
        let (content, after) = after_name.split_at_checked(length)?;
        if name == wanted {
            return Some(content);
        }
        rest = after.get(4..)?;
    }
}

/// Finds a chunk of a RIFF file: name, length, content padded to an even length.
fn riff_chunk<'a>(data: &'a [u8], wanted: &[u8; 4]) -> Option<&'a [u8]> {
    let mut rest = data.get(12..)?;
    loop {
        let name = rest.get(..4)?;
        let length = ByteOrder::Little.size(rest, 4)?;
        let (content, after) = rest.get(8..)?.split_at_checked(length)?;
        if name == wanted {
            return Some(content);
        }
        rest = after.get(length % 2..)?;
    }
}
