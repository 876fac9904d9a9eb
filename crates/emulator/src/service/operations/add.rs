//! Pictures that a call adds, and what is stored with them.

use std::sync::Arc;

use imagesearch_core::values::CategoryId;

use super::search::recognized;
use crate::service::Service;
use crate::service::generated::v2020::AddImage;
use crate::service::outcome::{Added, Boxes};
use crate::service::picture::has_categories;
use crate::service::picture::{PictureInput, describe};
use crate::service::refusal::Refusal;
use crate::store::instance::Instance;
use crate::store::{Attributes, ImageKey, NewImage, StoreError, StoredImage};

/// Stores pictures, all with the same attributes, or replaces those of the same keys; if one is
/// refused, none is stored.
///
/// The category is that which the request names, where the instance has categories.
pub(crate) async fn add(
    service: &Service,
    instance: Arc<Instance>,
    pictures: Vec<(ImageKey, PictureInput)>,
    category: Option<CategoryId>,
    attributes: Attributes,
) -> Result<Added, Refusal> {
    if !instance.has_room_for(pictures.iter().map(|(key, _)| key)) {
        return Err(StoreError::Full.into());
    }
    let named = category.filter(|_| has_categories(&instance));
    let mut last = (named.unwrap_or(CategoryId::OTHER), Boxes::default());
    let mut images = Vec::with_capacity(pictures.len());
    for (key, picture) in pictures {
        let bytes = picture.bytes();
        let of = Arc::clone(&instance);
        // One at a time, so that an item of many pictures does not keep others waiting.
        let described =
            service.compute.run(move |turn| describe(picture, &of, named, turn)).await?;
        let (category, region) = (described.category, described.boxes.main);
        let image = StoredImage { key, category, region, attributes: attributes.clone() };
        images.push(NewImage { image, look: described.look, picture: bytes });
        last = (category, described.boxes);
    }
    // It may wait for the disk, while other tasks go on elsewhere.
    tokio::task::block_in_place(|| instance.put(images))?;
    let (category, boxes) = last;
    Ok(Added(recognized(&instance, category, boxes)))
}

/// Takes the attributes that `AddImage` sets.
pub(crate) fn attributes_of(input: &AddImage) -> Attributes {
    Attributes {
        custom_content: input.custom_content.clone(),
        integers: [input.int_attr, input.int_attr2, input.int_attr3, input.int_attr4],
        strings: [&input.str_attr, &input.str_attr2, &input.str_attr3, &input.str_attr4]
            .map(Clone::clone),
    }
}
