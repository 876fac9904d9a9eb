use std::sync::Arc;

use axum::body::Body;
use http::Response;
use imagesearch_core::SearchImageByNameResponse;

use super::hits::Selection;
use super::{Call, SUCCESS, pic_info::pic_info, view};
use crate::answer::{self, Refusal};
use crate::similarity::Query;

/// Lists the stored pictures that are most like one of them.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let (image, descriptor) =
        call.instance.described(&call.key()).ok_or_else(|| Refusal::of("PicNotExist"))?;
    // Pixels are not kept, so a mirrored copy is found only as far as it looks alike unmirrored.
    let query = Query { mirrored: descriptor.clone(), plain: descriptor };
    let selection = Selection::of(&call);
    let instance = Arc::clone(&call.instance);
    let search = move || Ok(selection.search(&instance, &query));
    let found = call.state.compute.run(search).await?;
    let category = view::named_category(&call).unwrap_or(image.category);
    let mut response = SearchImageByNameResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.msg = Some(SUCCESS.to_owned());
    response.head = Some(found.head);
    response.auctions = found.auctions;
    response.pic_info = Some(pic_info(&call, category, None));
    Ok(answer::with_auctions(call.request_id, &response))
}
