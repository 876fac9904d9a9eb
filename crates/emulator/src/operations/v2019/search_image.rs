use axum::body::Body;
use http::Response;
use imagesearch_core::v2019::{
    Auction, CategoryInfo, Head, MultiRegion, PicInfo, SearchImageResponse,
};

use crate::answer::{self, Refusal};
use crate::operations::hits::Answered;
use crate::operations::pic_info::pic_info;
use crate::operations::{Call, SUCCESS, search_image_by_name, search_image_by_pic};

/// Lists the stored pictures that are most like one that is sent, or like one of them.
pub(super) async fn run(call: Call<'_>) -> Result<Response<Body>, Refusal> {
    let by_name = call.text("Type").is_some_and(|kind| kind == "SearchByName");
    let answered = if by_name {
        search_image_by_name::search(&call).await?
    } else {
        search_image_by_pic::search(&call).await?
    };
    let mut head = Head::default();
    head.docs_found = answered.found.head.docs_found;
    head.docs_return = answered.found.head.docs_return;
    head.search_time = answered.found.head.search_time;
    let mut response = SearchImageResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.code = Some(0);
    response.msg = Some(SUCCESS.to_owned());
    response.head = Some(head);
    response.pic_info = Some(old_pic_info(&call, &answered));
    response.auctions = answered.found.auctions.into_iter().map(old_auction).collect();
    Ok(answer::with_list(call.request_id, &response, &["Auctions"]))
}

/// Leaves the attributes out that this version does not know.
fn old_auction(found: imagesearch_core::Auction) -> Auction {
    let mut row = Auction::default();
    row.product_id = found.product_id;
    row.pic_name = found.pic_name;
    row.category_id = found.category_id;
    row.custom_content = found.custom_content;
    row.sort_expr_values = found.sort_expr_values;
    row.score = found.score;
    row.int_attr = found.int_attr;
    row.str_attr = found.str_attr;
    row
}

fn old_pic_info(call: &Call<'_>, answered: &Answered) -> PicInfo {
    let new = pic_info(call, answered.category, &answered.boxes);
    let mut info = PicInfo::default();
    info.category_id = new.category_id;
    info.region = new.region;
    info.multi_region = new
        .multi_region
        .into_iter()
        .map(|found| {
            let mut row = MultiRegion::default();
            row.region = found.region;
            row
        })
        .collect();
    info.all_categories = new
        .all_categories
        .into_iter()
        .map(|known| {
            let mut row = CategoryInfo::default();
            row.id = known.id;
            row.name = known.name;
            row
        })
        .collect();
    info
}
