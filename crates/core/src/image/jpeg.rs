//! One walk over the segments of a JPEG file.

use super::read::ByteOrder::Big;

/// The contents of the segments before the pixels.
#[derive(Default)]
pub(super) struct Header<'a> {
    /// Width and height of the first frame.
    pub(super) size: Option<(u32, u32)>,
    /// The EXIF block, without its `Exif` prefix.
    pub(super) exif: Option<&'a [u8]>,
}

/// Reads the segments up to the first scan.
///
/// `imagesize` reads JPEG too, but gives up on fill bytes before a marker and on markers without
/// length, both of which are legal. As the EXIF block takes this walk anyway, the size comes with it.
pub(super) fn read(data: &[u8]) -> Header<'_> {
    let mut header = Header::default();
    let mut rest = data;
    while let Some((marker, after)) = next_marker(rest) {
        rest = after;
        match marker {
            // Start of image, restart and TEM markers have no length.
            0x01 | 0xD0..=0xD8 => continue,
            // Pixels follow, or nothing.
            0xD9 | 0xDA => break,
            _ => {}
        }
        let Some(length) = Big.u16(rest, 0).map(usize::from) else {
            break;
        };
        // The length counts its own two bytes.
        let Some(payload) = rest.get(2..length) else {
            break;
        };
        if is_frame(marker) && header.size.is_none() {
            header.size = frame_size(payload);
        } else if marker == 0xE1 && header.exif.is_none() {
            header.exif = payload.strip_prefix(b"Exif\0\0");
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    header
}

/// Finds the next marker, past fill bytes and, as decoders do, past stray bytes.
fn next_marker(mut data: &[u8]) -> Option<(u8, &[u8])> {
    loop {
        let start = data.iter().position(|&byte| byte == 0xFF)?;
        data = data.get(start + 1..)?;
        match data {
            // A stuffed zero is no marker, and a further 0xFF is fill.
            [0x00 | 0xFF, ..] => {}
            [marker, rest @ ..] => return Some((*marker, rest)),
            [] => return None,
        }
    }
}

/// Returns whether a marker starts a frame; three of its range are tables or reserved.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC)
}

/// Reads a frame header: one byte of sample precision, then height before width.
fn frame_size(payload: &[u8]) -> Option<(u32, u32)> {
    let height = Big.u16(payload, 1)?;
    let width = Big.u16(payload, 3)?;
    Some((width.into(), height.into()))
}
