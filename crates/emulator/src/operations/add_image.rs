use std::sync::Arc;

use axum::body::Body;
use http::Response;
use imagesearch_core::{AddImageResponse, CategoryId};

use super::category::named_category;
use super::view::{Boxes, Examined, View, examine};
use super::{Call, SUCCESS, pic_info::pic_info};
use crate::answer::Refusal;
use crate::store::{Attributes, ImageKey, NewImage, StoreError, StoredImage};

/// Stores a picture, or replaces that of the same names.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let added = add(&call).await?;
    let mut response = AddImageResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.message = Some(SUCCESS.to_owned());
    response.pic_info = Some(pic_info(&call, added.category, &added.boxes));
    Ok(call.answer(&response))
}

/// What became of stored pictures: category of the last one, and where its subjects are.
pub(super) struct Added {
    pub(super) category: CategoryId,
    pub(super) boxes: Boxes,
}

/// Stores the one picture of a call.
pub(super) async fn add(call: &Call<'_>) -> Result<Added, Refusal> {
    add_all(call, vec![(call.key(), View::of(call, "PicContent")?)]).await
}

/// Stores pictures, all with the attributes of the call; if one is refused, none is stored.
pub(super) async fn add_all(
    call: &Call<'_>,
    views: Vec<(ImageKey, View)>,
) -> Result<Added, Refusal> {
    if !call.instance.has_room_for(views.iter().map(|(key, _)| key)) {
        return Err(StoreError::Full.into());
    }
    let named = named_category(&call.instance, &call.parameters);
    let mut added = Added { category: named.unwrap_or(CategoryId::OTHER), boxes: Boxes::default() };
    let mut images = Vec::with_capacity(views.len());
    for (key, view) in views {
        let picture = view.bytes();
        let instance = Arc::clone(&call.instance);
        // One at a time, so that an item of many pictures does not keep others waiting.
        let examine = move || examine(view, &instance, named);
        let Examined { look, boxes, category } = call.state.compute.run(examine).await?;
        let region = boxes.main;
        added = Added { category, boxes };
        let attributes = Attributes::of(&call.parameters);
        let image = StoredImage { key, category, region, attributes };
        images.push(NewImage { image, look, picture });
    }
    call.change(|instance| instance.put(images))?;
    Ok(added)
}
