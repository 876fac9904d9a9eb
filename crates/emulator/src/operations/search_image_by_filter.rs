use std::sync::Arc;

use axum::body::Body;
use http::Response;
use imagesearch_core::SearchImageByFilterResponse;

use super::hits::{auction, window};
use super::{Call, SUCCESS};
use crate::answer::{self, Refusal};

/// Lists the stored pictures that match a filter, in the order they were added.
pub(super) async fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let filter = call.filter().ok_or_else(|| Refusal::of("InvalidFilterClause"))?;
    let (start, count) = window(call);
    let instance = Arc::clone(&call.instance);
    let matching = move || Ok(instance.matching(&filter, start, count));
    let images = call.state.compute.run(matching).await?;
    let mut response = SearchImageByFilterResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.msg = Some(SUCCESS.to_owned());
    response.auctions = images.iter().map(|image| auction(image)).collect();
    Ok(answer::with_list(call.request_id, &response, &["Auctions"]))
}
