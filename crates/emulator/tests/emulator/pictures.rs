//! Pictures to send.

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use imagesearch_emulator::similarity::{Picture, Region, synthetic};

/// Creates a PNG of a seed; other seeds look different.
pub(crate) fn png(seed: u64) -> Vec<u8> {
    encode(&synthetic::picture(seed))
}

/// Creates a PNG of the top left corner of a seed's picture.
pub(crate) fn corner(seed: u64, width: usize, height: usize) -> Vec<u8> {
    let region = Region { x1: 0, x2: width, y1: 0, y2: height };
    encode(&synthetic::picture(seed).cropped(region).unwrap())
}

/// Creates a JPEG of the top left corner of a seed's picture, as small as a picture may be.
pub(crate) fn small_jpeg(seed: u64) -> Vec<u8> {
    const SIDE: usize = 100;
    let corner = Region { x1: 0, x2: SIDE, y1: 0, y2: SIDE };
    let picture = synthetic::picture(seed).cropped(corner).unwrap();
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 40)
        .write_image(picture.pixels(), SIDE as u32, SIDE as u32, ExtendedColorType::Rgb8)
        .unwrap();
    file
}

/// Creates a PNG of a seed's picture on a white page, 40 pixels of it on each side.
pub(crate) fn framed(seed: u64) -> Vec<u8> {
    const BORDER: usize = 40;
    let inside = synthetic::picture(seed);
    let (width, height) = (inside.width() + 2 * BORDER, inside.height() + 2 * BORDER);
    let mut pixels = vec![255; width * height * 3];
    for (y, row) in inside.pixels().chunks_exact(inside.width() * 3).enumerate() {
        let start = ((y + BORDER) * width + BORDER) * 3;
        pixels[start..start + row.len()].copy_from_slice(row);
    }
    encode(&Picture::from_rgb(width, height, pixels).unwrap())
}

/// Creates a JPEG whose EXIF data says that it lies on its side.
pub(crate) fn turned() -> Vec<u8> {
    const EXIF: &[u8] = b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\
        \x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let picture = synthetic::picture(1);
    let (width, height) = (picture.width() as u32, picture.height() as u32);
    let mut file = Vec::new();
    JpegEncoder::new(&mut file)
        .write_image(picture.pixels(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    // Right behind the marker that begins the file.
    file.splice(2..2, EXIF.iter().copied());
    file
}

pub(crate) fn encode(picture: &Picture) -> Vec<u8> {
    let (width, height) = (picture.width() as u32, picture.height() as u32);
    let mut file = Vec::new();
    PngEncoder::new(&mut file)
        .write_image(picture.pixels(), width, height, ExtendedColorType::Rgb8)
        .unwrap();
    file
}
