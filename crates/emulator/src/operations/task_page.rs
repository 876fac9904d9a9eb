//! What starting and listing tasks have in common.

use imagesearch_core::{TaskId, TaskStatus, Timestamp, Value};

use super::Call;
use crate::answer::Refusal;
use crate::store::tasks::{Busy, Job, Progress, Task};

/// Starts a task of a call; one of its kind that is running refuses it with a code.
pub(super) fn start(call: &Call<'_>, job: Job, busy_code: &str) -> Result<Task, Refusal> {
    let start = || call.state.tasks.start(&call.instance, job);
    tokio::task::block_in_place(start)?.map_err(|Busy| Refusal::of(busy_code))
}

/// A page of tasks, and where it is among all of them.
pub(super) struct TaskPage {
    pub(super) tasks: Vec<Task>,
    pub(super) number: Option<i32>,
    pub(super) size: Option<i32>,
    pub(super) total: Option<i64>,
}

impl TaskPage {
    /// Takes the page that a call asks for of the tasks that it wants; newest first is assumed.
    pub(super) fn of(call: &Call<'_>, wanted: impl Fn(&Task) -> bool) -> Self {
        let integer = |name: &str| call.parameters.get(name).and_then(Value::as_integer);
        let (number, size) =
            (integer("PageNumber").unwrap_or(1), integer("PageSize").unwrap_or(10));
        let id = integer("Id");
        let count = usize::try_from(size).unwrap_or(0);
        let skip = usize::try_from(number - 1).unwrap_or(0).saturating_mul(count);
        let wanted = |task: &Task| id.is_none_or(|id| id == task.id) && wanted(task);
        let (tasks, total) = call.instance.tasks.page(wanted, skip, count);
        Self {
            tasks,
            number: i32::try_from(number).ok(),
            size: i32::try_from(size).ok(),
            total: i64::try_from(total).ok(),
        }
    }
}

/// The columns that lists of both kinds of tasks have.
pub(super) struct Columns {
    pub(super) id: TaskId,
    pub(super) status: TaskStatus,
    pub(super) code: String,
    pub(super) message: String,
    /// The signed address of the file, once there is one.
    pub(super) url: Option<String>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
}

impl Columns {
    pub(super) fn of(call: &Call<'_>, task: &Task) -> Self {
        let (status, code, message) = task.progress.listed();
        let state = call.state;
        let path = (task.progress == Progress::Succeeded)
            .then(|| state.tasks.results_path(&call.instance, task))
            .flatten();
        let url = path.map(|path| state.oss.sign_url(&state.host, &path, state.clock.now()));
        Self {
            id: TaskId::new(task.id),
            status,
            code: code.to_owned(),
            message: message.to_owned(),
            url,
            created: Timestamp::from_millisecond(task.created),
            modified: Timestamp::from_millisecond(task.modified),
        }
    }
}
