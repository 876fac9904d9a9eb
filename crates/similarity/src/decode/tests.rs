use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ExtendedColorType, ImageEncoder, ImageFormat, RgbImage, RgbaImage};

use super::{DecodeError, DecodeLimits, decode};
use crate::synthetic;

const LIMITS: DecodeLimits = DecodeLimits { max_side: 400, max_pixels: 100_000 };

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn small() -> RgbImage {
    RgbImage::from_raw(2, 2, vec![255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255]).unwrap()
}

/// A JPEG of three dark rows over three bright ones, with the orientation in its EXIF data.
fn oriented(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let pixels: Vec<u8> = (0..48 * 16).map(|at| if at < 48 * 8 { 20 } else { 230 }).collect();
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.write_image(&pixels, 48, 16, ExtendedColorType::L8).unwrap();
    bytes
}

#[test]
fn reads_every_format_by_its_first_bytes() {
    use ImageFormat::{Bmp, Gif, Png, Pnm, Tiff, WebP};
    for format in [Bmp, Gif, Png, Pnm, Tiff, WebP] {
        let picture = decode(&encoded(small(), format), LIMITS).unwrap();
        assert_eq!(picture.pixels(), small().as_raw().as_slice(), "{format:?}");
    }
    assert!(decode(&encoded(small(), ImageFormat::Jpeg), LIMITS).is_ok());
}

#[test]
fn turns_pictures_upright() {
    // Where the dark half is, after turning: top, bottom, right, left.
    let cases = [
        (1, (48, 16), (24, 2)),
        (3, (48, 16), (24, 13)),
        (6, (16, 48), (13, 24)),
        (8, (16, 48), (2, 24)),
    ];
    for (orientation, sides, dark) in cases {
        let picture = decode(&oriented(orientation), LIMITS).unwrap();
        assert_eq!((picture.width(), picture.height()), sides, "orientation {orientation}");
        let (x, y) = dark;
        assert!(picture.pixel(x, y)[0] < 60, "orientation {orientation}");
        let opposite = picture.pixel(sides.0 - 1 - x, sides.1 - 1 - y);
        assert!(opposite[0] > 190, "orientation {orientation}");
    }
}

#[test]
fn lays_transparent_pixels_over_white() {
    let image = RgbaImage::from_raw(3, 1, vec![9, 9, 9, 0, 0, 0, 0, 128, 1, 2, 3, 255]).unwrap();
    let picture = decode(&encoded(image, ImageFormat::Png), LIMITS).unwrap();
    assert_eq!(picture.pixels(), [255, 255, 255, 127, 127, 127, 1, 2, 3]);
}

#[test]
fn refuses_pictures_beyond_the_limits_before_decoding() {
    let cases: [(u32, u32); 3] = [(401, 1), (1, 401), (399, 399)];
    for (width, height) in cases {
        let bytes = encoded(RgbImage::new(width, height), ImageFormat::Png);
        let error = decode(&bytes, LIMITS).unwrap_err();
        assert!(matches!(error, DecodeError::TooLarge { .. }), "{width}x{height}: {error}");
    }
    // A header that claims 60,000 pixels a side, with no pixel behind it.
    let huge = b"P6 60000 60000 255\n";
    let error = decode(huge, DecodeLimits::default()).unwrap_err();
    assert!(matches!(error, DecodeError::TooLarge { .. }), "{error}");
}

#[test]
fn tells_unknown_from_broken() {
    for bytes in [&b""[..], b"hello", b"<svg/>", &[0; 64]] {
        assert_eq!(decode(bytes, LIMITS), Err(DecodeError::Unsupported));
    }
    // AVIF is recognised, but there is no decoder for it here.
    assert_eq!(decode(b"\0\0\0\x1cftypavif\0\0\0\0avif", LIMITS), Err(DecodeError::Unsupported));
    let whole = encoded(small(), ImageFormat::Png);
    let error = decode(&whole[..whole.len() / 2], LIMITS).unwrap_err();
    assert!(matches!(error, DecodeError::Broken { format: "PNG", .. }), "{error:?}");
}

#[test]
fn never_panics_on_damaged_files() {
    let source = synthetic::picture(3);
    let (width, height) = (source.width() as u32, source.height() as u32);
    let image = RgbImage::from_raw(width, height, source.pixels().to_vec()).unwrap();
    let image = image::imageops::thumbnail(&image, 24, 24);
    use ImageFormat::{Bmp, Gif, Jpeg, Png, Pnm, Tiff, WebP};
    for format in [Bmp, Gif, Jpeg, Png, Pnm, Tiff, WebP] {
        let whole = encoded(image.clone(), format);
        let step = (whole.len() / 120).max(1);
        for at in (0..whole.len()).step_by(step) {
            let _ = decode(&whole[..at], LIMITS);
            let mut damaged = whole.clone();
            damaged[at] ^= 0x55;
            let _ = decode(&damaged, LIMITS);
        }
    }
}

#[test]
fn messages_tell_what_to_do() {
    let too_large = DecodeError::TooLarge { sides: Some((9000, 10)), limits: LIMITS };
    assert_eq!(
        too_large.to_string(),
        "picture of 9000x10 pixels is larger than 400 pixels a side or 100000 pixels in all; \
         scale it down"
    );
    let message = DecodeError::Unsupported.to_string();
    assert!(message.contains("JPEG") && !message.ends_with('.'), "{message}");
}
