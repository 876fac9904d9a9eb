//! The pictures to search: the photos and the distractors.

use std::collections::BTreeMap;

use imagesearch_similarity::{
    Index, Look, Picture, Query, alterations, alterations::Alteration, find_subject, score,
};

use crate::Outcome;
use crate::parallel;
use crate::photos::Photo;

/// The number of distractors for each photo, without its own.
const DISTRACTORS: usize = 10_000;

/// The maximum side of the photos that distractors are made from, that of catalogue thumbnails.
const SIDE: usize = 768;

/// Photos with their distractors.
pub(crate) struct Gallery {
    photos: Vec<Photo>,
    looks: Vec<Look>,
    index: Index,
    /// The photo that a picture was made from, by the picture's number.
    origins: BTreeMap<u64, usize>,
}

/// The result of a search.
pub(crate) struct Found {
    /// The rank of the original, from 1.
    pub(crate) rank: usize,
    /// The score of the original.
    pub(crate) score: f32,
}

impl Gallery {
    /// Describes photos as the emulator does, subject included.
    pub(crate) fn of(photos: Vec<Photo>) -> Outcome<Self> {
        let looks = parallel::map(photos.len(), |place| look(&photos[place].picture));
        for (place, look) in looks.iter().enumerate() {
            if looks[..place].contains(look) {
                return Err(format!("duplicate photo {}", photos[place].name).into());
            }
        }
        let mut index = Index::new();
        let origins = looks.iter().enumerate().map(|(place, look)| (index.push(look), place));
        Ok(Self { origins: origins.collect(), photos, looks, index })
    }

    pub(crate) fn len(&self) -> usize {
        self.photos.len()
    }

    /// Adds distractors until each photo has enough that are not its own. Returns their number.
    pub(crate) fn add_distractors(&mut self) -> usize {
        let count = self.photos.len();
        let each = DISTRACTORS.div_ceil(count - 1);
        let small =
            parallel::map(count, |place| alterations::fitted(&self.photos[place].picture, SIDE));
        let looks = parallel::map(count * each, |number| {
            look(&alterations::variant(&small[number % count], number as u64))
        });
        for (number, look) in looks.iter().enumerate() {
            self.origins.insert(self.index.push(look), number % count);
        }
        (count - 1) * each
    }

    /// Alters every photo and finds the rank of the original.
    pub(crate) fn search(&self, alter: Alteration) -> Vec<Found> {
        parallel::map(self.len(), |place| {
            let altered = alter(&self.photos[place].picture);
            let query = Query::of(&altered, find_subject(&altered));
            let original = place as u64;
            // Distractors made from the same photo may resemble it.
            let keep = |id: u64| id == original || self.origins.get(&id) != Some(&place);
            let hits = self.index.nearest(&query, self.index.len(), keep);
            let rank = hits.iter().position(|hit| hit.id == original).map_or(hits.len(), |at| at);
            let score = hits.get(rank).map_or(0.0, |hit| score(hit.cosine));
            Found { rank: rank + 1, score }
        })
    }

    /// Returns a checksum of the descriptors of all photos.
    pub(crate) fn checksum(&self) -> u64 {
        // FNV-1a.
        let bytes = self.looks.iter().flat_map(Look::to_bytes);
        bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }
}

fn look(picture: &Picture) -> Look {
    Look::of(picture, find_subject(picture))
}
