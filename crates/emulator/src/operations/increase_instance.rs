use axum::body::Body;
use http::Response;
use imagesearch_core::{IncreaseInstanceResponse, StartedIncrease, TaskId, TaskStatus};

use super::{Call, task_page};
use crate::answer::Refusal;
use crate::store::tasks::Job;

/// Starts a batch task, unless one is running.
///
/// Whether bucket and file exist is seen by the task, not by this call; that is assumed.
pub(super) fn run(call: &Call<'_>) -> Result<Response<Body>, Refusal> {
    let job = Job::Increase {
        bucket: call.text("BucketName").unwrap_or_default(),
        path: call.text("Path").unwrap_or_default(),
        callback: call.text("CallbackAddress"),
    };
    let task = task_page::start(call, job, "Console.IncrementStatusError")?;
    let mut data = StartedIncrease::default();
    data.id = Some(TaskId::new(task.id));
    data.increment_status = Some(TaskStatus::Processing);
    let mut response = IncreaseInstanceResponse::default();
    response.request_id = Some(call.request_id.to_owned());
    response.success = Some(true);
    response.data = Some(data);
    Ok(call.answer(&response))
}
