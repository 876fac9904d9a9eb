//! Whether altered photos are found among others.

use std::sync::LazyLock;

use crate::alterations::{Alteration, NINE, ROUGH, bordered};
use crate::photos::ALL;
use crate::{
    DecodeLimits, Index, Look, Picture, Query, decode, find_subject, query_cosine, score, synthetic,
};

/// Generated pictures that the photos hide among.
const DISTRACTORS: u64 = 200;

pub(crate) fn photos() -> impl Iterator<Item = (&'static str, Picture)> {
    ALL.iter().map(|&(name, bytes)| (name, decode(bytes, DecodeLimits::default()).unwrap()))
}

/// Photos have the numbers of their places in the list; distractors follow.
static GALLERY: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index::new();
    for picture in photos().map(|(_, photo)| photo).chain((0..DISTRACTORS).map(synthetic::picture))
    {
        index.push(&Look::of(&picture, find_subject(&picture)));
    }
    index
});

fn nearest(picture: &Picture) -> u64 {
    GALLERY.nearest(&Query::of(picture, find_subject(picture)), 1, |_| true)[0].id
}

/// Lists the photos that are not found first once altered.
fn missed(alterations: &[(&'static str, Alteration)]) -> Vec<(&'static str, &'static str)> {
    let mut missed = Vec::new();
    for (id, (photo, picture)) in (0..).zip(photos()) {
        for (alteration, alter) in alterations {
            if nearest(&alter(&picture)) != id {
                missed.push((photo, *alteration));
            }
        }
    }
    missed
}

#[test]
fn finds_altered_photos_first() {
    assert_eq!(missed(&NINE), []);
}

#[test]
fn finds_most_roughly_altered_photos_first() {
    // A quarter turn and the inner 40 % are beyond what these descriptors promise.
    let missed = missed(&ROUGH);
    assert!(missed.len() * 10 <= 2 * ROUGH.len() * ALL.len(), "missed: {missed:?}");
}

#[test]
fn scores_altered_photos_above_all_others() {
    for (id, (photo, picture)) in (0..).zip(photos()) {
        let own = GALLERY.get(id).unwrap();
        let query = Query::of(&(NINE[1].1)(&picture), None);
        assert!(score(query_cosine(&query, &own)) > 0.9, "{photo} recompressed");
        let others = GALLERY.nearest(&query, 1, |other| other != id);
        assert!(score(others[0].cosine) < 0.7, "{photo} and {others:?}");
    }
}

#[test]
fn finds_photos_within_a_border_though_only_the_photo_is_known() {
    for (id, (photo, picture)) in (0..).zip(photos()) {
        assert_eq!(nearest(&bordered(&picture)), id, "{photo}");
    }
}

#[test]
fn finds_photos_that_are_known_within_a_border() {
    let mut index = GALLERY.clone();
    for (id, (photo, picture)) in (0..).zip(photos()) {
        let framed = bordered(&picture);
        assert!(index.replace(id, &Look::of(&framed, find_subject(&framed))));
        let hits = index.nearest(&Query::of(&picture, None), 1, |_| true);
        assert_eq!((hits[0].id, hits[0].cosine), (id, 1.0), "{photo}");
    }
}
