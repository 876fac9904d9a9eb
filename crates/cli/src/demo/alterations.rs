use std::thread;

use image::{
    ExtendedColorType, ImageFormat, ImageResult, RgbImage,
    codecs::jpeg::JpegEncoder,
    imageops::{self, FilterType},
};

use super::photos::Photo;
use crate::exit::Failure;

/// An altered copy of a photo, as a JPEG file.
pub(super) struct Copy {
    pub(super) photo: &'static Photo,
    pub(super) alteration: &'static str,
    pub(super) jpeg: Vec<u8>,
}

struct Alteration {
    name: &'static str,
    quality: u8,
    alter: fn(&RgbImage) -> RgbImage,
}

const QUALITY: u8 = 90;

static ALTERATIONS: [Alteration; 4] = [
    Alteration {
        name: "60 % of the size",
        quality: QUALITY,
        alter: |photo| {
            let (width, height) = (photo.width() * 3 / 5, photo.height() * 3 / 5);
            imageops::resize(photo, width, height, FilterType::CatmullRom)
        },
    },
    Alteration { name: "JPEG quality 35", quality: 35, alter: RgbImage::clone },
    Alteration {
        name: "centre 80 %",
        quality: QUALITY,
        alter: |photo| {
            let (width, height) = photo.dimensions();
            let (x, y) = (width / 10, height / 10);
            imageops::crop_imm(photo, x, y, width * 4 / 5, height * 4 / 5).to_image()
        },
    },
    Alteration {
        name: "30 % brighter",
        quality: QUALITY,
        alter: |photo| {
            let mut brighter = photo.clone();
            for channel in brighter.iter_mut() {
                *channel = u8::try_from(u32::from(*channel) * 13 / 10).unwrap_or(u8::MAX);
            }
            brighter
        },
    },
];

/// Creates every altered copy of every photo, with a thread for each photo.
pub(super) fn of_all(photos: &'static [Photo]) -> Result<Vec<Copy>, Failure> {
    let lost = || Failure::call("a thread panicked while altering a photo");
    let copies = thread::scope(|scope| {
        let threads: Vec<_> = photos.iter().map(|photo| scope.spawn(move || of(photo))).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().map_err(|_| lost())?)
            .collect::<Result<Vec<_>, Failure>>()
    })?;
    Ok(copies.into_iter().flatten().collect())
}

fn of(photo: &'static Photo) -> Result<Vec<Copy>, Failure> {
    let refuse = |error| Failure::call(format!("photo {}: {error}", photo.name));
    let original = image::load_from_memory_with_format(photo.jpeg, ImageFormat::Jpeg)
        .map_err(refuse)?
        .into_rgb8();
    ALTERATIONS
        .iter()
        .map(|alteration| {
            let altered = (alteration.alter)(&original);
            Ok(Copy {
                photo,
                alteration: alteration.name,
                jpeg: encode(&altered, alteration.quality).map_err(refuse)?,
            })
        })
        .collect()
}

fn encode(picture: &RgbImage, quality: u8) -> ImageResult<Vec<u8>> {
    let mut jpeg = Vec::new();
    let (width, height) = picture.dimensions();
    JpegEncoder::new_with_quality(&mut jpeg, quality).encode(
        picture,
        width,
        height,
        ExtendedColorType::Rgb8,
    )?;
    Ok(jpeg)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::photos::PHOTOS;

    #[test]
    fn alters_what_the_name_says() {
        let astronaut = of(&PHOTOS[0]).unwrap();
        let mean = |jpeg: &[u8]| {
            let pixels = image::load_from_memory(jpeg).unwrap().into_rgb8();
            pixels.iter().map(|channel| f64::from(*channel)).sum::<f64>() / pixels.len() as f64
        };
        let sizes = [(288, 288), (480, 480), (384, 384), (480, 480)];
        for (copy, size) in astronaut.iter().zip(sizes) {
            let picture = image::load_from_memory(&copy.jpeg).unwrap();
            assert_eq!((picture.width(), picture.height()), size, "{}", copy.alteration);
        }
        assert!(astronaut[1].jpeg.len() < astronaut[3].jpeg.len() / 2);
        assert!(mean(&astronaut[3].jpeg) > 1.1 * mean(PHOTOS[0].jpeg));
    }
}
