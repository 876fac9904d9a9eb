use axum::body::Body;
use http::Response;
use imagesearch_core::CheckImageExistsResponse;

use super::hits::stored_picture;
use super::{Call, SUCCESS};
use crate::answer::Refusal;

/// Tells whether a picture is stored, and what is stored with it.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let image = call.instance.get(&call.key());
    let mut response = CheckImageExistsResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.msg = Some(SUCCESS.to_owned());
    response.exists = Some(image.is_some());
    response.auctions = image.as_deref().map(stored_picture);
    Ok(call.answer(&response))
}
