//! `PicInfo`: what was made of the picture of a request.

use imagesearch_core::{
    BoundingBox, CATEGORIES, CategoryId, CategoryInfo, MultiRegion, PicInfo, ServiceType,
};

use super::Call;

/// Tells the category, and the box of the subject where a picture was sent.
pub(super) fn pic_info(
    call: &Call<'_>,
    category: CategoryId,
    region: Option<BoundingBox>,
) -> PicInfo {
    let mut info = PicInfo::default();
    info.category_id = Some(category);
    info.region = region;
    info.multi_region = region
        .map(|region| {
            let mut row = MultiRegion::default();
            row.region = Some(region);
            row
        })
        .into_iter()
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
