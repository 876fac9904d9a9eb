use axum::body::Body;
use http::Response;
use imagesearch_core::v2019::{AddImageResponse, PicInfo};

use crate::answer::Refusal;
use crate::operations::{Call, SUCCESS, add_image::add};

/// Stores a picture, or replaces that of the same names.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let added = add(&call).await?;
    let mut info = PicInfo::default();
    info.category_id = Some(added.category);
    info.region = added.boxes.main;
    let mut response = AddImageResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.message = Some(SUCCESS.to_owned());
    response.pic_info = Some(info);
    Ok(call.answer(&response))
}
