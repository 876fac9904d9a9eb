use axum::body::Body;
use http::Response;
use imagesearch_core::{DumpMetaListResponse, DumpMetaPage, DumpMetaTask};

use super::Call;
use super::task_page::{Columns, TaskPage};
use crate::answer::{self, Refusal};
use crate::store::tasks::{Job, Task};

/// Lists the exports, each with a fresh address of its file.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let page = TaskPage::of(call, |task| task.job == Job::DumpMeta);
    let mut data = DumpMetaPage::default();
    data.dump_meta_list = page.tasks.iter().map(|task| row(call, task)).collect();
    data.page_number = page.number;
    data.page_size = page.size;
    data.total_count = page.total;
    let mut response = DumpMetaListResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.data = Some(data);
    Ok(answer::with_list(call.request_id, &response, &["Data", "DumpMetaList"]))
}

fn row(call: &Call<'_>, task: &Task) -> DumpMetaTask {
    let columns = Columns::of(call, task);
    let mut row = DumpMetaTask::default();
    row.id = Some(columns.id);
    row.status = Some(columns.status);
    row.code = Some(columns.code);
    row.msg = Some(columns.message);
    row.meta_url = columns.url;
    row.utc_create = Some(columns.created);
    row.utc_modified = Some(columns.modified);
    row
}
