use std::sync::Arc;

use axum::body::Body;
use http::Response;
use imagesearch_core::SearchImageByPicResponse;

use super::category::{named_category, predicted_category};
use super::hits::{Answered, Selection};
use super::{Call, SUCCESS, pic_info::pic_info, view::View};
use crate::answer::{self, Refusal};

/// Lists the stored pictures that are most like one that is sent.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let answered = search(&call).await?;
    let mut response = SearchImageByPicResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.msg = Some(SUCCESS.to_owned());
    response.head = Some(answered.found.head);
    response.auctions = answered.found.auctions;
    response.pic_info = Some(pic_info(&call, answered.category, &answered.boxes));
    Ok(answer::with_list(call.request_id, &response, &["Auctions"]))
}

/// Searches with the picture of a call.
pub(super) async fn search(call: &Call<'_>) -> Result<Answered, Refusal> {
    let view = View::of(call, "PicContent")?;
    let selection = Selection::of(call);
    let named = named_category(&call.instance, &call.parameters);
    let instance = Arc::clone(&call.instance);
    let look = move || {
        let seen = view.decode()?;
        let query = seen.query();
        // Only told: what is searched are all categories, unless the call names one.
        let category = named.unwrap_or_else(|| predicted_category(&instance, &query));
        Ok((selection.search(&instance, &query), category, seen.boxes))
    };
    let (found, category, boxes) = call.state.compute.run(look).await?;
    Ok(Answered { found, category, boxes })
}
