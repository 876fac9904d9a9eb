//! `PicInfo`: what was made of the picture of a request.

use imagesearch_core::{CATEGORIES, CategoryId, CategoryInfo, MultiRegion, PicInfo, ServiceType};

use super::Call;
use super::view::Boxes;

/// Tells the category, and where the subjects are.
pub(super) fn pic_info(call: &Call<'_>, category: CategoryId, boxes: &Boxes) -> PicInfo {
    let mut info = PicInfo::default();
    info.category_id = Some(category);
    info.region = boxes.main;
    info.multi_region = boxes
        .each
        .iter()
        .map(|subject| {
            let mut row = MultiRegion::default();
            row.region = Some(*subject);
            row
        })
        .collect();
    let product = call.instance.service_type() == ServiceType::Product;
    info.all_categories = CATEGORIES
        .iter()
        .map(|(id, name)| (CategoryId::new(*id), *name))
        .filter(|(id, _)| product || *id == CategoryId::OTHER)
        .map(|(id, name)| {
            let mut row = CategoryInfo::default();
            row.id = Some(id);
            row.name = Some(name.to_owned());
            row
        })
        .collect();
    info
}
