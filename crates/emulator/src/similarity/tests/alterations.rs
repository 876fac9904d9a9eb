//! What happens to pictures on the web, for measuring whether they are still found.

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder};

use crate::similarity::picture::{Picture, Region};
use crate::similarity::resample::resize;
use crate::similarity::splitmix::SplitMix64;
use crate::similarity::{DecodeLimits, decode};

pub(crate) type Alteration = fn(&Picture) -> Picture;

/// The nine that the search promises to see through.
pub(crate) const NINE: [(&str, Alteration); 9] = [
    ("resized", |it| resize(it, it.width() * 55 / 100, it.height() * 55 / 100)),
    ("recompressed", |it| recompressed(it, 30)),
    ("cropped to the centre", |it| cropped(it, 80, 50, 50)),
    ("cropped at random", cropped_at_random),
    ("brighter", |it| brightened(it, 140)),
    ("darker", |it| brightened(it, 60)),
    ("mirrored", Picture::mirrored),
    ("turned by 5 degrees", |it| turned(it, 0.996_194_7, 0.087_155_74)),
    ("watermarked", watermarked),
];

/// Rougher ones, which most pictures survive.
pub(crate) const ROUGH: [(&str, Alteration); 5] = [
    ("cropped to 60 %", |it| cropped(it, 60, 50, 50)),
    ("turned by 15 degrees", |it| turned(it, 0.965_925_8, 0.258_819_05)),
    ("grey", grey),
    ("blurred", |it| resize(&resize(it, it.width() / 4, it.height() / 4), it.width(), it.height())),
    ("recompressed at 10", |it| recompressed(it, 10)),
];

fn recompressed(picture: &Picture, quality: u8) -> Picture {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .write_image(
            picture.pixels(),
            picture.width() as u32,
            picture.height() as u32,
            ExtendedColorType::Rgb8,
        )
        .unwrap();
    decode(&bytes, DecodeLimits::default()).unwrap()
}

/// Keeps `percent` of both sides; `right` and `down` place the rest, in percent of the slack.
fn cropped(picture: &Picture, percent: usize, right: usize, down: usize) -> Picture {
    let (width, height) = (picture.width() * percent / 100, picture.height() * percent / 100);
    let x1 = (picture.width() - width) * right / 100;
    let y1 = (picture.height() - height) * down / 100;
    picture.cropped(Region { x1, x2: x1 + width, y1, y2: y1 + height }).unwrap()
}

fn cropped_at_random(picture: &Picture) -> Picture {
    let seed: u64 = picture.pixels().iter().map(|&part| u64::from(part)).sum();
    let mut random = SplitMix64::new(seed);
    cropped(picture, 80, random.between(0, 100) as usize, random.between(0, 100) as usize)
}

fn map(picture: &Picture, colour: impl Fn([u8; 3]) -> [u8; 3]) -> Picture {
    place(picture, |x, y| colour(picture.pixel(x, y)))
}

fn place(picture: &Picture, colour: impl Fn(usize, usize) -> [u8; 3]) -> Picture {
    let (width, height) = (picture.width(), picture.height());
    let pixels = (0..width * height).flat_map(|at| colour(at % width, at / width)).collect();
    Picture::from_rgb(width, height, pixels).unwrap()
}

fn brightened(picture: &Picture, percent: u32) -> Picture {
    map(picture, |pixel| pixel.map(|part| (u32::from(part) * percent / 100).min(255) as u8))
}

fn grey(picture: &Picture) -> Picture {
    let luma = |[red, green, blue]: [u8; 3]| {
        ((u32::from(red) * 3 + u32::from(green) * 6 + u32::from(blue)) / 10) as u8
    };
    map(picture, |pixel| [luma(pixel); 3])
}

/// Turns around the middle and interpolates; what comes from outside is black.
fn turned(picture: &Picture, cosine: f32, sine: f32) -> Picture {
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

pub(crate) fn bordered(picture: &Picture) -> Picture {
    let (width, height) = (picture.width() * 3 / 2, picture.height() * 3 / 2);
    let (left, top) = (picture.width() / 4, picture.height() / 4);
    let colour = |x: usize, y: usize| {
        let inside = (left..left + picture.width()).contains(&x)
            && (top..top + picture.height()).contains(&y);
        if inside { picture.pixel(x - left, y - top) } else { [255; 3] }
    };
    let pixels = (0..width * height).flat_map(|at| colour(at % width, at / width)).collect();
    Picture::from_rgb(width, height, pixels).unwrap()
}

/// Writes SAMPLE across the middle, half transparent, three quarters of the width wide.
fn watermarked(picture: &Picture) -> Picture {
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
