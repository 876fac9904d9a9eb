//! Alterations that pictures undergo on the web, to measure whether they are still found.
//!
//! Shared by tests and the recall measurement.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::decode::{DecodeLimits, decode};
use crate::picture::{Picture, Region};
use crate::resample;
use crate::splitmix::SplitMix64;

/// An alteration of a picture.
pub type Alteration = fn(&Picture) -> Picture;

/// The nine alterations that the search must handle.
pub const NINE: [(&str, Alteration); 9] = [
    ("resized to 55 %", |it| resized(it, 55)),
    ("JPEG quality 30", |it| recompressed(it, 30)),
    ("centre 80 %", |it| centre(it, 80)),
    ("80 % at random", cropped_at_random),
    ("40 % brighter", |it| brightened(it, 140)),
    ("40 % darker", |it| brightened(it, 60)),
    ("mirrored", Picture::mirrored),
    ("turned by 5 degrees", |it| turned(it, 0.996_194_7, 0.087_155_74)),
    ("watermarked", watermarked),
];

/// Stronger alterations, which most pictures survive.
pub const ROUGH: [(&str, Alteration); 8] = [
    ("centre 60 %", |it| centre(it, 60)),
    ("white border", bordered),
    ("turned by 15 degrees", |it| turned(it, 0.965_925_8, 0.258_819_05)),
    ("turned by 90 degrees", turned_by_90),
    ("blurred", blurred),
    ("grey", grey),
    ("JPEG quality 10", |it| recompressed(it, 10)),
    ("centre 40 %", |it| centre(it, 40)),
];

/// Writes a JPEG file.
///
/// # Panics
///
/// Panics if a side is longer than 65,535 pixels, the maximum of JPEG.
pub fn to_jpeg(picture: &Picture, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .write_image(
            picture.pixels(),
            picture.width() as u32,
            picture.height() as u32,
            ExtendedColorType::Rgb8,
        )
        .expect("a decoded picture is within what JPEG allows");
    bytes
}

/// Scales both sides to `percent`.
pub fn resized(picture: &Picture, percent: usize) -> Picture {
    let scaled = |side: usize| (side * percent / 100).max(1);
    resample::resize(picture, scaled(picture.width()), scaled(picture.height()))
}

/// Scales down so that the longer side has at most `side` pixels.
pub fn fitted(picture: &Picture, side: usize) -> Picture {
    if picture.width().max(picture.height()) <= side {
        return picture.clone();
    }
    let (width, height) = resample::sides_within(picture.width(), picture.height(), side);
    resample::resize(picture, width, height)
}

/// Scales to a square, ignoring the aspect ratio.
pub fn square(picture: &Picture, side: usize) -> Picture {
    resample::resize(picture, side, side)
}

/// Compresses as JPEG and decodes again.
pub fn recompressed(picture: &Picture, quality: u8) -> Picture {
    decode(&to_jpeg(picture, quality), DecodeLimits::default()).expect("it was just encoded")
}

/// Keeps the middle, `percent` of both sides.
pub fn centre(picture: &Picture, percent: usize) -> Picture {
    cropped(picture, percent, 50, 50)
}

/// Keeps `percent` of both sides; `right` and `down` place the rest, in percent of the slack.
pub fn cropped(picture: &Picture, percent: usize, right: usize, down: usize) -> Picture {
    let kept = |side: usize| (side * percent / 100).clamp(1, side);
    let (width, height) = (kept(picture.width()), kept(picture.height()));
    let x1 = (picture.width() - width) * right.min(100) / 100;
    let y1 = (picture.height() - height) * down.min(100) / 100;
    let part = picture.cropped(Region { x1, x2: x1 + width, y1, y2: y1 + height });
    part.unwrap_or_else(|| picture.clone())
}

/// Crops to 80 % of both sides, at a position derived from the pixels.
pub fn cropped_at_random(picture: &Picture) -> Picture {
    let seed: u64 = picture.pixels().iter().map(|&part| u64::from(part)).sum();
    let mut random = SplitMix64::new(seed);
    cropped(picture, 80, random.between(0, 100) as usize, random.between(0, 100) as usize)
}

/// Multiplies every channel of every pixel, clamping at white.
pub fn brightened(picture: &Picture, percent: u32) -> Picture {
    map(picture, |pixel| pixel.map(|part| (u32::from(part) * percent / 100).min(255) as u8))
}

fn map(picture: &Picture, colour: impl Fn([u8; 3]) -> [u8; 3]) -> Picture {
    place(picture, |x, y| colour(picture.pixel(x, y)))
}

fn place(picture: &Picture, colour: impl Fn(usize, usize) -> [u8; 3]) -> Picture {
    let (width, height) = (picture.width(), picture.height());
    let pixels = (0..width * height).flat_map(|at| colour(at % width, at / width)).collect();
    Picture::of(width, height, pixels)
}

/// Converts to grey.
pub fn grey(picture: &Picture) -> Picture {
    let luma = |[red, green, blue]: [u8; 3]| {
        ((u32::from(red) * 3 + u32::from(green) * 6 + u32::from(blue)) / 10) as u8
    };
    map(picture, |pixel| [luma(pixel); 3])
}

/// Rotates around the middle with interpolation; the outside is black.
pub fn turned(picture: &Picture, cosine: f32, sine: f32) -> Picture {
    let middle = (picture.width() as f32 / 2.0, picture.height() as f32 / 2.0);
    place(picture, |x, y| {
        let (right, down) = (x as f32 + 0.5 - middle.0, y as f32 + 0.5 - middle.1);
        let from_x = middle.0 + right * cosine + down * sine - 0.5;
        let from_y = middle.1 - right * sine + down * cosine - 0.5;
        if from_x < 0.0 || from_y < 0.0 {
            return [0; 3];
        }
        let (left, top) = (from_x as usize, from_y as usize);
        let (across, along) = (from_x - left as f32, from_y - top as f32);
        let at = |right: usize, down: usize| picture.pixel(left + right, top + down);
        std::array::from_fn(|part| {
            let mix = |a: u8, b: u8| f32::from(a) + (f32::from(b) - f32::from(a)) * across;
            let upper = mix(at(0, 0)[part], at(1, 0)[part]);
            let lower = mix(at(0, 1)[part], at(1, 1)[part]);
            (upper + (lower - upper) * along) as u8
        })
    })
}

/// Rotates by 90 degrees clockwise.
pub fn turned_by_90(picture: &Picture) -> Picture {
    let (width, height) = (picture.height(), picture.width());
    let pixels = (0..width * height)
        .flat_map(|at| picture.pixel(at / width, width - 1 - at % width))
        .collect();
    Picture::of(width, height, pixels)
}

/// Shrinks to a quarter and back.
pub fn blurred(picture: &Picture) -> Picture {
    let small = resized(picture, 25);
    resample::resize(&small, picture.width(), picture.height())
}

/// Pastes the picture on a white page of one and a half times its sides.
pub fn bordered(picture: &Picture) -> Picture {
    let (width, height) = (picture.width() * 3 / 2, picture.height() * 3 / 2);
    let (left, top) = (picture.width() / 4, picture.height() / 4);
    let colour = |x: usize, y: usize| {
        let inside = (left..left + picture.width()).contains(&x)
            && (top..top + picture.height()).contains(&y);
        if inside { picture.pixel(x - left, y - top) } else { [255; 3] }
    };
    let pixels = (0..width * height).flat_map(|at| colour(at % width, at / width)).collect();
    Picture::of(width, height, pixels)
}

/// Creates a distractor from a part of a picture: 30 to 60 % of both sides, in other colours,
/// darker or brighter, rotated by up to 20 degrees, and perhaps mirrored.
pub fn variant(picture: &Picture, seed: u64) -> Picture {
    let mut random = SplitMix64::new(seed);
    let mut percent = |low, high| random.between(low, high) as usize;
    let part = cropped(picture, percent(30, 60), percent(0, 100), percent(0, 100));
    let lit = brightened(&part, random.between(70, 130) as u32);
    // From the tangent of half the angle, sine and cosine follow without calling for either.
    let tangent = random.between(-176, 176) as f32 / 1000.0;
    let (square, sum) = (tangent * tangent, 1.0 + tangent * tangent);
    let turned = turned(&lit, (1.0 - square) / sum, 2.0 * tangent / sum);
    let [first, second, third] =
        [[1, 2, 0], [2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 0, 2]][random.between(0, 4) as usize];
    let recoloured = map(&turned, |pixel| [pixel[first], pixel[second], pixel[third]]);
    if random.once_in(2) { recoloured.mirrored() } else { recoloured }
}

/// Writes SAMPLE across the middle, half transparent, three quarters of the width wide.
pub fn watermarked(picture: &Picture) -> Picture {
    /// Five columns of each letter, the top row in the lowest bit.
    const LETTERS: [[u8; 5]; 6] = [
        [0x46, 0x49, 0x49, 0x49, 0x31],
        [0x7e, 0x11, 0x11, 0x11, 0x7e],
        [0x7f, 0x02, 0x0c, 0x02, 0x7f],
        [0x7f, 0x09, 0x09, 0x09, 0x06],
        [0x7f, 0x40, 0x40, 0x40, 0x40],
        [0x7f, 0x49, 0x49, 0x49, 0x41],
    ];
    let dot = (picture.width() * 3 / 4 / (LETTERS.len() * 6)).max(1);
    let left = picture.width() / 8;
    let top = (picture.height() / 2).saturating_sub(dot * 7 / 2);
    place(picture, |x, y| {
        let pixel = picture.pixel(x, y);
        let inked = x >= left && y >= top && (y - top) / dot < 7 && {
            let column = (x - left) / dot;
            let letter = LETTERS.get(column / 6).and_then(|letter| letter.get(column % 6));
            letter.is_some_and(|column| column >> ((y - top) / dot) & 1 == 1)
        };
        if inked { pixel.map(|part| part / 2 + 127) } else { pixel }
    })
}
