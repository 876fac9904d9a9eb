//! Pictures as small as their readers allow: headers with nothing behind them.

use bytes::Bytes;

/// Creates the header of a PNG file; checksums are zero, as nobody reads them.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let (width, height) = (width.to_be_bytes(), height.to_be_bytes());
    let depth_to_checksum = [8, 2, 0, 0, 0, 0, 0, 0, 0];
    let end = b"\0\0\0\0IEND\0\0\0\0";
    [b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", &width[..], &height, &depth_to_checksum, end].concat()
}

/// Creates a JPEG file of 640x480 pixels whose EXIF data ask for an orientation.
pub fn jpeg_with_orientation(orientation: u16) -> Vec<u8> {
    let entry = [&[0x12, 0x01, 3, 0, 1, 0, 0, 0][..], &orientation.to_le_bytes(), &[0, 0]].concat();
    let tiff = [&b"II\x2A\0\x08\0\0\0\x01\0"[..], &entry, &[0; 4]].concat();
    let exif = segment(0xE1, &[b"Exif\0\0", &tiff[..]].concat());
    let frame = segment(0xC0, &[8, 1, 0xE0, 2, 0x80, 1, 1, 0x11, 0]);
    let scan = segment(0xDA, &[1, 1, 0, 0, 63, 0]);
    [&[0xFF, 0xD8][..], &exif, &frame, &scan].concat()
}

/// Makes bytes as random as those of a compressed picture, the same in every run.
pub fn noise(length: usize) -> Bytes {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut bytes = Vec::with_capacity(length);
    bytes.extend((0..length).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    }));
    bytes.into()
}

/// Creates a file of a length that passes for a PPM of 640x480 pixels, and is noise.
pub fn noisy_ppm(length: usize) -> Bytes {
    let mut file = Vec::with_capacity(length);
    file.extend_from_slice(b"P6 640 480 255\n");
    file.extend_from_slice(&noise(length.saturating_sub(file.len())));
    file.into()
}

fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).expect("is short").to_be_bytes();
    [&[0xFF, marker], &length[..], payload].concat()
}

/// Creates a PPM whose every pixel is there: a gradient that the emulator can read and compare.
pub fn ppm(width: u8, height: u8) -> Vec<u8> {
    let mut file = format!("P6\n{width} {height}\n255\n").into_bytes();
    for y in 0..height {
        file.extend((0..width).flat_map(|x| [x, y, x ^ y]));
    }
    file
}
