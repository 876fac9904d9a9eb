use std::sync::Arc;

use axum::body::Body;
use http::Response;
use imagesearch_core::SearchImageByNameResponse;

use super::category::named_category;
use super::hits::{Answered, Selection};
use super::view::Boxes;
use super::{Call, SUCCESS, pic_info::pic_info};
use crate::answer::{self, Refusal};
use imagesearch_similarity::Query;

/// Lists the stored pictures that are most like one of them.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let answered = search(&call).await?;
    let mut response = SearchImageByNameResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.msg = Some(SUCCESS.to_owned());
    response.head = Some(answered.found.head);
    response.auctions = answered.found.auctions;
    response.pic_info = Some(pic_info(&call, answered.category, &answered.boxes));
    Ok(answer::with_list(call.request_id, &response, &["Auctions"]))
}

/// Searches with the stored picture that a call names.
pub(super) async fn search(call: &Call<'_>) -> Result<Answered, Refusal> {
    let (image, look) =
        call.instance.described(&call.key()).ok_or_else(|| Refusal::of("PicNotExist"))?;
    // Pixels are not kept, so a mirrored copy is found only as far as it looks alike unmirrored.
    let query = Query::from(look);
    let selection = Selection::of(call);
    let instance = Arc::clone(&call.instance);
    let found = call.state.compute.run(move || Ok(selection.search(&instance, &query))).await?;
    let category = named_category(&call.instance, &call.parameters).unwrap_or(image.category);
    let boxes = image.region.map_or_else(Boxes::default, Boxes::one);
    Ok(Answered { found, category, boxes })
}
