use proptest::prelude::*;

use super::{Subjects, find_subject, find_subjects};
use crate::picture::{Picture, Region};
use crate::splitmix::SplitMix64;
use crate::{alterations, synthetic, tests::photos};

fn region(x1: usize, x2: usize, y1: usize, y2: usize) -> Region {
    Region { x1, x2, y1, y2 }
}

/// Draws things of many colours on a page.
fn page(sides: (usize, usize), colour: [u8; 3], things: &[Region]) -> Picture {
    let (width, height) = sides;
    let inside = |x, y| things.iter().any(|it| it.x1 <= x && x < it.x2 && it.y1 <= y && y < it.y2);
    let at = |x, y| if inside(x, y) { [200, 40, (x * y) as u8] } else { colour };
    let pixels = (0..width * height).flat_map(|it| at(it % width, it / width)).collect();
    Picture::of(width, height, pixels)
}

/// Changes every part of every pixel by up to 5, and one in `specks` pixels altogether.
fn noisy(picture: &Picture, specks: i32, seed: u64) -> Picture {
    let mut random = SplitMix64::new(seed);
    let mut pixels = picture.pixels().to_vec();
    for pixel in pixels.chunks_exact_mut(3) {
        let speck = random.once_in(specks);
        for part in pixel {
            let noise = if speck { 255 } else { 5 };
            *part = (i32::from(*part) + random.between(-noise, noise)).clamp(0, 255) as u8;
        }
    }
    Picture::of(picture.width(), picture.height(), pixels)
}

#[test]
fn finds_the_subject_within_its_border() {
    let boxes = [(10, 30, 5, 25), (3, 40, 2, 30), (0, 40, 5, 25), (35, 40, 0, 30), (5, 17, 6, 14)];
    for (x1, x2, y1, y2) in boxes {
        let inside = region(x1, x2, y1, y2);
        for colour in [[255; 3], [0; 3], [30, 90, 160]] {
            let found = find_subjects(&page((40, 30), colour, &[inside]));
            assert_eq!(found, Some(Subjects { all: inside, each: vec![inside] }), "{inside}");
        }
    }
}

#[test]
fn lists_things_apart_from_each_other_by_size() {
    let (small, large, wide) =
        (region(20, 60, 30, 80), region(90, 180, 100, 190), region(15, 190, 210, 230));
    let found = find_subjects(&page((200, 240), [250; 3], &[small, large, wide])).unwrap();
    assert_eq!(found.all, region(15, 190, 30, 230));
    assert_eq!(found.each, [large, wide, small]);
    let touching = [region(20, 60, 30, 80), region(62, 100, 40, 80)];
    let found = find_subjects(&page((200, 240), [250; 3], &touching)).unwrap();
    assert_eq!(found.each, [region(20, 100, 30, 80)]);
}

#[test]
fn takes_a_pattern_for_one_thing() {
    let tiles: Vec<Region> = (0..9)
        .map(|at| (30 + at % 3 * 70, 30 + at / 3 * 70))
        .map(|(x, y)| region(x, x + 40, y, y + 40))
        .collect();
    let found = find_subjects(&page((250, 250), [255; 3], &tiles)).unwrap();
    assert_eq!(found, Subjects { all: region(30, 210, 30, 210), each: vec![found.all] });
}

#[test]
fn marks_and_specks_are_no_subjects() {
    let mark = page((400, 300), [255; 3], &[region(350, 390, 0, 300)]);
    assert_eq!(find_subject(&mark), None);
    let subject = region(100, 300, 60, 240);
    let specks = [subject, region(5, 8, 5, 8), region(390, 392, 290, 293), region(0, 2, 200, 203)];
    assert_eq!(find_subject(&page((400, 300), [255; 3], &specks)), Some(subject));
}

#[test]
fn looks_inside_of_a_line_around_the_picture() {
    let subject = region(100, 300, 60, 240);
    for line in [1, 2, 4] {
        let inner = page((400, 300), [255; 3], &[subject]);
        let mut lined = inner.pixels().to_vec();
        for (at, pixel) in lined.chunks_exact_mut(3).enumerate() {
            let (x, y) = (at % 400, at / 400);
            if x < line || y < line || x >= 400 - line || y >= 300 - line {
                pixel.fill(60);
            }
        }
        let lined = Picture::of(400, 300, lined);
        assert_eq!(find_subject(&lined), Some(subject), "{line} pixels");
        let photo = synthetic::picture(1);
        let framed = page((photo.width(), photo.height()), [0; 3], &[photo.region()]);
        assert_eq!(find_subject(&framed), None, "nothing but a line around a full picture");
    }
}

#[test]
fn noise_and_compression_move_the_box_by_a_cell_at_most() {
    for seed in 0..20 {
        let mut random = SplitMix64::new(seed);
        let (x1, y1) = (random.between(20, 150) as usize, random.between(20, 120) as usize);
        let subject = region(
            x1,
            x1 + random.between(90, 220) as usize,
            y1,
            y1 + random.between(90, 160) as usize,
        );
        let colour = [[255; 3], [244, 240, 236], [20, 22, 30]][seed as usize % 3];
        let clean = page((400, 300), colour, &[subject]);
        let grain = noisy(&clean, i32::MAX, seed);
        for (name, picture) in [
            ("specks", noisy(&clean, 500, seed)),
            ("JPEG 30", alterations::recompressed(&clean, 30)),
            ("grain and JPEG 80", alterations::recompressed(&grain, 80)),
        ] {
            let found = find_subject(&picture).unwrap_or(picture.region());
            let off = [
                found.x1.abs_diff(subject.x1),
                found.x2.abs_diff(subject.x2),
                found.y1.abs_diff(subject.y1),
                found.y2.abs_diff(subject.y2),
            ];
            assert!(off.iter().all(|&it| it <= 8), "{seed}, {name}: {found} for {subject}");
        }
    }
}

#[test]
fn photos_on_a_white_page_are_found_to_the_pixel() {
    for (name, photo) in photos() {
        let framed = alterations::bordered(&photo);
        let (left, top) = (photo.width() / 4, photo.height() / 4);
        let found = find_subject(&framed).unwrap_or(framed.region());
        let expected = region(left, left + photo.width(), top, top + photo.height());
        // White at the edge of the photo itself cannot be told from the page.
        let inside = found.x1 >= expected.x1 && found.x2 <= expected.x2 && found.y1 >= expected.y1;
        assert!(inside && found.y2 <= expected.y2, "{name}: {found} for {expected}");
        let near = found.x1.abs_diff(expected.x1) < 9 && found.y2.abs_diff(expected.y2) < 9;
        assert!(near, "{name}: {found} for {expected}");
    }
}

#[test]
fn sees_nothing_in_flat_and_in_full_pictures() {
    for (width, height) in [(1, 1), (1, 40), (40, 30)] {
        let flat = Picture::of(width, height, vec![77; width * height * 3]);
        assert_eq!(find_subject(&flat), None);
    }
    for seed in 0..20 {
        assert_eq!(find_subject(&synthetic::picture(seed)), None, "seed {seed}");
    }
}

proptest! {
    #[test]
    fn boxes_lie_within_the_picture_and_each_other(
        (width, height) in (1..70_usize, 1..70_usize),
        things in prop::collection::vec((0..70_usize, 1..40_usize, 0..70_usize, 1..40_usize), 0..6),
        shade in any::<u8>(),
    ) {
        let boxes: Vec<Region> =
            things.iter().map(|&(x, right, y, down)| region(x, x + right, y, y + down)).collect();
        let picture = page((width, height), [shade; 3], &boxes);
        if let Some(Subjects { all, each }) = find_subjects(&picture) {
            prop_assert!(picture.cropped(all).is_some());
            prop_assert!(all != picture.region() && !each.is_empty() && each.len() <= 8);
            for it in each {
                prop_assert!(it.x1 >= all.x1 && it.x2 <= all.x2 && it.x1 < it.x2);
                prop_assert!(it.y1 >= all.y1 && it.y2 <= all.y2 && it.y1 < it.y2);
            }
        }
    }

    #[test]
    fn a_mirrored_picture_has_mirrored_subjects(
        x in 0..120_usize, right in 20..100_usize, y in 0..100_usize, down in 20..80_usize,
    ) {
        let inside = region(x, (x + right).min(160), y, (y + down).min(128));
        let picture = page((160, 128), [230, 220, 240], &[inside]);
        let turned = |it: Region| Region { x1: 160 - it.x2, x2: 160 - it.x1, ..it };
        let mirrored = find_subject(&picture.mirrored()).map(turned);
        prop_assert_eq!(find_subject(&picture), mirrored);
    }
}
