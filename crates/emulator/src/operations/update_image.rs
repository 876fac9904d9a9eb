use axum::body::Body;
use http::Response;
use imagesearch_core::UpdateImageResponse;

use super::{Call, SUCCESS};
use crate::answer::Refusal;
use crate::store::Attributes;

/// Sets what the request sets and keeps the rest.
///
/// That an absent picture is refused with `PicNotExist` is assumed; the documentation lists the
/// code without saying when it comes.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let product_id = call.text("ProductId").unwrap_or_default();
    let pic_name = call.text("PicName");
    let change = Attributes::of(&call.parameters);
    let changed =
        call.change(|instance| instance.update(&product_id, pic_name.as_deref(), &change))?;
    if changed == 0 {
        return Err(Refusal::of("PicNotExist"));
    }
    let mut response = UpdateImageResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.message = Some(SUCCESS.to_owned());
    Ok(call.answer(&response))
}
