use axum::body::Body;
use http::Response;
use imagesearch_core::{DumpMetaResponse, StartedDumpMeta, TaskId, TaskStatus};

use super::{Call, task_page};
use crate::answer::Refusal;
use crate::store::tasks::Job;

/// Starts an export, unless one is running.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let task = task_page::start(call, Job::DumpMeta, "Console.TaskAlreadyExist")?;
    let mut data = StartedDumpMeta::default();
    data.id = Some(TaskId::new(task.id));
    data.dump_meta_status = Some(TaskStatus::Processing);
    let mut response = DumpMetaResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.data = Some(data);
    Ok(call.answer(&response))
}
