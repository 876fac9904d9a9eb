use axum::body::Body;
use http::Response;
use imagesearch_core::v2019::DeleteImageResponse;

use crate::answer::Refusal;
use crate::operations::{Call, SUCCESS};

/// Deletes one picture of a product, or all of them if none is named.
///
/// It succeeds also if there is nothing to delete.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let product_id = call.text("ProductId").unwrap_or_default();
    let pic_name = call.text("PicName");
    call.change(|instance| instance.remove(&product_id, pic_name.as_deref()))?;
    let mut response = DeleteImageResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.message = Some(SUCCESS.to_owned());
    Ok(call.answer(&response))
}
