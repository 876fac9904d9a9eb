use axum::body::Body;
use http::Response;
use imagesearch_core::{IncreaseListResponse, IncreasePage, IncreaseTask, Increments};

use super::Call;
use super::task_page::{Columns, TaskPage};
use crate::answer::{self, Refusal};
use crate::store::tasks::{Job, Task};

/// Lists the batch tasks, each with a fresh address of its file of errors.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let wanted_bucket = call.text("BucketName");
    let wanted_path = call.text("Path");
    let page = TaskPage::of(call, |task| match &task.job {
        Job::Increase { bucket, path, .. } => {
            wanted_bucket.as_ref().is_none_or(|it| it == bucket)
                && wanted_path.as_ref().is_none_or(|it| it == path)
        }
        Job::DumpMeta => false,
    });
    let mut increments = Increments::default();
    increments.instance = page.tasks.iter().map(|task| row(call, task)).collect();
    let mut data = IncreasePage::default();
    data.increments = Some(increments);
    data.page_number = page.number;
    data.page_size = page.size;
    data.total_count = page.total;
    let mut response = IncreaseListResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.data = Some(data);
    Ok(answer::with_list(call.request_id, &response, &["Data", "Increments", "Instance"]))
}

fn row(call: &Call<'_>, task: &Task) -> IncreaseTask {
    let columns = Columns::of(call, task);
    let mut row = IncreaseTask::default();
    row.id = Some(columns.id);
    row.status = Some(columns.status);
    row.code = Some(columns.code);
    row.msg = Some(columns.message);
    row.error_url = columns.url;
    row.utc_create = Some(columns.created);
    row.utc_modified = Some(columns.modified);
    if let Job::Increase { bucket, path, callback } = &task.job {
        row.bucket_name = Some(bucket.clone());
        row.path = Some(path.clone());
        row.callback_address.clone_from(callback);
    }
    row
}
