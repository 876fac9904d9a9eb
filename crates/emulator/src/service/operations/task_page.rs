//! Pages of the lists of tasks.

use imagesearch_core::values::TaskId;

use crate::service::outcome::{TaskRow, Tasks};
use crate::service::tasks::TaskRunner;
use crate::store::instance::Instance;
use crate::store::tasks::{Progress, Task};

/// What a list is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Page {
    /// The one task that is wanted, of all of them.
    pub(crate) id: Option<TaskId>,
    /// From 1; the first unless the request says.
    pub(crate) number: Option<i32>,
    /// 10 unless the request says.
    pub(crate) size: Option<i32>,
}

/// Takes the page that is asked for of the tasks that are wanted; newest first is assumed.
pub(crate) fn page(
    tasks: &TaskRunner,
    instance: &Instance,
    asked: Page,
    wanted: impl Fn(&Task) -> bool,
) -> Tasks {
    let (number, size) = (asked.number.unwrap_or(1), asked.size.unwrap_or(10));
    let count = usize::try_from(size).unwrap_or(0);
    let skip = usize::try_from(i64::from(number) - 1).unwrap_or(0).saturating_mul(count);
    let wanted = |task: &Task| asked.id.is_none_or(|id| id.get() == task.id) && wanted(task);
    let (page, total) = instance.tasks.page(wanted, skip, count);
    let row = |task: Task| {
        let has_file = task.progress == Progress::Succeeded;
        let file = has_file.then(|| tasks.results_path(instance, &task)).flatten();
        TaskRow { task, file }
    };
    Tasks { rows: page.into_iter().map(row).collect(), number, size, total }
}
