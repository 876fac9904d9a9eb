//! What is made of a picture: the part that is compared, its descriptor, and its category.

use std::collections::BTreeMap;

use bytes::Bytes;
use imagesearch_core::Image;
use imagesearch_core::answers::ServiceType;
use imagesearch_core::image::ImageLimits;
use imagesearch_core::operation::Operation;
use imagesearch_core::operation::{Kind, Parameter};
use imagesearch_core::values::{BoundingBox, CategoryId};
use imagesearch_similarity::{
    self as similarity, DecodeError, DecodeLimits, Look, Picture, Query, Region, find_subjects,
    score,
};

use super::compute::{Threads, Turn};
use super::outcome::Boxes;
use super::refusal::Refusal;
use crate::store::instance::{Instance, Nearest};

/// A picture as it was sent, and how it is to be looked at.
pub(crate) struct PictureInput {
    image: Image,
    region: Option<BoundingBox>,
    find_subject: bool,
    /// The code of a box that lies outside, which differs between generations.
    region_code: &'static str,
    /// What the picture may have once it is decoded, whatever its header made validation believe.
    limits: DecodeLimits,
}

impl PictureInput {
    /// Looks at the given box, or else at the subject unless `crop` is false.
    ///
    /// The fabric service takes whole pictures whatever is sent.
    pub(crate) fn new(
        instance: &Instance,
        operation: &Operation,
        image: Image,
        region: Option<BoundingBox>,
        crop: Option<bool>,
    ) -> Self {
        let cuts = instance.service_type() != ServiceType::Fabric;
        let boxes = |parameter: &&Parameter| parameter.kind == Kind::BoundingBox;
        let region_code = operation.parameters.iter().find(boxes);
        let max_side = ImageLimits::of(&instance.service_type()).max_side;
        let max_pixels = u64::from(max_side) * u64::from(max_side);
        Self {
            image,
            region: region.filter(|_| cuts),
            find_subject: crop.unwrap_or(true) && cuts,
            region_code: region_code.and_then(|it| it.invalid_code).unwrap_or("InvalidRegion"),
            limits: DecodeLimits { max_side, max_pixels },
        }
    }

    /// Returns the picture as it was sent.
    pub(crate) fn bytes(&self) -> Option<Bytes> {
        self.image.bytes().cloned()
    }

    /// Decodes the picture, cuts it to the given box, or else finds its subject if that is wanted.
    pub(crate) fn decode(self) -> Result<DecodedPicture, Refusal> {
        let bytes = self.image.bytes().map_or(&[][..], |bytes| bytes.as_ref());
        let picture = similarity::decode(bytes, self.limits).map_err(|error| explain(&error))?;
        if let Some(given) = self.region {
            let region = Region {
                x1: given.x1() as usize,
                x2: given.x2() as usize,
                y1: given.y1() as usize,
                y2: given.y2() as usize,
            };
            let picture = picture.cropped(region).ok_or_else(|| {
                let (width, height) = (picture.width(), picture.height());
                Refusal::of(self.region_code).because(format!(
                    "the box {region} must lie inside the picture of {width}x{height} pixels"
                ))
            })?;
            return Ok(DecodedPicture { picture, subject: None, boxes: Boxes::one(given) });
        }
        let subjects = if self.find_subject { find_subjects(&picture) } else { None };
        let subject = subjects.as_ref().map(|subjects| subjects.all);
        let main = subject.unwrap_or_else(|| picture.region());
        let each = subjects.map_or_else(|| vec![main], |subjects| subjects.each);
        let boxes =
            Boxes { main: as_box(main), each: each.into_iter().filter_map(as_box).collect() };
        Ok(DecodedPicture { picture, subject, boxes })
    }
}

/// A decoded picture, and what is compared of it.
pub(crate) struct DecodedPicture {
    /// What the given box holds, or all of the picture.
    picture: Picture,
    /// What stands out; never looked for within a given box.
    subject: Option<Region>,
    pub(crate) boxes: Boxes,
}

impl DecodedPicture {
    /// Describes the picture to be stored.
    pub(crate) fn look(&self) -> Look {
        Look::of(&self.picture, self.subject)
    }

    /// Describes the picture to search with.
    pub(crate) fn query(&self) -> Query {
        Query::of(&self.picture, self.subject)
    }
}

/// Turns a region into what answers have; sides of pictures fit into 32 bits.
fn as_box(region: Region) -> Option<BoundingBox> {
    let side = |pixels: usize| u32::try_from(pixels).ok();
    BoundingBox::new(side(region.x1)?, side(region.x2)?, side(region.y1)?, side(region.y2)?).ok()
}

/// What is to be stored of a picture.
pub(crate) struct DescribedPicture {
    pub(crate) look: Look,
    pub(crate) boxes: Boxes,
    pub(crate) category: CategoryId,
}

/// Decodes and describes a picture that is to be stored, and files it under the named category or
/// under one that is predicted.
pub(crate) fn describe(
    picture: PictureInput,
    instance: &Instance,
    named: Option<CategoryId>,
    turn: &Turn,
) -> Result<DescribedPicture, Refusal> {
    let decoded = picture.decode()?;
    let look = decoded.look();
    let predicted = || predicted_category(instance, &look.clone().into(), &turn.threads());
    let category = named.unwrap_or_else(predicted);
    Ok(DescribedPicture { look, boxes: decoded.boxes, category })
}

fn explain(error: &DecodeError) -> Refusal {
    let code = match error {
        DecodeError::TooLarge { .. } => "UnsupportedPicPixels",
        _ => "UnsupportedPicFormat",
    };
    Refusal::of(code).because(error.to_string())
}

/// How many of the most similar stored pictures have a say in a prediction.
pub(crate) const NEIGHBOURS: usize = 5;

/// The least score of a picture that has a say; above it, pictures show the same or much alike.
pub(crate) const LEAST_SCORE: f32 = 0.4;

/// Returns whether the pictures of an instance have categories.
pub(crate) fn has_categories(instance: &Instance) -> bool {
    instance.service_type() == ServiceType::Product
}

/// Returns whether the category of a picture can be predicted: others have one.
pub(crate) fn is_predictable(instance: &Instance) -> bool {
    has_categories(instance) && instance.has_categories()
}

/// Predicts the category of a picture: that of most of its nearest neighbours, or else 88888888.
///
/// The service recognizes what a picture shows. The emulator does not: it goes by the five most
/// similar stored pictures that score at least 0.4, and of equally frequent categories it takes that of
/// the most similar.
pub(crate) fn predicted_category(
    instance: &Instance,
    query: &Query,
    threads: &Threads,
) -> CategoryId {
    if !is_predictable(instance) {
        return CategoryId::OTHER;
    }
    category_of_neighbours(&instance.nearest(query, NEIGHBOURS, LEAST_SCORE, threads.count, None))
}

/// Predicts the category from pictures that begin with the nearest of all.
pub(crate) fn category_of_neighbours(nearest: &Nearest) -> CategoryId {
    let neighbours = nearest.images.iter().take(NEIGHBOURS);
    let alike = neighbours.take_while(|(_, hit)| score(hit.cosine) >= LEAST_SCORE);
    majority(alike.map(|(image, _)| image.category)).unwrap_or(CategoryId::OTHER)
}

/// Returns the most frequent category, the earlier one of equally frequent ones.
fn majority(categories: impl Iterator<Item = CategoryId>) -> Option<CategoryId> {
    let mut counts: BTreeMap<CategoryId, (usize, usize)> = BTreeMap::new();
    for (place, category) in categories.enumerate() {
        counts.entry(category).or_insert((0, usize::MAX - place)).0 += 1;
    }
    counts.into_iter().max_by_key(|(_, frequency)| *frequency).map(|(category, _)| category)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_wins_and_of_equals_the_nearest() {
        for (categories, expected) in [
            (vec![], None),
            (vec![3], Some(3)),
            (vec![1, 2, 2], Some(2)),
            (vec![2, 1, 1, 2], Some(2)),
            (vec![1, 2, 2, 1, 0], Some(1)),
            (vec![88888888, 1, 2], Some(88888888)),
        ] {
            let found = majority(categories.iter().map(|id| CategoryId::new(*id)));
            assert_eq!(found, expected.map(CategoryId::new), "{categories:?}");
        }
    }
}
