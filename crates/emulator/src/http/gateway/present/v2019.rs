//! The answers of 2019-03-25, without the attributes that this version does not know.

use imagesearch_core::v2019::{
    AddImageResponse, Auction, CategoryInfo, DeleteImageResponse, Head, MultiRegion, PicInfo,
    SearchImageResponse,
};

use super::v2020::{categories, sort_expr_values};
use super::{Present, Presenter, success};
use crate::service::outcome::{Added, Deleted, Found, Hit, Recognized};

impl Present<Added> for AddImageResponse {
    fn present(Added(recognized): Added, presenter: &Presenter<'_>) -> Self {
        let mut info = PicInfo::default();
        info.category_id = Some(recognized.category);
        info.region = recognized.boxes.main;
        let mut response = success!(Self, presenter, message);
        response.pic_info = Some(info);
        response
    }
}

impl Present<Deleted> for DeleteImageResponse {
    fn present(_deleted: Deleted, presenter: &Presenter<'_>) -> Self {
        success!(Self, presenter, message)
    }
}

impl Present<Found> for SearchImageResponse {
    const LIST: &'static [&'static str] = &["Auctions"];

    fn present(found: Found, presenter: &Presenter<'_>) -> Self {
        let mut head = Head::default();
        head.docs_found = i32::try_from(found.total).ok();
        head.docs_return = i32::try_from(found.hits.len()).ok();
        head.search_time = i32::try_from(found.elapsed.as_millis()).ok();
        let mut response = success!(Self, presenter, msg);
        response.head = Some(head);
        response.auctions = found.hits.iter().map(auction).collect();
        response.pic_info = Some(pic_info(&found.recognized));
        response
    }
}

fn auction(hit: &Hit) -> Auction {
    let image = &hit.image;
    let [int_attr, ..] = image.attributes.integers;
    let [str_attr, ..] = &image.attributes.strings;
    let mut row = Auction::default();
    row.product_id = Some(image.key.product_id.clone());
    row.pic_name = Some(image.key.pic_name.clone());
    row.category_id = Some(image.category);
    row.custom_content.clone_from(&image.attributes.custom_content);
    row.sort_expr_values = Some(sort_expr_values(hit));
    row.score = Some(hit.score);
    row.int_attr = int_attr;
    row.str_attr.clone_from(str_attr);
    row
}

fn pic_info(recognized: &Recognized) -> PicInfo {
    let mut info = PicInfo::default();
    info.category_id = Some(recognized.category);
    info.region = recognized.boxes.main;
    let each = recognized.boxes.each.iter().map(|subject| {
        let mut row = MultiRegion::default();
        row.region = Some(*subject);
        row
    });
    info.multi_region = each.collect();
    let all = categories(recognized.has_categories).map(|(id, name)| {
        let mut row = CategoryInfo::default();
        row.id = Some(id);
        row.name = Some(name.to_owned());
        row
    });
    info.all_categories = all.collect();
    info
}
