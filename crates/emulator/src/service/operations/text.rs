//! Searches by text: words in names and custom content.

mod terms;

use std::sync::Arc;
use std::time::Instant;

use imagesearch_core::values::CategoryId;

use super::search::{Selection, recognized};
use crate::service::Service;
use crate::service::outcome::{Boxes, Found};
use crate::service::refusal::Refusal;
use crate::store::StoredImage;
use crate::store::instance::Instance;
use terms::{query_terms, stored_terms};

/// Lists the stored pictures whose names and custom content share words with a text.
///
/// The service compares the text with what pictures show. The emulator does not know that: the score
/// of a picture is the share of the text's terms that are in its product id, picture name or custom
/// content. Pictures with none of them are no hits. That other instances than multimodal ones answer
/// `UnsupportedInstanceType` is assumed, and so is the category, which is that of the best hit.
pub(crate) async fn by_text(
    service: &Service,
    instance: Arc<Instance>,
    text: &str,
    selection: Selection,
) -> Result<Found, Refusal> {
    if !instance.settings.multimodal {
        return Err(Refusal::of("UnsupportedInstanceType")
            .because("the instance is not multimodal; set that when it is made"));
    }
    let wanted = query_terms(text);
    let score = move |image: &StoredImage| {
        let stored = stored_terms([
            image.key.product_id.as_str(),
            image.key.pic_name.as_str(),
            image.attributes.custom_content.as_deref().unwrap_or_default(),
        ]);
        let found = wanted.iter().filter(|term| stored.contains(*term)).count();
        if found == 0 { 0.0 } else { found as f32 / wanted.len() as f32 }
    };
    let search = move |_: &_| {
        let started = Instant::now();
        let (hits, total) = selection.scan(&instance, score);
        let category = hits.first().map_or(CategoryId::OTHER, |best| best.image.category);
        let recognized = recognized(&instance, category, Boxes::default());
        Ok(Found { hits, total, elapsed: started.elapsed(), recognized })
    };
    service.compute.run(search).await
}
