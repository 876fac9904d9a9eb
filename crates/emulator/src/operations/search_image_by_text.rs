mod terms;

use std::sync::Arc;

use axum::body::Body;
use http::Response;
use imagesearch_core::{CategoryId, SearchImageByTextResponse};

use super::hits::Selection;
use super::view::Boxes;
use super::{Call, SUCCESS, pic_info::pic_info};
use crate::answer::{self, Refusal};
use crate::store::StoredImage;
use terms::{query_terms, stored_terms};

/// Lists the stored pictures whose names and custom content share words with a text.
///
/// The service compares the text with what pictures show. The emulator does not know that: the score
/// of a picture is the share of the text's terms that are in its product id, picture name or custom
/// content. Pictures with none of them are no hits. That other instances than multimodal ones answer
/// `UnsupportedInstanceType` is assumed, and so is the category, which is that of the best hit.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    if !call.instance.settings.multimodal {
        return Err(Refusal::of("UnsupportedInstanceType")
            .because("the instance is not multimodal; set that when it is made"));
    }
    let wanted = query_terms(&call.text("Text").unwrap_or_default());
    let selection = Selection::of(&call);
    let instance = Arc::clone(&call.instance);
    let score = move |image: &StoredImage| {
        let stored = stored_terms([
            image.key.product_id.as_str(),
            image.key.pic_name.as_str(),
            image.attributes.custom_content.as_deref().unwrap_or_default(),
        ]);
        let found = wanted.iter().filter(|term| stored.contains(*term)).count();
        if found == 0 { 0.0 } else { found as f32 / wanted.len() as f32 }
    };
    let found = call.state.compute.run(move || Ok(selection.scan(&instance, score))).await?;
    let best = found.auctions.first().and_then(|best| best.category_id);
    let mut response = SearchImageByTextResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.msg = Some(SUCCESS.to_owned());
    response.head = Some(found.head);
    response.auctions = found.auctions;
    response.pic_info = Some(pic_info(&call, best.unwrap_or(CategoryId::OTHER), &Boxes::default()));
    Ok(answer::with_list(call.request_id, &response, &["Auctions"]))
}
