//! The answers of 2018-01-20: nested lists, and numbers as texts.

use imagesearch_core::v2018::{
    AddItemResponse, AllCategory, Auction, Auctions, CategoryInfo, DeleteItemResponse, Head,
    PicInfo, SearchItemResponse,
};

use super::v2020::{categories, sort_expr_values};
use super::{Present, Presenter, success};
use crate::service::outcome::{Added, Deleted, Found, Hit, Recognized};

impl Present<Added> for AddItemResponse {
    fn present(_added: Added, presenter: &Presenter<'_>) -> Self {
        success!(Self, presenter, message)
    }
}

impl Present<Deleted> for DeleteItemResponse {
    fn present(_deleted: Deleted, presenter: &Presenter<'_>) -> Self {
        success!(Self, presenter, message)
    }
}

impl Present<Found> for SearchItemResponse {
    const LIST: &'static [&'static str] = &["Auctions", "Auction"];

    fn present(found: Found, presenter: &Presenter<'_>) -> Self {
        let mut head = Head::default();
        head.docs_found = i32::try_from(found.total).ok();
        head.docs_return = i32::try_from(found.hits.len()).ok();
        head.search_time = i32::try_from(found.elapsed.as_millis()).ok();
        let mut auctions = Auctions::default();
        auctions.auction = found.hits.iter().map(auction).collect();
        let mut response = success!(Self, presenter, message);
        response.head = Some(head);
        response.pic_info = Some(pic_info(&found.recognized));
        response.auctions = Some(auctions);
        response
    }
}

fn auction(hit: &Hit) -> Auction {
    let image = &hit.image;
    let mut row = Auction::default();
    row.item_id = Some(image.key.product_id.clone());
    row.pic_name = Some(image.key.pic_name.clone());
    row.cat_id = Some(image.category.to_string());
    row.cust_content.clone_from(&image.attributes.custom_content);
    row.sort_expr_values = Some(sort_expr_values(hit));
    row
}

/// Tells category and box, and the categories there are.
fn pic_info(recognized: &Recognized) -> PicInfo {
    let mut all = AllCategory::default();
    let categories = categories(recognized.has_categories).map(|(id, name)| {
        let mut row = CategoryInfo::default();
        row.id = Some(id.to_string());
        row.name = Some(name.to_owned());
        row
    });
    all.category = categories.collect();
    let mut info = PicInfo::default();
    info.category = Some(recognized.category.to_string());
    info.region = recognized.boxes.main;
    info.all_category = Some(all);
    info
}
