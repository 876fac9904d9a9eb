use axum::body::Body;
use http::Response;
use imagesearch_core::v2018::{
    AllCategory, Auction, Auctions, CategoryInfo, Head, PicInfo, SearchItemResponse,
};

use crate::answer::{self, Refusal};
use crate::operations::hits::Answered;
use crate::operations::{Call, SUCCESS, pic_info::pic_info, search_image_by_pic};

/// Lists the stored pictures that are most like one that is sent, in the nested lists of old.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let answered = search_image_by_pic::search(&call).await?;
    let mut head = Head::default();
    head.docs_found = answered.found.head.docs_found;
    head.docs_return = answered.found.head.docs_return;
    head.search_time = answered.found.head.search_time;
    let mut response = SearchItemResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.message = Some(SUCCESS.to_owned());
    response.head = Some(head);
    response.pic_info = Some(old_pic_info(&call, &answered));
    let mut auctions = Auctions::default();
    auctions.auction = answered.found.auctions.into_iter().map(old_auction).collect();
    response.auctions = Some(auctions);
    Ok(answer::with_list(call.request_id, &response, &["Auctions", "Auction"]))
}

fn old_auction(found: imagesearch_core::Auction) -> Auction {
    let mut row = Auction::default();
    row.item_id = found.product_id;
    row.pic_name = found.pic_name;
    row.cat_id = found.category_id.map(|id| id.to_string());
    row.cust_content = found.custom_content;
    row.sort_expr_values = found.sort_expr_values;
    row
}

/// Tells category and box, and the categories there are, all numbers as texts.
fn old_pic_info(call: &Call<'_>, answered: &Answered) -> PicInfo {
    let new = pic_info(call, answered.category, &answered.boxes);
    let mut all = AllCategory::default();
    all.category = new
        .all_categories
        .into_iter()
        .map(|known| {
            let mut row = CategoryInfo::default();
            row.id = known.id.map(|id| id.to_string());
            row.name = known.name;
            row
        })
        .collect();
    let mut info = PicInfo::default();
    info.category = new.category_id.map(|id| id.to_string());
    info.region = new.region;
    info.all_category = Some(all);
    info
}
