//! The answers of 2020-12-14.

use std::time::Duration;

use imagesearch_core::answers::{
    AddImageResponse, Auction, CategoryInfo, CheckImageExistsResponse,
    CompareSimilarByImageResponse, DeleteImageResponse, DeletedPictures, DetailResponse,
    DumpMetaListResponse, DumpMetaPage, DumpMetaResponse, DumpMetaTask, Head,
    IncreaseInstanceResponse, IncreaseListResponse, IncreasePage, IncreaseTask, Increments,
    InstanceDetail, MultiRegion, PicInfo, SearchImageByFilterResponse, SearchImageByNameResponse,
    SearchImageByPicResponse, SearchImageByTextResponse, StartedDumpMeta, StartedIncrease,
    TaskStatus, UpdateImageResponse,
};
use imagesearch_core::values::{CATEGORIES, CategoryId, SortExprValues, TaskId, Timestamp};

use super::{Present, Presenter, success};
use crate::service::outcome::{
    Added, Checked, Compared, Deleted, Described, Found, Hit, Listed, Recognized, Started, TaskRow,
    Tasks, Updated,
};
use crate::service::stored_picture::stored_picture;
use crate::store::StoredImage;
use crate::store::tasks::{Job, Task};

/// What instances are bought for: a year.
const TERM: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// `Detail` counts the capacity in units of so many pictures.
const CAPACITY_UNIT: u64 = 10_000;

impl Present<Added> for AddImageResponse {
    fn present(Added(recognized): Added, presenter: &Presenter<'_>) -> Self {
        let mut response = success!(Self, presenter, message);
        response.pic_info = Some(pic_info(&recognized));
        response
    }
}

impl Present<Checked> for CheckImageExistsResponse {
    fn present(Checked(image): Checked, presenter: &Presenter<'_>) -> Self {
        let mut response = success!(Self, presenter, msg);
        response.exists = Some(image.is_some());
        response.auctions = image.as_deref().map(stored_picture);
        response
    }
}

impl Present<Compared> for CompareSimilarByImageResponse {
    fn present(Compared { score }: Compared, presenter: &Presenter<'_>) -> Self {
        let mut response = success!(Self, presenter, msg);
        response.score = Some(score);
        response
    }
}

impl Present<Deleted> for DeleteImageResponse {
    fn present(Deleted { pic_names }: Deleted, presenter: &Presenter<'_>) -> Self {
        let mut data = DeletedPictures::default();
        data.pic_names = pic_names;
        let mut response = success!(Self, presenter, message);
        response.data = Some(data);
        response
    }
}

impl Present<Updated> for UpdateImageResponse {
    fn present(Updated: Updated, presenter: &Presenter<'_>) -> Self {
        success!(Self, presenter, message)
    }
}

impl Present<Described> for DetailResponse {
    fn present(Described(instance): Described, presenter: &Presenter<'_>) -> Self {
        let settings = &instance.settings;
        let mut detail = InstanceDetail::default();
        detail.name = Some(settings.name.clone());
        detail.region = Some(settings.region.clone());
        detail.service_type = Some(settings.service_type);
        detail.capacity = i32::try_from(settings.capacity.div_ceil(CAPACITY_UNIT)).ok();
        detail.qps = i32::try_from(settings.qps).ok();
        detail.total_count = i64::try_from(instance.len()).ok();
        detail.utc_create = Some(instance.created);
        detail.utc_expire_time = Some(instance.created.saturating_add(TERM));
        let mut response = Self::default();
        response.request_id = presenter.request_id();
        response.success = Some(true);
        response.instance = Some(detail);
        response
    }
}

/// Writes the answers of searches, which are alike.
macro_rules! found {
    ($($response:ident),*) => {
        $(impl Present<Found> for $response {
            const LIST: &'static [&'static str] = &["Auctions"];

            fn present(found: Found, presenter: &Presenter<'_>) -> Self {
                let mut response = success!(Self, presenter, msg);
                response.head = Some(head(&found));
                response.auctions = found.hits.iter().map(scored).collect();
                response.pic_info = Some(pic_info(&found.recognized));
                response
            }
        })*
    };
}

found!(SearchImageByNameResponse, SearchImageByPicResponse, SearchImageByTextResponse);

impl Present<Listed> for SearchImageByFilterResponse {
    const LIST: &'static [&'static str] = &["Auctions"];

    fn present(Listed(images): Listed, presenter: &Presenter<'_>) -> Self {
        let mut response = success!(Self, presenter, msg);
        response.auctions = images.iter().map(|image| auction(image)).collect();
        response
    }
}

impl Present<Started> for DumpMetaResponse {
    fn present(Started(task): Started, presenter: &Presenter<'_>) -> Self {
        let mut data = StartedDumpMeta::default();
        data.id = Some(TaskId::new(task.id));
        data.dump_meta_status = Some(TaskStatus::Processing);
        let mut response = Self::default();
        response.request_id = presenter.request_id();
        response.success = Some(true);
        response.data = Some(data);
        response
    }
}

impl Present<Started> for IncreaseInstanceResponse {
    fn present(Started(task): Started, presenter: &Presenter<'_>) -> Self {
        let mut data = StartedIncrease::default();
        data.id = Some(TaskId::new(task.id));
        data.increment_status = Some(TaskStatus::Processing);
        let mut response = Self::default();
        response.request_id = presenter.request_id();
        response.success = Some(true);
        response.data = Some(data);
        response
    }
}

impl Present<Tasks> for DumpMetaListResponse {
    const LIST: &'static [&'static str] = &["Data", "DumpMetaList"];

    fn present(tasks: Tasks, presenter: &Presenter<'_>) -> Self {
        let mut data = DumpMetaPage::default();
        data.page_number = Some(tasks.number);
        data.page_size = Some(tasks.size);
        data.total_count = i64::try_from(tasks.total).ok();
        data.dump_meta_list = tasks.rows.iter().map(|row| dump_meta_task(row, presenter)).collect();
        let mut response = Self::default();
        response.request_id = presenter.request_id();
        response.data = Some(data);
        response
    }
}

impl Present<Tasks> for IncreaseListResponse {
    const LIST: &'static [&'static str] = &["Data", "Increments", "Instance"];

    fn present(tasks: Tasks, presenter: &Presenter<'_>) -> Self {
        let mut increments = Increments::default();
        increments.instance = tasks.rows.iter().map(|row| increase_task(row, presenter)).collect();
        let mut data = IncreasePage::default();
        data.page_number = Some(tasks.number);
        data.page_size = Some(tasks.size);
        data.total_count = i64::try_from(tasks.total).ok();
        data.increments = Some(increments);
        let mut response = Self::default();
        response.request_id = presenter.request_id();
        response.data = Some(data);
        response
    }
}

/// Sets the columns that lists of both kinds of tasks have; the address is fresh in each.
macro_rules! task_columns {
    ($row:ident, $task:ident, $presenter:ident, $url:ident) => {{
        let TaskRow { task, file } = $task;
        let Task { progress, created, modified, .. } = task;
        let (status, code, message) = progress.listed();
        $row.id = Some(TaskId::new(task.id));
        $row.status = Some(status);
        $row.code = Some(code.to_owned());
        $row.msg = Some(message.to_owned());
        $row.$url = file.as_deref().map(|path| $presenter.address(path));
        $row.utc_create = Some(Timestamp::from_millisecond(*created));
        $row.utc_modified = Some(Timestamp::from_millisecond(*modified));
    }};
}

fn dump_meta_task(task: &TaskRow, presenter: &Presenter<'_>) -> DumpMetaTask {
    let mut row = DumpMetaTask::default();
    task_columns!(row, task, presenter, meta_url);
    row
}

fn increase_task(task: &TaskRow, presenter: &Presenter<'_>) -> IncreaseTask {
    let mut row = IncreaseTask::default();
    task_columns!(row, task, presenter, error_url);
    if let Job::Increase { bucket, path, callback } = &task.task.job {
        row.bucket_name = Some(bucket.clone());
        row.path = Some(path.clone());
        row.callback_address.clone_from(callback);
    }
    row
}

fn head(found: &Found) -> Head {
    let mut head = Head::default();
    head.docs_found = i32::try_from(found.total).ok();
    head.docs_return = i32::try_from(found.hits.len()).ok();
    head.search_time = i32::try_from(found.elapsed.as_millis()).ok();
    head
}

/// Tells the category, and where the subjects are.
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

/// Lists the categories there are, or for an instance without any the one that stands for that.
pub(super) fn categories(all: bool) -> impl Iterator<Item = (CategoryId, &'static str)> {
    let categories = CATEGORIES.iter().map(|(id, name)| (CategoryId::new(*id), *name));
    categories.filter(move |(id, _)| all || *id == CategoryId::OTHER)
}

fn scored(hit: &Hit) -> Auction {
    let mut row = auction(&hit.image);
    row.score = Some(hit.score);
    row.sort_expr_values = Some(sort_expr_values(hit));
    row
}

/// Lists a stored picture without a score.
fn auction(image: &StoredImage) -> Auction {
    let attributes = image.attributes.clone();
    let mut row = Auction::default();
    row.product_id = Some(image.key.product_id.clone());
    row.pic_name = Some(image.key.pic_name.clone());
    row.category_id = Some(image.category);
    row.custom_content = attributes.custom_content;
    [row.int_attr, row.int_attr2, row.int_attr3, row.int_attr4] = attributes.integers;
    [row.str_attr, row.str_attr2, row.str_attr3, row.str_attr4] = attributes.strings;
    row
}

/// Writes the deprecated score, whose documented maximum depends on the category.
pub(super) fn sort_expr_values(hit: &Hit) -> SortExprValues {
    deprecated_score(hit.image.category, hit.score)
}

fn deprecated_score(category: CategoryId, score: f64) -> SortExprValues {
    let most = match category.get() {
        0..=2 => 7.331_364_437_112_19e24,
        _ => 5.376_333_536_241_77e24,
    };
    let number = format!("{:.14e}", most * score).replace('e', "e+");
    SortExprValues::from(format!("{number};0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deprecated_score_looks_as_documented() {
        for (category, score, expected) in [
            (88888888, 1.0, "5.37633353624177e+24;0"),
            (2, 1.0, "7.33136443711219e+24;0"),
            (3, 0.5, "2.68816676812088e+24;0"),
            (3, 0.0, "0.00000000000000e+0;0"),
        ] {
            let values = deprecated_score(CategoryId::new(category), score);
            assert_eq!(values.as_str(), expected);
            assert_eq!(values.order(), Some(0));
        }
    }
}
