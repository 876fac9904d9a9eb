use axum::body::Body;
use http::Response;
use imagesearch_core::{Value, v2018::DeleteItemResponse};

use crate::answer::Refusal;
use crate::operations::{Call, SUCCESS};

/// Deletes the listed pictures of an item, or all of them if none is listed.
///
/// It succeeds also if there is nothing to delete.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let product_id = call.text("ProductId").unwrap_or_default();
    call.change(|instance| match call.parameters.get("pic_list") {
        Some(Value::Names(names)) => {
            instance.remove_named(&product_id, names.iter().map(String::as_str))
        }
        _ => instance.remove(&product_id, None),
    })?;
    let mut response = DeleteItemResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.message = Some(SUCCESS.to_owned());
    Ok(call.answer(&response))
}
