use axum::body::Body;
use http::Response;
use imagesearch_core::{AddImageResponse, BoundingBox, CategoryId};

use super::{Call, SUCCESS, pic_info::pic_info, view, view::View};
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
    response.pic_info = Some(pic_info(&call, added.category, added.region));
    Ok(call.answer(&response))
}

/// What became of stored pictures.
pub(super) struct Added {
    pub(super) category: CategoryId,
    /// The box of the subject of the last picture.
    pub(super) region: Option<BoundingBox>,
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
    // A real instance of the product service predicts a category; this is the simplest prediction.
    let category = view::named_category(call).unwrap_or(CategoryId::OTHER);
    let mut added = Added { category, region: None };
    let mut images = Vec::with_capacity(views.len());
    for (key, view) in views {
        let picture = view.bytes();
        let see = move || {
            let seen = view.decode()?;
            Ok((seen.look(), seen.region))
        };
        // One at a time, so that an item of many pictures does not keep others waiting.
        let (look, region) = call.state.compute.run(see).await?;
        added.region = region;
        let attributes = Attributes::of(&call.parameters);
        let image = StoredImage { key, category, attributes };
        images.push(NewImage { image, look, picture });
    }
    call.change(|instance| instance.put(images))?;
    Ok(added)
}
