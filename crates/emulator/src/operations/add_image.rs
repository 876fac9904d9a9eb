use axum::body::Body;
use http::Response;
use imagesearch_core::{AddImageResponse, CategoryId};

use super::{Call, SUCCESS, pic_info::pic_info, view, view::View};
use crate::answer::Refusal;
use crate::similarity::describe;
use crate::store::{Attributes, StoredImage};

/// Stores a picture, or replaces that of the same names.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let full = || Refusal::of("InstanceOverQuota");
    let key = call.key();
    if !call.instance.has_room_for(&key) {
        return Err(full());
    }
    // A real instance of the product service predicts a category; this is the simplest prediction.
    let category = view::named_category(&call).unwrap_or(CategoryId::OTHER);
    let view = View::of(&call, "PicContent")?;
    let look = move || {
        let (picture, region) = view.decode()?;
        Ok((describe(&picture), region))
    };
    let (descriptor, region) = call.state.compute.run(look).await?;
    let image = StoredImage { key, category, attributes: Attributes::of(&call.parameters) };
    call.instance.put(image, &descriptor).map_err(|_| full())?;
    let mut response = AddImageResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.message = Some(SUCCESS.to_owned());
    response.pic_info = Some(pic_info(&call, category, Some(region)));
    Ok(call.answer(&response))
}
