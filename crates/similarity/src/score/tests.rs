use proptest::prelude::*;

use super::{compare, cosine, cosine_of, dot, score};
use crate::alterations::{bordered, cropped_at_random};
use crate::describe;
use crate::picture::Picture;
use crate::synthetic;

#[test]
fn maps_cosines_as_documented() {
    let cases = [
        (-1.0, 0.0),
        (0.0, 0.0),
        (0.45, 0.0),
        (0.525, 0.2),
        (0.60, 0.4),
        (0.65, 0.55),
        (0.70, 0.7),
        (0.85, 0.95),
        (0.925, 0.975),
        (1.0, 1.0),
        (1.5, 1.0),
    ];
    for (cosine, expected) in cases {
        assert!((score(cosine) - expected).abs() < 1e-6, "{cosine} gives {}", score(cosine));
    }
    assert_eq!((score(1.0), score(0.45)), (1.0, 0.0));
}

#[test]
fn equal_pixels_score_exactly_one() {
    for seed in 0..6 {
        let picture = synthetic::picture(seed);
        assert_eq!(compare(&picture, &picture.clone()), 1.0, "seed {seed}");
    }
    let flat = |level| Picture::from_rgb(64, 64, vec![level; 64 * 64 * 3]).unwrap();
    assert_eq!(compare(&flat(255), &flat(255)), 1.0);
    assert_eq!(compare(&flat(255), &flat(0)), 0.0);
}

#[test]
fn a_flat_picture_is_not_taken_for_one_with_a_subject() {
    let flat = Picture::from_rgb(120, 120, vec![240; 120 * 120 * 3]).unwrap();
    let mut pixels = flat.pixels().to_vec();
    for row in pixels.chunks_exact_mut(360).skip(50).take(12) {
        row[150..186].fill(20);
    }
    let marked = Picture::from_rgb(120, 120, pixels).unwrap();
    assert!(compare(&flat, &marked) < 0.2, "{}", compare(&flat, &marked));
}

#[test]
fn a_mirror_image_scores_like_the_original() {
    let picture = synthetic::picture(3);
    assert!(compare(&picture, &picture.mirrored()) > 0.99);
}

#[test]
fn either_picture_may_be_the_one_that_is_asked_about() {
    for seed in 0..6 {
        let (left, right) = (synthetic::picture(seed), synthetic::picture(seed + 6));
        let altered =
            [left.clone(), left.mirrored(), bordered(&left), cropped_at_random(&left), right];
        for other in altered {
            let (one, two) = (compare(&left, &other), compare(&other, &left));
            // Mirroring one of two is not quite mirroring the other.
            assert!((one - two).abs() < 0.05, "seed {seed}: {one} and {two}");
            let (left, other) = (describe(&left), describe(&other));
            assert_eq!(cosine(&left, &other), cosine(&other, &left));
        }
    }
}

#[test]
fn an_empty_vector_is_like_nothing() {
    assert_eq!([cosine_of(0, 0, 5), cosine_of(0, 5, 0), cosine_of(0, 0, 0)], [0.0; 3]);
}

proptest! {
    #[test]
    fn multiplies_as_the_plain_loop_does(
        pairs in prop::collection::vec((-127..=127_i8, -127..=127_i8), 1024),
    ) {
        let (left, right): (Vec<i8>, Vec<i8>) = pairs.iter().copied().unzip();
        let expected: i32 = pairs.iter().map(|&(a, b)| i32::from(a) * i32::from(b)).sum();
        prop_assert_eq!(dot(&left, &right), expected);
        let (square, other) = (dot(&left, &left), dot(&right, &right));
        if square > 0 {
            prop_assert_eq!(cosine_of(square, square, square), 1.0);
        }
        prop_assert!(cosine_of(expected, square, other).abs() <= 1.0 + 1e-12);
    }

    #[test]
    fn a_higher_cosine_never_scores_lower(low in -1.0..1.0_f64, step in 0.0..1.0_f64) {
        prop_assert!(score(low) <= score(low + step));
    }
}
