use super::{DESCRIPTOR_VERSION, Descriptor, describe, quantise};
use crate::alterations::bordered;
use crate::picture::Picture;
use crate::tests::photos;
use crate::{Look, find_subject, synthetic};

/// FNV-1a over the bytes of all pictures.
fn checksum(pictures: impl Iterator<Item = Picture>) -> String {
    let looks = pictures.map(|picture| Look::of(&picture, find_subject(&picture)).to_bytes());
    let hash = looks.flatten().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// The same constant holds in debug and release builds and on every platform. When it changes,
/// stored pictures are stale: raise the version.
#[test]
fn every_build_describes_pictures_and_subjects_alike() {
    assert_eq!(DESCRIPTOR_VERSION, 2);
    let plain = (0..48).map(synthetic::picture);
    let framed = (0..12).map(|seed| bordered(&synthetic::picture(seed)));
    assert_eq!(checksum(plain.chain(framed)), "117f0ff073ecaabb");
}

/// A decoder may differ by one grey level between instruction sets, so this one is only promised
/// for one architecture. When it alone changes, the JPEG decoder did.
#[cfg(target_arch = "x86_64")]
#[test]
fn photos_are_decoded_and_described_alike_in_every_build() {
    assert_eq!(checksum(photos().map(|(_, photo)| photo)), "3b2b4d917bb5c7ff");
}

#[test]
fn describes_any_shape_of_picture() {
    for (width, height) in [(1, 1), (1, 3000), (3000, 1), (2, 2), (31, 33)] {
        let pixels = (0..width * height * 3).map(|at| (at * 37 % 251) as u8).collect();
        let picture = Picture::from_rgb(width, height, pixels).unwrap();
        let descriptor = describe(&picture);
        assert!(descriptor.as_slice().iter().any(|&number| number != 0), "{width}x{height}");
    }
}

#[test]
fn a_picture_without_shapes_stays_a_short_vector() {
    let square = |picture: &Picture| -> i32 {
        describe(picture).as_slice().iter().map(|&it| i32::from(it) * i32::from(it)).sum()
    };
    let flat = Picture::from_rgb(300, 200, [240, 240, 240].repeat(60_000)).unwrap();
    let ratio = f64::from(square(&synthetic::picture(1))) / f64::from(square(&flat));
    // 1.25 to 0.25, but for what the projection adds or takes away.
    assert!((4.0..6.0).contains(&ratio), "{ratio}");
}

#[test]
fn stored_numbers_come_back() {
    let descriptor = describe(&synthetic::picture(5));
    assert_eq!(Descriptor::from_slice(descriptor.as_slice()), Some(descriptor.clone()));
    assert_eq!(Descriptor::from_slice(&descriptor.as_slice()[1..]), None);
    assert_eq!(format!("{descriptor:?}"), "Descriptor(..)");
}

#[test]
fn rounds_to_the_nearest_step_and_saturates() {
    let step = 1.0 / super::STEPS;
    let cases = [
        (0.0, 0),
        (0.4, 0),
        (0.6, 1),
        (-0.6, -1),
        (12.3, 12),
        (-12.7, -13),
        (500.0, 127),
        (-500.0, -127),
    ];
    for (steps, expected) in cases {
        assert_eq!(quantise(steps * step), expected, "{steps}");
    }
    assert_eq!(quantise(f32::NAN), 0);
}
