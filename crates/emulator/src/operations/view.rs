//! The part of a picture that is compared, and its descriptor.

use bytes::Bytes;
use imagesearch_core::image::ImageLimits;
use imagesearch_core::operation::{Kind, Parameter};
use imagesearch_core::{BoundingBox, CategoryId, Image, Operation, Parameters, ServiceType, Value};

use super::category::predicted_category;
use super::{Call, flag, text};
use crate::answer::Refusal;
use crate::store::instance::Instance;
use imagesearch_similarity::{
    self as similarity, DecodeError, DecodeLimits, Look, Picture, Query, Region, find_subjects,
};

/// How a request wants one of its pictures looked at.
pub(crate) struct View {
    image: Image,
    region: Option<BoundingBox>,
    find_subject: bool,
    /// The code of a box that lies outside, which differs between generations.
    region_code: &'static str,
    /// What the picture may have once it is decoded, whatever its header made validation believe.
    limits: DecodeLimits,
}

impl View {
    /// Reads a picture parameter, with `Region` and `Crop` where the operation has them.
    pub(super) fn of(call: &Call<'_>, parameter: &str) -> Result<Self, Refusal> {
        let image = call.parameters.get(parameter).and_then(Value::as_image);
        let image = image.ok_or_else(|| Refusal::of("NoSpecifiedPicContent"))?;
        Ok(Self::new(&call.instance, call.operation, &call.parameters, image))
    }

    /// Looks at a picture as parameters want it.
    ///
    /// The fabric service takes whole pictures whatever is sent.
    pub(crate) fn new(
        instance: &Instance,
        operation: &Operation,
        parameters: &Parameters,
        image: &Image,
    ) -> Self {
        let whole = instance.service_type() == ServiceType::Fabric;
        let region = text(parameters, "Region").filter(|_| !whole);
        let boxes = |parameter: &&Parameter| parameter.kind == Kind::BoundingBox;
        let region_code = operation.parameters.iter().find(boxes);
        let max_side = ImageLimits::of(&instance.service_type()).max_side;
        let max_pixels = u64::from(max_side) * u64::from(max_side);
        Self {
            limits: DecodeLimits { max_side, max_pixels },
            image: image.clone(),
            region: region.and_then(|text| text.parse().ok()),
            find_subject: flag(parameters, "Crop", true) && !whole,
            region_code: region_code.and_then(|it| it.invalid_code).unwrap_or("InvalidRegion"),
        }
    }

    /// Returns the picture as it was sent.
    pub(super) fn bytes(&self) -> Option<Bytes> {
        self.image.bytes().cloned()
    }

    /// Decodes the picture, cuts it to the given box, or else finds its subject if that is wanted.
    pub(super) fn decode(self) -> Result<Seen, Refusal> {
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
            return Ok(Seen { picture, subject: None, boxes: Boxes::one(given) });
        }
        let subjects = if self.find_subject { find_subjects(&picture) } else { None };
        let subject = subjects.as_ref().map(|subjects| subjects.all);
        let main = subject.unwrap_or_else(|| picture.region());
        let each = subjects.map_or_else(|| vec![main], |subjects| subjects.each);
        let boxes =
            Boxes { main: on_wire(main), each: each.into_iter().filter_map(on_wire).collect() };
        Ok(Seen { picture, subject, boxes })
    }
}

/// A decoded picture, and what is compared of it.
pub(super) struct Seen {
    /// What the given box holds, or all of the picture.
    picture: Picture,
    /// What stands out; never looked for within a given box.
    subject: Option<Region>,
    pub(super) boxes: Boxes,
}

/// Where in a picture its subjects are, in pixels of what was sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Boxes {
    /// The given box, that around all subjects, or the whole picture.
    pub(crate) main: Option<BoundingBox>,
    /// The boxes of several subjects, largest first, or the same box again.
    pub(crate) each: Vec<BoundingBox>,
}

impl Boxes {
    pub(super) fn one(main: BoundingBox) -> Self {
        Self { main: Some(main), each: vec![main] }
    }
}

/// Turns a box into what answers have.
fn on_wire(region: Region) -> Option<BoundingBox> {
    region.to_string().parse().ok()
}

impl Seen {
    /// Describes the picture to be stored.
    pub(super) fn look(&self) -> Look {
        Look::of(&self.picture, self.subject)
    }

    /// Describes the picture to search with.
    pub(super) fn query(&self) -> Query {
        Query::of(&self.picture, self.subject)
    }
}

/// What is to be stored of a picture.
pub(crate) struct Examined {
    pub(crate) look: Look,
    pub(crate) boxes: Boxes,
    pub(crate) category: CategoryId,
}

/// Decodes and describes a picture that is to be stored, and files it under the named category or
/// under one that is predicted.
pub(crate) fn examine(
    view: View,
    instance: &Instance,
    named: Option<CategoryId>,
) -> Result<Examined, Refusal> {
    let seen = view.decode()?;
    let look = seen.look();
    let category = named.unwrap_or_else(|| predicted_category(instance, &look.clone().into()));
    Ok(Examined { look, boxes: seen.boxes, category })
}

fn explain(error: &DecodeError) -> Refusal {
    let code = match error {
        DecodeError::TooLarge { .. } => "UnsupportedPicPixels",
        _ => "UnsupportedPicFormat",
    };
    Refusal::of(code).because(error.to_string())
}
