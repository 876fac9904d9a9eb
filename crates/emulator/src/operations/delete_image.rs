use axum::body::Body;
use http::Response;
use imagesearch_core::{DeleteImageResponse, DeletedPictures};

use super::{Call, SUCCESS};
use crate::answer::Refusal;

/// Deletes one picture, those of a product, or those that match a filter.
///
/// It succeeds also if there is nothing to delete.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let pic_names = if call.flag("IsDeleteByFilter", false) {
        let filter = call.filter().ok_or_else(|| Refusal::of("InvalidFilterClause"))?;
        call.change(|instance| instance.remove_matching(&filter))?
    } else {
        let product_id = call.text("ProductId").unwrap_or_default();
        let pic_name = call.text("PicName");
        call.change(|instance| instance.remove(&product_id, pic_name.as_deref()))?
    };
    let mut data = DeletedPictures::default();
    data.pic_names = pic_names;
    let mut response = DeleteImageResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.message = Some(SUCCESS.to_owned());
    response.data = Some(data);
    Ok(call.answer(&response))
}
